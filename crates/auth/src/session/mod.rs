//! Sessions: finding the one a request came in, and ending it.
//!
//! A session begins with a log-in ([`crate::LogIn`]) and in no other way: an
//! unknown id is never adopted (session fixation), and a write never revives what
//! was ended. The life time is a column, not a guess of the library.

mod last_seen;
mod last_seen_notes;
mod list;
mod values;

use std::sync::Arc;

use domain::{Principal, SecurityEvent, SessionKey, Timestamp, random};
use store::{Freshness, StoreError, WriteTx};
use tower_sessions::{Session, session::Id};

pub(crate) use last_seen_notes::LastSeen;
pub use list::{EndOtherSessionsError, EndSessionError, EndedSession, ListedSession};
use values::SessionValues;

use crate::{
    Client, Fault,
    context::Context,
    services::Sessions,
    timeline::{Origin, record},
};

/// A session that a request came in.
#[derive(Clone, Debug)]
pub struct FoundSession {
    /// The principal.
    pub principal: Arc<Principal>,
    /// The id that the browser has to use from now on, when it got a new one.
    pub renewed_id: Option<SessionId>,
}

/// A session that goes on under a new id, because its user has proven or become
/// something (ASVS 7.2.4).
#[derive(Clone, Debug)]
pub struct RenewedSession {
    /// The principal.
    pub principal: Principal,
    /// The new value of the session cookie.
    pub id: SessionId,
}

/// The secret in a session cookie: 128 random bits as 22 URL-safe characters.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    pub(crate) fn generate() -> Self {
        Self(Id(i128::from_le_bytes(random::bytes())).to_string())
    }

    /// The id, for the cookie alone.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn key(&self) -> SessionKey {
        SessionKey::of(&self.0)
    }
}

impl std::fmt::Debug for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// The origin of a request, which decides whether the session counts as used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityKind {
    /// The visitor, which keeps the session from ending for want of use.
    Visitor,
    /// A script of an open page, which is no activity of the user.
    Page,
}

impl Sessions<'_> {
    /// Finds the session of the cookie value `id`, unless it ended or expired.
    ///
    /// A session gets a new id after its user's role changed (ASVS 7.2.4).
    pub async fn find_session(
        self,
        id: &str,
        freshness: Freshness,
        activity: ActivityKind,
    ) -> Result<Option<FoundSession>, Fault> {
        let key = SessionKey::of(id);
        let found = self.0.store.sessions().find_principal(&key, freshness).await?;
        let now = self.0.clock.now();
        let Some(principal) = found.filter(|principal| self.is_alive(principal, now)) else {
            return Ok(None);
        };
        if activity == ActivityKind::Visitor
            && now - principal.last_seen_at >= self.last_seen_precision()
        {
            self.0.last_seen.note(key, now);
        }
        if principal.role == principal.role_when_issued {
            return Ok(Some(FoundSession { principal, renewed_id: None }));
        }
        // Boxed, since it is rare and large, and the future of every request holds it.
        Box::pin(self.renew(principal)).await.map(Some)
    }

    /// Finds the principal of the session of the cookie value `id` if it expired not long ago. Its
    /// only use is to save a submission for the principal.
    pub async fn find_expired_session(self, id: &str) -> Result<Option<Arc<Principal>>, Fault> {
        let key = SessionKey::of(id);
        let found = self.0.store.sessions().find_principal(&key, Freshness::Fresh).await?;
        let now = self.0.clock.now();
        Ok(found.filter(|principal| !self.is_alive(principal, now)))
    }

    /// The principal as the database knows it now, `None` if its session has ended.
    pub async fn refresh(self, principal: &Principal) -> Result<Option<Arc<Principal>>, Fault> {
        let sessions = self.0.store.sessions();
        let found = sessions.find_principal(&principal.session_key, Freshness::Fresh).await?;
        let now = self.0.clock.now();
        Ok(found.filter(|principal| self.is_alive(principal, now)))
    }

    /// The values that the principal's session keeps between requests, loaded and saved on use.
    pub fn session_values(self, principal: &Principal) -> Session {
        SessionValues::open(self.0.store.clone(), principal)
    }

    /// Ends a session; ending one that has ended is no error.
    pub async fn log_out(self, principal: &Principal, client: &Client) -> Result<(), Fault> {
        let tx = self.0.store.begin().await?;
        if tx.sessions().delete(&principal.session_key).await? {
            let (event, now) = (SecurityEvent::LoggedOut, self.0.clock.now());
            record(&tx, principal.user_id, event, Origin::owner(client), now).await?;
        }
        tx.commit().await?;
        tracing::info!(user_id = %principal.user_id, "logged out");
        Ok(())
    }

    fn is_alive(self, principal: &Principal, now: Timestamp) -> bool {
        let last_seen_at = self.0.last_seen_at(&principal.session_key, principal.last_seen_at);
        now < principal.expires_at && !self.is_idle(last_seen_at, now)
    }

    fn is_idle(self, last_seen_at: Timestamp, now: Timestamp) -> bool {
        let idle_timeout = self.0.settings.session.idle_timeout;
        idle_timeout.is_some_and(|timeout| now - last_seen_at >= timeout)
    }

    /// Of several requests at once one renews the id; the others go on as they are.
    async fn renew(self, principal: Arc<Principal>) -> Result<FoundSession, Fault> {
        let tx = self.0.store.begin().await?;
        let renewed = self.0.renew_session(&tx, &principal).await?;
        tx.commit().await?;
        Ok(match renewed {
            Some(RenewedSession { principal, id }) => {
                FoundSession { principal: Arc::new(principal), renewed_id: Some(id) }
            }
            None => FoundSession { principal, renewed_id: None },
        })
    }
}

impl Context {
    /// When the session was last in use, written down or only noted.
    pub(crate) fn last_seen_at(&self, key: &SessionKey, written: Timestamp) -> Timestamp {
        self.last_seen.find(key).unwrap_or_default().max(written)
    }

    /// The principal's session under a new id, once `tx` commits; `None` when it has
    /// ended or another request was first.
    pub(crate) async fn renew_session(
        &self,
        tx: &WriteTx,
        principal: &Principal,
    ) -> Result<Option<RenewedSession>, StoreError> {
        let id = SessionId::generate();
        let old = &principal.session_key;
        if !tx.sessions().renew(old, &id.key(), principal.role.clone()).await? {
            return Ok(None);
        }
        // The note of its last use was made under the old id.
        self.last_seen.note(id.key(), self.clock.now());
        let principal = Principal {
            session_key: id.key(),
            role_when_issued: principal.role.clone(),
            ..Principal::clone(principal)
        };
        Ok(Some(RenewedSession { principal, id }))
    }
}
