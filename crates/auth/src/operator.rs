//! The facts about an account, for admins and for the operator.

use domain::{EmailAddress, LogInKeys, Timestamp, User, UserId};
use store::{EventPage, LimitState, ListedFactor, OpenSession, RecoveryCodeState, UserMail};

use crate::{Fault, services::Administration, throttle::AccountCount};

/// Events that are shown.
const LATEST_EVENTS: u64 = 20;
/// Mails that are shown.
const LATEST_MAILS: u64 = 20;

/// The facts about an account.
#[derive(Clone, Debug)]
pub struct AccountReport {
    /// The account.
    pub user: User,
    /// The ways in which its owner can log in.
    pub keys: LogInKeys,
    /// Its second factors, by kind and age.
    pub factors: Vec<ListedFactor>,
    /// Its recovery codes, used ones included.
    pub recovery_codes: Vec<RecoveryCodeState>,
    /// Its sessions, the newest first.
    pub sessions: Vec<OpenSession>,
    /// The limits that are used up at least partly.
    pub limits: Vec<AccountLimit>,
    /// When the operator last cleared them.
    pub limits_cleared_at: Option<Timestamp>,
    /// The latest mails to it, the newest first.
    pub mails: Vec<UserMail>,
    /// The latest events, the newest first.
    pub events: EventPage,
}

/// A limit with at least one counted try.
#[derive(Clone, Copy, Debug)]
pub struct AccountLimit {
    /// The setting, of the section `limits`.
    pub name: &'static str,
    /// How many tries it allows at once.
    pub count: u32,
    /// The tries that are left, and when all are available again.
    pub state: LimitState,
}

impl Administration<'_> {
    /// Reports the facts about the account with this id.
    pub async fn report_by_id(self, user_id: UserId) -> Result<Option<AccountReport>, Fault> {
        match self.0.store.users().find(user_id).await? {
            Some(user) => self.report(&user.email).await,
            None => Ok(None),
        }
    }

    /// Reports the facts about the account with this address.
    pub async fn report(self, email: &EmailAddress) -> Result<Option<AccountReport>, Fault> {
        let store = &self.0.store;
        let Some((user, _)) = store.users().find_by_email(email).await? else { return Ok(None) };
        let keys = store.passkeys().find_log_in_keys(user.id).await?;
        let now = self.0.clock.now();
        let mut limits = Vec::new();
        for (name, counted) in self.0.throttle.of_account(&user) {
            let Some(AccountCount { key, limit }) = counted else { continue };
            let state = store.find_limit(&key, limit, now).await?;
            if state.left < limit.count {
                limits.push(AccountLimit { name, count: limit.count, state });
            }
        }
        Ok(Some(AccountReport {
            keys,
            factors: store.factors().list(user.id).await?,
            recovery_codes: store.recovery_codes().list(user.id).await?,
            sessions: store.sessions().list(user.id).await?,
            limits,
            limits_cleared_at: store.users().find_limits_cleared_at(user.id).await?,
            mails: store.outbox().list_latest(&user, LATEST_MAILS).await?,
            events: store.security_events().list(user.id, None, LATEST_EVENTS).await?,
            user,
        }))
    }
}
