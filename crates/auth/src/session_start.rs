//! The beginning of a session, for a visitor whom a use case has proven to be the owner of the
//! account.
//!
//! Every session begins here and names its [`WayIn`]. An account with a second factor opens to none
//! that proves less than two factors, whatever the caller thinks it has proven. The owner is told of
//! a browser that is new to the account.

use domain::{Assurance, LogInKeys, Principal, SecurityEvent, Timestamp, User};
use store::{NewSession, SessionEnding, StoreError, WriteTx};

use crate::{
    Client,
    context::Context,
    device::{DeviceCookie, KnownDevice},
    mail::notices,
    remembered_browser::RememberedCookie,
    session::SessionId,
    throttle,
    timeline::{Origin, record},
    ways_in::WayIn,
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
    /// The value of the cookie by which the browser is remembered, if its user wanted that.
    pub remembered: Option<RememberedCookie>,
    /// Whether this log-in, with a factor, has stopped a reset of lost factors.
    pub has_kept_factors: bool,
}

/// A session to be, for a user who has proven enough for it.
pub(crate) struct SessionStart {
    pub(crate) way: WayIn,
    pub(crate) remember: bool,
    pub(crate) device: Option<KnownDevice>,
}

impl Context {
    /// Begins a session of the user, whose row is locked, once `tx` commits. Also whether there is a
    /// mail to the owner. `None` if the way in proves too little for the account.
    pub(crate) async fn begin_session_in(
        &self,
        tx: &WriteTx,
        user: User,
        start: SessionStart,
        client: &Client,
    ) -> Result<Option<(LoggedIn, bool)>, StoreError> {
        let Some(assurance) = start.way.gives() else { return Ok(None) };
        if user.second_factor_since.is_some() {
            if !assurance.has_two_factors() {
                return Ok(None);
            }
            tx.pending_log_ins().delete_of_user(user.id).await?;
        }
        let now = self.clock.now();
        // Who has a factor has not lost it.
        let has_kept_factors = user.factor_reset_at.is_some() && assurance.is_by_factor();
        let user = if has_kept_factors {
            self.stop_factor_reset(tx, &user, Origin::owner(client), now).await?;
            User { factor_reset_at: None, ..user }
        } else {
            user
        };
        let id = SessionId::generate();
        let new = self.new_session(&id, &user, (assurance, start.remember), client, now);
        // Before the new one is there: of two that began at the same moment it could go.
        let beyond = SessionEnding::Beyond(MAX_SESSIONS - 1);
        tx.sessions().delete_of_user(user.id, beyond).await?;
        tx.sessions().insert(&new, now).await?;
        let is_told =
            start.device.is_none() && self.queue_new_device_mail(tx, &user, client, now).await?;
        self.insert_refusals(tx, user.id).await?;
        let origin = Origin::owner(client);
        record(tx, user.id, SecurityEvent::LoggedIn, origin, now).await?;
        let device = self.device_cookie(&user);
        let keys = tx.passkeys().find_log_in_keys(user.id).await?;
        let principal = principal(&user, &new, keys, now);
        let session_id = id;
        let remembered = None;
        let logged_in =
            LoggedIn { user, session_id, principal, device, remembered, has_kept_factors };
        Ok(Some((logged_in, is_told)))
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
        let of = self.notice_of_act(tx, user, now).await?;
        tx.outbox().insert(notices::new_device(&of, user, client, now), now).await?;
        Ok(true)
    }

    fn new_session(
        &self,
        id: &SessionId,
        user: &User,
        (assurance, remember): (Assurance, bool),
        client: &Client,
        now: Timestamp,
    ) -> NewSession {
        let settings = &self.settings.session;
        let lifetime = if remember { settings.remember_lifetime } else { settings.lifetime };
        NewSession {
            key: id.key(),
            user_id: user.id,
            role: user.role.clone(),
            assurance,
            factor_at: assurance.is_by_factor().then_some(now),
            remember,
            expires_at: now + lifetime,
            ip_address: client.address.to_string(),
            user_agent: client.user_agent.clone(),
            session_values: "{}".to_owned(),
        }
    }
}

fn principal(user: &User, session: &NewSession, keys: LogInKeys, now: Timestamp) -> Principal {
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
        assurance: session.assurance,
        factor_at: session.factor_at,
        second_factor_since: user.second_factor_since,
        factor_reset_at: user.factor_reset_at,
        // Unknown here. The next request reads it.
        recovery_codes_left: None,
        keys,
        last_seen_at: now,
        expires_at: session.expires_at,
        session_values: session.session_values.clone(),
        role_when_issued: session.role.clone(),
    }
}
