//! Setting a new password by a mailed link.
//!
//! The answer does not tell whether an address has an account: either way one mail is queued, and
//! nothing is hashed or sent during the request (CVE-2024-45231).

use domain::{EmailAddress, Password, SecurityEvent, Timestamp, Token, TokenPurpose, User, UserId};
use store::{NewMail, NewToken, StoreError, WriteTx};

use crate::{
    Client, Fault,
    address_proof::confirm,
    device::DeviceCookie,
    fault::ending_in_fault,
    mail::messages,
    pace::in_step,
    password::{PasswordHash, PasswordProblem},
    revocation::{RevocationReason, revoke},
    services::Credentials,
    throttle,
    timeline::{Origin, record},
};

const PURPOSE: TokenPurpose = TokenPurpose::ResetPassword;

/// A new password for the owner of a token.
#[derive(Clone, Debug)]
pub struct ResetPassword {
    /// The token of the mailed link.
    pub token: Token,
    /// The new password.
    pub password: Password,
}

/// Why no mail was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestPasswordResetError {
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why the password stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResetPasswordError {
    /// The token is unknown, used, replaced or expired, or its account is disabled.
    #[error("the token is invalid")]
    InvalidToken,
    /// The password is not good enough; the token is still good.
    #[error("the password is refused")]
    Password(PasswordProblem),
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ResetPasswordError);

