//! Accounts without a password: removing it, and setting one again.
//!
//! Only an account that asks for a second factor can go without, and only if it can be opened after
//! the loss of one authenticator: by another passkey, or by a mailed link to a new password and a
//! recovery code. A log-in with a password then is one with a wrong password, to everyone who asks.

use domain::{Password, Principal, SecurityEvent, User, UserId};
use store::{StoreError, WriteTx};

use crate::{
    Client, Fault,
    context::Context,
    fault::ending_in_fault,
    mail::FactorNews,
    password::{PasswordHash, PasswordProblem},
    password_change::PasswordChanged,
    revocation::{RevocationReason, revoke},
    services::Credentials,
    timeline::{Origin, record},
};

/// Why the account keeps its password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemovePasswordError {
    /// The account could be lost with one authenticator.
    #[error("the password is the last way in")]
    LastWayIn,
    /// The session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why the account got no password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetPasswordError {
    /// The account has a password, which is changed with knowledge of it.
    #[error("there is a password")]
    HasPassword,
    /// The password does not satisfy the policy.
    #[error("the password is refused")]
    Password(PasswordProblem),
    /// The session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(RemovePasswordError);
ending_in_fault!(SetPasswordError);

impl Credentials<'_> {
    /// Removes the password. Every other session ends, this one goes on under a new id, and the
    /// owner is told.
    pub async fn remove_password(
        self,
        principal: &Principal,
        client: &Client,
    ) -> Result<PasswordChanged, RemovePasswordError> {
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(principal.user_id).await?;
        let user = user.ok_or(RemovePasswordError::SessionEnded)?;
        if user.second_factor_since.is_none() || !can_go_without_password(&tx, user.id).await? {
            return Err(RemovePasswordError::LastWayIn);
        }
        let change = (PasswordHash::unusable(), SecurityEvent::PasswordRemoved);
        let changed = self.replace(&tx, (principal, &user), change, client).await?;
        let changed = changed.ok_or(RemovePasswordError::SessionEnded)?;
        self.0.queue_factor_notice(&tx, &user, FactorNews::PasswordRemoved).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "password removed");
        Ok(changed)
    }

    /// Sets a password for an account that has none. Every other session ends, this one goes on
    /// under a new id, and the owner is told.
    pub async fn set_password_anew(
        self,
        principal: &Principal,
        new: &Password,
        client: &Client,
    ) -> Result<PasswordChanged, SetPasswordError> {
        let owner = Some((&principal.email, &principal.name));
        let judged = self.0.judge.judge(new, owner).await.map_err(Fault::from)?;
        judged.map_err(SetPasswordError::Password)?;
        let hash = self.0.hasher.hash(new).await.map_err(Fault::from)?;
        let tx = self.0.store.begin().await?;
        let current = tx.users().lock_credentials(principal.user_id).await?;
        let (user, current) = current.ok_or(SetPasswordError::SessionEnded)?;
        if !PasswordHash::from_stored(current).is_unusable() {
            return Err(SetPasswordError::HasPassword);
        }
        let change = (hash, SecurityEvent::PasswordChanged);
        let changed = self.replace(&tx, (principal, &user), change, client).await?;
        let changed = changed.ok_or(SetPasswordError::SessionEnded)?;
        let now = self.0.clock.now();
        let of = self.0.notice_of_act(&tx, &user, now).await?;
        self.0.queue_password_notice(&tx, &user, &of, now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "password set by an account without one");
        Ok(changed)
    }

    /// Replaces the hash of the locked user. `None` if the session has ended.
    async fn replace(
        self,
        tx: &WriteTx,
        (principal, user): (&Principal, &User),
        (hash, event): (PasswordHash, SecurityEvent),
        client: &Client,
    ) -> Result<Option<PasswordChanged>, StoreError> {
        let Some(mut session) = self.0.renew_session(tx, principal).await? else {
            return Ok(None);
        };
        session.principal.keys.has_password = !hash.is_unusable();
        tx.users().set_password_hash(user.id, hash.as_str()).await?;
        let reason = RevocationReason::PasswordChanged(session.principal.session_key);
        revoke(tx, user.id, reason).await?;
        record(tx, user.id, event, Origin::owner(client), self.0.clock.now()).await?;
        let device_generation = user.device_generation + 1;
        let device = self.0.device_cookie(&User { device_generation, ..user.clone() });
        Ok(Some(PasswordChanged { session, device }))
    }
}

impl Context {
    /// Whether the account still has a way in that outlives the loss of one authenticator, for an
    /// account that just lost a passkey.
    pub(crate) async fn keeps_a_way_in(
        &self,
        tx: &WriteTx,
        user_id: UserId,
    ) -> Result<bool, StoreError> {
        let keys = tx.passkeys().find_log_in_keys(user_id).await?;
        Ok(keys.has_password || can_go_without_password(tx, user_id).await?)
    }
}

/// Whether the account can be opened without a password after the loss of one authenticator: it has
/// two passkeys that the log-in page finds, or one and a recovery code.
async fn can_go_without_password(tx: &WriteTx, user_id: UserId) -> Result<bool, StoreError> {
    let passkeys = tx.passkeys().list(user_id).await?.into_iter();
    let found = passkeys.filter(|stored| stored.passkey.is_discoverable != Some(false)).count();
    let codes = tx.recovery_codes().list(user_id).await?;
    let has_code = codes.iter().any(|code| code.used_at.is_none());
    Ok(found >= 2 || (found == 1 && has_code))
}
