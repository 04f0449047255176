//! Setting a new password by a mailed link.
//!
//! The answer does not tell whether an address has an account: either way a request is queued, and
//! nothing is looked up, hashed or sent before the answer (CVE-2024-45231).

use domain::{EmailAddress, Password, SecurityEvent, Timestamp, Token, TokenPurpose, User, UserId};
use store::{ClaimedMail, NewMail, NewToken, StoreError, WriteTx};

use crate::{
    Client, Fault,
    address_proof::confirm,
    context::Context,
    device::DeviceCookie,
    fault::ending_in_fault,
    mail::{Envelope, messages},
    mail_requests::{Purpose, Visitor},
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

/// A password that was reset.
#[derive(Clone, Debug)]
pub struct PasswordReset {
    /// The new value of the device cookie.
    pub device: DeviceCookie,
    /// The address of the account.
    pub email: EmailAddress,
    /// Whether the log-in will ask for a second factor, which the reset has kept.
    pub has_second_factor: bool,
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

ending_in_fault!(RequestPasswordResetError);
ending_in_fault!(ResetPasswordError);

impl Credentials<'_> {
    /// Queues the request for a mail, which is written afterwards: a link for the owner of the
    /// account, an explanation for every other address and for a disabled account. The recipient is
    /// the owner of the address at that moment. Beyond the limits no mail is queued, and the answer
    /// does not tell.
    pub async fn request_password_reset(
        self,
        email: &EmailAddress,
        client: &Client,
    ) -> Result<(), RequestPasswordResetError> {
        let (throttle, now) = (&self.0.throttle, self.0.clock.now());
        let buckets = [throttle.forgot_of_client(client), throttle.forgot_of_address(email)];
        let tx = self.0.store.begin().await?;
        if throttle::take(&tx, &buckets, now).await?.is_err() {
            tracing::info!("password reset throttled");
            return Ok(tx.commit().await?);
        }
        let purpose = Purpose::PasswordReset(Visitor::of(client));
        let of = self.0.envelope(self.0.settings.accounts.reset_lifetime, now);
        self.0.queue_request(&tx, &purpose, (None, email, client), &of, now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        Ok(())
    }

    /// Returns the address of the account for which the token could set a password now. Spends
    /// nothing.
    pub async fn check_reset_token(
        self,
        token: &Token,
    ) -> Result<EmailAddress, ResetPasswordError> {
        self.find_token_owner(token).await.map(|owner| owner.email)
    }

    /// Sets a new password and spends the token, which proves the address. Every session of the
    /// user ends, every token is void, and a notice is mailed; no one is logged in, and second
    /// factors stay (OWASP ASVS 5.0, 6.4.3). The browser
    /// gets a device cookie, so that it can log in however many tries of others are counted. Those
    /// counts stay (RST-09).
    pub async fn reset_password(
        self,
        reset: ResetPassword,
        client: &Client,
    ) -> Result<PasswordReset, ResetPasswordError> {
        let owner = self.find_token_owner(&reset.token).await?;
        let person = Some((&owner.email, &owner.name));
        let judged = self.0.judge.judge(&reset.password, person).await.map_err(Fault::from)?;
        judged.map_err(ResetPasswordError::Password)?;
        let hash = self.0.hasher.hash(&reset.password).await.map_err(Fault::from)?;
        let spent = self.spend(&reset.token, &owner, &hash, client).await?;
        let owner = spent.ok_or(ResetPasswordError::InvalidToken)?;
        self.0.outbox.wake();
        tracing::info!(user_id = %owner.id, "password reset");
        let has_second_factor = owner.second_factor_since.is_some();
        let device = self.0.device_cookie(&owner);
        Ok(PasswordReset { device, email: owner.email, has_second_factor })
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

impl Context {
    /// The mail that `client` asked for at `request.created_at`; none if that address gets no more
    /// mails. A disabled account gets no link, which would become valid when it is enabled again.
    pub(crate) async fn write_reset_mail(
        &self,
        tx: &WriteTx,
        request: &ClaimedMail,
        client: &Client,
        now: Timestamp,
    ) -> Result<Option<NewMail>, StoreError> {
        let (email, asked_at) = (&request.to, request.created_at);
        let lifetime = self.settings.accounts.reset_lifetime;
        let of = Envelope::new(&self.mail_site, request.id, lifetime, asked_at);
        let owner = tx.users().lock_by_email(email).await?.map(|(owner, _)| owner);
        let is_proven = owner.as_ref().is_some_and(|owner| owner.confirmed_at.is_some());
        let [of_domain, in_all] = self.throttle.unproven(email);
        // A stranger who uses these up must not keep owners from their links.
        let buckets = [of_domain.filter(|_| !is_proven), in_all.filter(|_| owner.is_none())];
        if throttle::take(tx, &buckets, now).await?.is_err() {
            tracing::info!(mail_id = %request.id, "password reset throttled");
            return Ok(None);
        }
        let user_id = owner.as_ref().map(|owner| owner.id.to_string());
        tracing::info!(user_id, request_id = client.request_id, "password reset requested");
        let Some(owner) = owner else {
            let signup = self.settings.accounts.signup;
            return Ok(Some(messages::no_account(&of, email, request.language, signup)));
        };
        let event = SecurityEvent::PasswordResetRequested;
        record(tx, owner.id, event, Origin::anyone(client), asked_at).await?;
        if owner.disabled_at.is_some() {
            return Ok(Some(messages::account_disabled(&of, &owner)));
        }
        self.insert_reset_token(tx, owner.id, &of, now).await?;
        Ok(Some(messages::password_reset(&of, &owner)))
    }

    /// The mail with a link to a new password to the locked owner, whose account is not disabled.
    pub(crate) async fn reset_mail(
        &self,
        tx: &WriteTx,
        owner: &User,
        now: Timestamp,
    ) -> Result<NewMail, StoreError> {
        let of = self.envelope(self.settings.accounts.reset_lifetime, now);
        self.insert_reset_token(tx, owner.id, &of, now).await?;
        Ok(messages::password_reset(&of, owner))
    }

    /// Stores the token of the link with which the user sets a password. It replaces an older one.
    pub(crate) async fn insert_reset_token(
        &self,
        tx: &WriteTx,
        user_id: UserId,
        of: &Envelope<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let token = self.link_key.token(of.id);
        tx.tokens().insert(&new_token(&token, user_id, of.expires_at), now).await
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