impl Credentials<'_> {
    /// Queues a mail: a link for the owner of an account, an explanation for every other address
    /// and for a disabled account. The recipient is the owner of the address at that moment. Beyond
    /// the limits no mail is queued, and the answer does not tell.
    pub async fn request_password_reset(
        self,
        email: &EmailAddress,
        client: &Client,
    ) -> Result<(), RequestPasswordResetError> {
        Ok(in_step(self.queue_reset_mail(email, client)).await?)
    }

    async fn queue_reset_mail(self, email: &EmailAddress, client: &Client) -> Result<(), Fault> {
        let now = self.0.clock.now();
        let found = self.0.find_user(email).await?;
        let is_known = found.is_some();
        let is_proven = found.is_some_and(|user| user.confirmed_at.is_some());
        let throttle = &self.0.throttle;
        let [of_domain, in_all] = throttle.unproven(email);
        let buckets = [
            throttle.forgot_of_client(client),
            throttle.forgot_of_address(email),
            // A stranger who uses these up must not keep owners from their links.
            of_domain.filter(|_| !is_proven),
            in_all.filter(|_| !is_known),
        ];
        // Counted and queued in one transaction: two would take longer than one, and past the last
        // count that would tell who has an account (ENU-02). Both cases run the same number of
        // statements.
        let tx = self.0.store.begin().await?;
        if throttle::take(&tx, &buckets, now).await?.is_err() {
            tracing::info!("password reset throttled");
            return Ok(tx.commit().await?);
        }
        throttle::take_none(&tx, of_domain.filter(|_| is_proven)).await?;
        throttle::take_none(&tx, in_all.filter(|_| is_known)).await?;
        // The present owner: the account may have left the address a moment ago (EML-02).
        let owner = tx.users().lock_by_email(email).await?.map(|(owner, _)| owner);
        let mail = if let Some(owner) = &owner {
            let event = SecurityEvent::PasswordResetRequested;
            let mail = self.reset_mail(&tx, owner, now).await?;
            record(&tx, owner.id, event, Origin::anyone(client), now).await?;
            mail
        } else {
            let (nobody, url) = (UserId::generate(), &self.0.mail_site);
            tx.tokens().delete_of_user(nobody).await?;
            tx.security_events().anonymize(nobody).await?;
            let lifetime = self.0.settings.accounts.reset_lifetime;
            messages::no_account(url, email, client.language, lifetime, now)
        };
        tx.outbox().insert(mail, now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        let user_id = owner.map(|owner| owner.id.to_string());
        tracing::info!(user_id, "password reset requested");
        Ok(())
    }

    /// The mail with a link to a new password to the locked owner. A disabled account gets no link,
    /// which would become valid when it is enabled again.
    async fn reset_mail(
        self,
        tx: &WriteTx,
        owner: &User,
        now: Timestamp,
    ) -> Result<NewMail, StoreError> {
        let (url, lifetime) = (&self.0.mail_site, self.0.settings.accounts.reset_lifetime);
        if owner.disabled_at.is_some() {
            tx.tokens().delete_of_user(owner.id).await?;
            return Ok(messages::account_disabled(url, owner, lifetime, now));
        }
        let token = Token::generate();
        tx.tokens().insert(&new_token(&token, owner.id, now + lifetime), now).await?;
        Ok(messages::password_reset(url, owner, &token, lifetime, now))
    }

    /// Whether the token could set a password now. Spends nothing.
    pub async fn check_reset_token(self, token: &Token) -> Result<(), ResetPasswordError> {
        self.find_token_owner(token).await.map(drop)
    }

    /// Sets a new password and spends the token, which proves the address. Every session of the
    /// user ends, every token is void, and a notice is mailed; no one is logged in. The browser
    /// gets a device cookie, so that it can log in however many tries of others are counted. Those
    /// counts stay (RST-09).
    pub async fn reset_password(
        self,
        reset: ResetPassword,
        client: &Client,
    ) -> Result<DeviceCookie, ResetPasswordError> {
        let owner = self.find_token_owner(&reset.token).await?;
        let person = Some((&owner.email, &owner.name));
        let judged = self.0.judge.judge(&reset.password, person).await.map_err(Fault::from)?;
        judged.map_err(ResetPasswordError::Password)?;
        let hash = self.0.hash_for_account(&reset.password, &owner.email).await?;
        let spent = self.spend(&reset.token, &owner, &hash, client).await?;
        let owner = spent.ok_or(ResetPasswordError::InvalidToken)?;
        self.0.outbox.wake();
        tracing::info!(user_id = %owner.id, "password reset");
        Ok(self.0.device_cookie(&owner))
    }

    async fn find_token_owner(self, token: &Token) -> Result<User, ResetPasswordError> {
        let (hash, now) = (token.hash(PURPOSE), self.0.clock.now());
        let store = &self.0.store;
        let owner = store.tokens().find_owner(&hash, now).await?;
        let owner = owner.ok_or(ResetPasswordError::InvalidToken)?;
        let user = store.users().find(owner).await?;
        user.filter(|user| user.disabled_at.is_none()).ok_or(ResetPasswordError::InvalidToken)
    }

    /// One transaction: of many uses of a token at once one succeeds, and none half. The
    /// owner as of then, with the new generation of known devices.
    async fn spend(
        self,
        token: &Token,
        owner: &User,
        hash: &PasswordHash,
        client: &Client,
    ) -> Result<Option<User>, Fault> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let Some(owner) = tx.users().lock_enabled(owner.id).await? else { return Ok(None) };
        if tx.tokens().spend(&token.hash(PURPOSE), now).await? != Some(owner.id) {
            return Ok(None);
        }
        let origin = Origin::owner(client);
        confirm(&tx, owner.id, origin, now).await?;
        replace_password(&tx, owner.id, hash).await?;
        record(&tx, owner.id, SecurityEvent::PasswordReset, origin, now).await?;
        // The token came by mail, so the address is proven from here on.
        let owner = User { confirmed_at: owner.confirmed_at.or(Some(now)), ..owner };
        self.0.queue_password_notice(&tx, &owner, now).await?;
        tx.commit().await?;
        let device_generation = owner.device_generation + 1;
        Ok(Some(User { device_generation, ..owner }))
    }
}

/// Sets the hash and leaves nothing of what came with the old password that opens the
/// account ([`RevocationReason::PasswordReplaced`]). Tries that are counted stay counted: a count that
/// is gone would tell a stranger who guesses that the owner has come.
pub(crate) async fn replace_password(
    tx: &WriteTx,
    owner: UserId,
    hash: &PasswordHash,
) -> Result<(), StoreError> {
    tx.users().set_password_hash(owner, hash.as_str()).await?;
    revoke(tx, owner, RevocationReason::PasswordReplaced).await
}

pub(crate) fn new_token(token: &Token, user_id: UserId, expires_at: Timestamp) -> NewToken {
    NewToken { hash: token.hash(PURPOSE), user_id, purpose: PURPOSE, expires_at }
}
