//! The operator's commands on an account: the same actions as on the site, with the operator as the
//! actor in the account's timeline.

use domain::{EmailAddress, Role, SecurityEvent, Timestamp, User};
use store::{
    EventPage, LimitState, OpenSession, RoleChange, SessionEnding, StoreError, UserMail, WriteTx,
};

use crate::{
    Fault, PersonalData,
    address_proof::confirm,
    deletion::{delete, keep},
    fault::ending_in_fault,
    password::PasswordHash,
    revocation::{RevocationReason, revoke},
    services::Administration,
    throttle::AccountCount,
    timeline::{Origin, record},
};

/// Events that the operator is shown.
const LATEST_EVENTS: u64 = 20;
/// Mails that the operator is shown.
const LATEST_MAILS: u64 = 20;

/// The facts about an account.
#[derive(Clone, Debug)]
pub struct AccountReport {
    /// The account.
    pub user: User,
    /// Whether it has a password that works.
    pub has_password: bool,
    /// Its sessions, the newest first.
    pub sessions: Vec<OpenSession>,
    /// The counted tries at the account.
    pub limits: Vec<AccountLimit>,
    /// When the operator cleared that last.
    pub limits_cleared_at: Option<Timestamp>,
    /// The latest mails to it, the newest first.
    pub mails: Vec<UserMail>,
    /// The latest events, the newest first.
    pub events: EventPage,
}

/// A limit of which an account has used up some.
#[derive(Clone, Copy, Debug)]
pub struct AccountLimit {
    /// The setting, of the section `limits`.
    pub name: &'static str,
    /// How many tries it allows at once.
    pub count: u32,
    /// How the count stands.
    pub state: LimitState,
}

/// The action that the operator orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Ends every session and refuses log-ins and every link issued before or later. The owner of
    /// an earlier, proven address can still revert to it.
    Disable,
    /// Logging in is possible again.
    Enable,
    /// The address counts as the owner's.
    Confirm,
    /// Every session ends.
    EndSessions,
    /// The account gets this role; one other than `user` only if its address is confirmed.
    SetRole(Role),
    /// The tries counted against the account are forgotten, those of browsers that it knows
    /// too; not those counted against a network.
    Unthrottle,
    /// An account that is to be deleted is kept.
    Keep,
    /// The account and everything about the person go, at once and for good.
    Delete,
}

/// Why an account stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// The address has no account.
    #[error("the address has no account")]
    NoAccount,
    /// The last active admin must stay.
    #[error("the last admin stays one")]
    LastAdmin,
    /// The address of the future admin is unproven.
    #[error("the address is not confirmed")]
    Unconfirmed,
    /// Anything that is no fault of the operator's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(OrderError);

impl Administration<'_> {
    /// Reports the facts about the account with this address.
    pub async fn report(self, email: &EmailAddress) -> Result<Option<AccountReport>, Fault> {
        let store = &self.0.store;
        let Some((user, hash)) = store.users().find_by_email(email).await? else {
            return Ok(None);
        };
        let has_password = !PasswordHash::from_stored(hash).is_unusable();
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
            has_password,
            sessions: store.sessions().list(user.id).await?,
            limits,
            limits_cleared_at: store.users().find_limits_cleared_at(user.id).await?,
            mails: store.outbox().list_latest(&user, LATEST_MAILS).await?,
            events: store.security_events().list(user.id, None, LATEST_EVENTS).await?,
            user,
        }))
    }

    /// Clears the counted tries at the account. Its own browsers are counted under new names from
    /// then on.
    async fn clear_limits(
        self,
        tx: &WriteTx,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        tx.users().lock(user.id).await?;
        for (_, counted) in self.0.throttle.of_account(user) {
            if let Some(AccountCount { key, .. }) = counted {
                tx.throttles().clear(&key).await?;
            }
        }
        tx.users().set_limits_cleared_at(user.id, now).await
    }

    /// Carries the order out; an order that changes nothing is no error.
    pub async fn order(self, email: &EmailAddress, order: Order) -> Result<(), OrderError> {
        let user = self.find_user(email).await?.ok_or(OrderError::NoAccount)?;
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        if order == Order::Unthrottle {
            self.clear_limits(&tx, &user, now).await.map_err(Fault::from)?;
        }
        let own = self.0.settings.personal_data.as_deref();
        if let Some(event) = carry_out(&tx, &user, &order, own, now).await? {
            record(&tx, user.id, event, Origin::OPERATOR, now).await?;
        }
        tx.commit().await?;
        tracing::info!(target_user = %user.id, ?order, "ordered by the operator");
        if order == Order::Delete {
            tracing::info!(user_id = %user.id, "account deleted");
        }
        Ok(())
    }
}

/// Carries the order out. Returns the mail to send, or `None` where nothing changed, the account is
/// gone, or the user has been told.
async fn carry_out(
    tx: &WriteTx,
    user: &User,
    order: &Order,
    own: Option<&dyn PersonalData>,
    now: Timestamp,
) -> Result<Option<SecurityEvent>, OrderError> {
    let event = match order {
        Order::Disable => {
            guard_last_admin(tx, user).await?;
            // A log-in that is under way waits for this lock and then sees the order.
            tx.users().lock(user.id).await?;
            revoke(tx, user.id, RevocationReason::Disabled).await?;
            tx.users().set_disabled(user.id, Some(now)).await?.then_some(SecurityEvent::Disabled)
        }
        Order::Enable => {
            tx.users().set_disabled(user.id, None).await?.then_some(SecurityEvent::Enabled)
        }
        Order::Confirm => {
            confirm(tx, user.id, Origin::OPERATOR, now).await?;
            None
        }
        Order::EndSessions => {
            tx.users().lock(user.id).await?;
            let ended = tx.sessions().delete_of_user(user.id, SessionEnding::All).await?;
            (ended > 0).then_some(SecurityEvent::AllSessionsEnded)
        }
        Order::SetRole(role) => match tx.users().set_role(user.id, role).await? {
            RoleChange::Changed(former) => Some(SecurityEvent::of_new_role(&former, role)),
            RoleChange::Unchanged => None,
            RoleChange::LastAdmin => return Err(OrderError::LastAdmin),
            RoleChange::Unconfirmed => return Err(OrderError::Unconfirmed),
            RoleChange::NoSuchUser => return Err(OrderError::NoAccount),
        },
        Order::Unthrottle => Some(SecurityEvent::LimitsCleared),
        Order::Keep => {
            keep(tx, user.id, Origin::OPERATOR, now).await?;
            None
        }
        Order::Delete => {
            guard_last_admin(tx, user).await?;
            let user = tx.users().lock_to_delete(user.id).await?.ok_or(OrderError::NoAccount)?;
            delete(tx, &user, own, Origin::OPERATOR, now).await?;
            None
        }
    };
    Ok(event)
}

async fn guard_last_admin(tx: &WriteTx, user: &User) -> Result<(), OrderError> {
    if tx.users().is_last_admin(user.id).await? { Err(OrderError::LastAdmin) } else { Ok(()) }
}
