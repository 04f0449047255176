//! The sessions of an account as its owner sees them, and ending those that are not
//! theirs or no longer wanted.
//!
//! A session is named by a value that tells neither its id nor the hash of the id, and that is
//! valid for its own user only.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Principal, SecurityEvent, SessionKey, Timestamp, UserAgent};
use store::{OpenSession, SessionEnding, StoreError, WriteTx};

use crate::{
    Client, Fault,
    context::Context,
    fault::ending_in_fault,
    services::Sessions,
    timeline::{Origin, record},
};

/// A session of an account.
#[derive(Clone, Debug)]
pub struct ListedSession {
    /// Its name until it gets another id.
    pub name: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// The device that its browser names.
    pub device: UserAgent,
    /// Where it was made from.
    pub ip_address: String,
    /// When it was made.
    pub logged_in_at: Timestamp,
    /// When it was last in use, to a minute or so.
    pub last_seen_at: Timestamp,
}

/// Which session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedSession {
    /// The one that asked.
    Own,
    /// Another.
    Other,
}

/// Why no session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndSessionError {
    /// The user has no such session, or not any more.
    #[error("there is no such session")]
    NoSuchSession,
    /// The session that asks was ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(EndSessionError);

/// Why the other sessions go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndOtherSessionsError {
    /// The session that asks was ended meanwhile: of two that end each other, one stays.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(EndOtherSessionsError);

impl Sessions<'_> {
    /// The sessions of the principal's own account that are alive, the newest first.
    pub async fn list_sessions(self, principal: &Principal) -> Result<Vec<ListedSession>, Fault> {
        let now = self.0.clock.now();
        let found = self.0.store.sessions().list(principal.user_id).await?;
        let listed = found.into_iter().map(|session| self.listed(session, principal, now));
        let is_alive = |(session, expires_at): &(ListedSession, Timestamp)| {
            session.is_current || (now < *expires_at && !self.is_idle(session.last_seen_at, now))
        };
        Ok(listed.filter(is_alive).map(|(session, _)| session).collect())
    }

    /// Ends the session of that name, if it is the principal's.
    pub async fn end_session(
        self,
        principal: &Principal,
        name: &str,
        client: &Client,
    ) -> Result<EndedSession, EndSessionError> {
        let tx = self.0.store.begin().await?;
        let open = self.0.lock_sessions(&tx, principal).await?;
        let open = open.ok_or(EndSessionError::SessionEnded)?;
        let named = open.into_iter().find(|session| self.is_name_of(name, &session.key));
        let key = named.ok_or(EndSessionError::NoSuchSession)?.key;
        let end = async {
            tx.sessions().delete(&key).await?;
            self.record_end(&tx, principal, SecurityEvent::SessionEnded, client).await?;
            tx.commit().await
        };
        end.await?;
        tracing::info!(user_id = %principal.user_id, "session ended");
        let is_own = key == principal.session_key;
        Ok(if is_own { EndedSession::Own } else { EndedSession::Other })
    }

    /// Ends every session of the principal but the one that asks.
    pub async fn end_other_sessions(
        self,
        principal: &Principal,
        client: &Client,
    ) -> Result<(), EndOtherSessionsError> {
        let tx = self.0.store.begin().await?;
        let open = self.0.lock_sessions(&tx, principal).await?;
        open.ok_or(EndOtherSessionsError::SessionEnded)?;
        let end = async {
            let others = SessionEnding::AllBut(principal.session_key);
            let ended = tx.sessions().delete_of_user(principal.user_id, others).await?;
            if ended > 0 {
                let event = SecurityEvent::OtherSessionsEnded;
                self.record_end(&tx, principal, event, client).await?;
            }
            tx.commit().await.map(|()| ended)
        };
        let ended = end.await?;
        tracing::info!(user_id = %principal.user_id, ended, "other sessions ended");
        Ok(())
    }

    async fn record_end(
        self,
        tx: &WriteTx,
        principal: &Principal,
        event: SecurityEvent,
        client: &Client,
    ) -> Result<(), StoreError> {
        let (origin, now) = (Origin::owner(client), self.0.clock.now());
        record(tx, principal.user_id, event, origin, now).await
    }

    fn listed(
        self,
        session: OpenSession,
        principal: &Principal,
        now: Timestamp,
    ) -> (ListedSession, Timestamp) {
        let is_current = session.key == principal.session_key;
        let last_seen_at = self.0.last_seen_at(&session.key, session.last_seen_at);
        let listed = ListedSession {
            name: BASE64_URL_SAFE_NO_PAD.encode(self.0.session_key.sign(&[session.key.as_bytes()])),
            is_current,
            device: UserAgent::parse(&session.user_agent),
            ip_address: session.ip_address,
            logged_in_at: session.created_at,
            last_seen_at: if is_current { now } else { last_seen_at },
        };
        (listed, session.expires_at)
    }

    fn is_name_of(self, name: &str, key: &SessionKey) -> bool {
        let signature = BASE64_URL_SAFE_NO_PAD.decode(name);
        signature.is_ok_and(|signature| self.0.session_key.verify(&[key.as_bytes()], &signature))
    }
}

impl Context {
    /// The sessions of the principal, to which none is added before `tx` ends; `None`
    /// when the one that asks is not among them any more.
    pub(crate) async fn lock_sessions(
        &self,
        tx: &WriteTx,
        principal: &Principal,
    ) -> Result<Option<Vec<OpenSession>>, StoreError> {
        tx.users().lock(principal.user_id).await?;
        let open = tx.sessions().list(principal.user_id).await?;
        let is_open = open.iter().any(|session| session.key == principal.session_key);
        Ok(is_open.then_some(open))
    }
}
