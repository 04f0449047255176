//! The beginning of a session, for a visitor whom a use case has proven to be the owner of the
//! account.
//!
//! The owner is told of a browser that is new to the account.

use domain::{Principal, SecurityEvent, Timestamp, User};
use store::{NewSession, SessionEnding, StoreError, WriteTx};

use crate::{
    Client, Fault,
    context::Context,
    credentials::Proven,
    device::{DeviceCookie, KnownDevice},
    mail::notices,
    session::SessionId,
    throttle,
    timeline::{Origin, record},
};

/// Most sessions a user has at a time; a further log-in ends the oldest.
const MAX_SESSIONS: u32 = 20;

/// A log-in that succeeded.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// The user.
    pub user: User,
    /// The new value of the session cookie.
    pub session_id: SessionId,
    /// The principal of the session.
    pub principal: Principal,
    /// The new value of the device cookie.
    pub device: DeviceCookie,
}

impl Context {
    /// Begins a session of the proven owner, which takes nothing over from an earlier one. `None` if
    /// the password has changed since it was checked.
    pub(crate) async fn begin_session(
        &self,
        proven: Proven,
        remember: bool,
        device: Option<KnownDevice>,
        client: &Client,
    ) -> Result<Option<LoggedIn>, Fault> {
        let tx = self.store.begin().await?;
        let begun = self.begin_session_in(&tx, proven, remember, device, client).await?;
        let Some((logged_in, is_told)) = begun else { return Ok(None) };
        tx.commit().await?;
        if is_told {
            self.outbox.wake();
        }
        Ok(Some(logged_in))
    }

    /// The same within a transaction of the caller. Also whether there is a mail to the owner.
    pub(crate) async fn begin_session_in(
        &self,
        tx: &WriteTx,
        proven: Proven,
        remember: bool,
        device: Option<KnownDevice>,
        client: &Client,
    ) -> Result<Option<(LoggedIn, bool)>, StoreError> {
        let Proven { user, hash } = proven;
        let now = self.clock.now();
        let id = SessionId::generate();
        let new = self.new_session(&id, &user, remember, client, now);
        // If the hash has changed since the check, the given password is no longer right.
        let current = tx.users().lock_password_hash(user.id).await?;
        if current.as_deref() != Some(hash.as_str()) {
            return Ok(None);
        }
        // Before the new one is there: of two that began at the same moment it could go.
        let beyond = SessionEnding::Beyond(MAX_SESSIONS - 1);
        tx.sessions().delete_of_user(user.id, beyond).await?;
        tx.sessions().insert(&new, now).await?;
        let is_told =
            device.is_none() && self.queue_new_device_mail(tx, &user, client, now).await?;
        self.insert_refusals(tx, user.id).await?;
        let origin = Origin::owner(client);
        record(tx, user.id, SecurityEvent::LoggedIn, origin, now).await?;
        let device = self.device_cookie(&user);
        let principal = principal(&user, &new, now);
        Ok(Some((LoggedIn { principal, session_id: id, user, device }, is_told)))
    }

    /// Tells the owner, unless it is the first log-in of all: every browser is unknown
    /// then. Beyond the limit the owner has been told often enough. Whether there is a
    /// mail.
    async fn queue_new_device_mail(
        &self,
        tx: &WriteTx,
        user: &User,
        client: &Client,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if !tx.users().has_logged_in(user.id).await? {
            return Ok(false);
        }
        let bucket = self.throttle.new_device_of_account(&user.email);
        if throttle::take(tx, &[bucket], now).await?.is_err() {
            tracing::info!(user_id = %user.id, "mail about an unknown browser throttled");
            return Ok(false);
        }
        let of = self.notice_with_link(tx, user, now).await?;
        tx.outbox().insert(notices::new_device(&of, user, client, now), now).await?;
        Ok(true)
    }

    fn new_session(
        &self,
        id: &SessionId,
        user: &User,
        remember: bool,
        client: &Client,
        now: Timestamp,
    ) -> NewSession {
        let settings = &self.settings.session;
        let lifetime = if remember { settings.remember_lifetime } else { settings.lifetime };
        NewSession {
            key: id.key(),
            user_id: user.id,
            role: user.role.clone(),
            remember,
            expires_at: now + lifetime,
            ip_address: client.address.to_string(),
            user_agent: client.user_agent.clone(),
            session_values: "{}".to_owned(),
        }
    }
}

fn principal(user: &User, session: &NewSession, now: Timestamp) -> Principal {
    Principal {
        user_id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        is_confirmed: user.confirmed_at.is_some(),
        joined_at: user.created_at,
        role: user.role.clone(),
        delete_after: user.delete_after,
        session_key: session.key,
        remember: session.remember,
        logged_in_at: now,
        authenticated_at: now,
        last_seen_at: now,
        expires_at: session.expires_at,
        session_values: session.session_values.clone(),
        role_when_issued: session.role.clone(),
    }
}
