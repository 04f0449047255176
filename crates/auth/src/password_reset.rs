//! Resetting a password by a mailed link.
//!
//! The response does not reveal whether an address has an account. Every request is queued in the
//! same way; the account is looked up and the mail is written after the response (CVE-2024-45231).

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

/// The command: set a new password for the owner of the token.
#[derive(Clone, Debug)]
pub struct ResetPassword {
    /// The token of the mailed link.
    pub token: Token,
    /// The new password.
    pub password: Password,
}

/// The result of a password reset.
#[derive(Clone, Debug)]
pub struct PasswordReset {
    /// The new value of the device cookie.
    pub device: DeviceCookie,
    /// The address of the account.
    pub email: EmailAddress,
    /// Whether the next log-in asks for a second factor, which a reset does not remove.
    pub has_second_factor: bool,
}

/// The reason why no mail was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestPasswordResetError {
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The reason why the password was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResetPasswordError {
    /// The token is unknown, used, replaced or expired, or its account is disabled.
    #[error("the token is invalid")]
    InvalidToken,
    /// The password does not satisfy the policy. The token stays valid.
    #[error("the password is refused")]
    Password(PasswordProblem),
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(RequestPasswordResetError);
ending_in_fault!(ResetPasswordError);

impl Credentials<'_> {
    /// Queues a request for a mail, which the outbox writes later. The owner of the account gets a
    /// link; any other address and the owner of a disabled account get an explanation. The account
    /// is the one that has the address when the mail is written. Over a limit, no mail is queued
    /// and the result is the same.
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

    /// Returns the address of the account whose password the token can reset, without spending it.
    pub async fn check_reset_token(
        self,
        token: &Token,
    ) -> Result<EmailAddress, ResetPasswordError> {
        self.find_token_owner(token).await.map(|owner| owner.email)
    }

    /// Sets a new password, spends the token and confirms the address. Ends every session of the
    /// user, revokes every token and mails a notice. Does not log the visitor in, and keeps the
    /// second factors (OWASP ASVS 5.0, 6.4.3). The browser gets a device cookie, so that it can log
    /// in even if others have used up the tries for the account; those counts stay (RST-09).
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

    /// Spends the token and replaces the password in one transaction, so that only one of several
    /// simultaneous uses succeeds. Returns the owner with the new device generation, or `None` if
    /// the token is no longer valid.
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
        // The token was mailed to the address, so using it confirms the address.
        let owner = User { confirmed_at: owner.confirmed_at.or(Some(now)), ..owner };
        let of = self.0.notice_with_link(&tx, &owner, now).await?;
        self.0.queue_password_notice(&tx, &owner, &of, now).await?;
        tx.commit().await?;
        let device_generation = owner.device_generation + 1;
        Ok(Some(User { device_generation, ..owner }))
    }
}

impl Context {
    /// Returns the mail that `client` requested at `request.created_at`, or `None` if the address
    /// has reached a limit. A disabled account gets no link, because the link would become valid
    /// when the account is enabled again.
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
        // Strangers may use up these limits, so an address with an account is exempt from the
        // total, and a confirmed one also from the limit of its domain.
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

    /// Returns the mail with a reset link for the locked owner, whose account is not disabled.
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

    /// Stores the token of a reset link for the user. It replaces an older one.
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

/// Sets the hash and revokes sessions and links as [`RevocationReason::PasswordReplaced`] demands.
/// Keeps the counts of failed tries: clearing them would reveal to a person who guesses passwords
/// that the owner has reset the password.
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
