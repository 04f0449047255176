//! Orders about the account of another person: of the operator by a command, and of an admin on the
//! site. Both carry out the same use case. The account's timeline names the actor, and the reason
//! that an admin gave.
//!
//! The last active admin stays one. An admin gives no order about the admin's own account, so that
//! no admin is locked out by mistake, and no one confirms an address without a proof of it.

mod order;

use domain::{
    AuditNote, EmailAddress, Permission, Principal, Role, SecurityEvent, Timestamp, User, UserId,
};
use store::{RoleChange, SessionEnding, StoreError, WriteTx};

pub use self::order::{Order, OrderOutcome};
use crate::{
    Client, Fault,
    address_proof::confirm,
    deletion::{delete, keep},
    fault::ending_in_fault,
    revocation::{RevocationReason, revoke},
    services::Administration,
    throttle::AccountCount,
    timeline::{Origin, record},
};

/// Why an order was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// There is no such account.
    #[error("there is no such account")]
    NoAccount,
    /// The last active admin must stay.
    #[error("the last admin stays one")]
    LastAdmin,
    /// The address is unproven, and the role is not `user`.
    #[error("the address is not confirmed")]
    Unconfirmed,
    /// The account is disabled, so that no link for it would work.
    #[error("the account is disabled")]
    Disabled,
    /// The account has no second factor.
    #[error("the account has no second factor")]
    NoFactor,
    /// The account is that of another admin, whose factors only the operator resets.
    #[error("the account is another admin's")]
    OtherAdmin,
    /// The account is the admin's own.
    #[error("the account is the admin's own")]
    OwnAccount,
    /// Anything that is no fault of the actor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(OrderError);

impl Administration<'_> {
    /// Carries out an order of the operator; an order that changes nothing is no error.
    pub async fn order(self, email: &EmailAddress, order: Order) -> Result<(), OrderError> {
        self.order_because(email, &order, &AuditNote::default()).await.map(drop)
    }

    /// The same, with the reason.
    pub async fn order_because(
        self,
        email: &EmailAddress,
        order: &Order,
        note: &AuditNote,
    ) -> Result<OrderOutcome, OrderError> {
        let user = self.find_user(email).await?.ok_or(OrderError::NoAccount)?;
        let tx = self.0.store.begin().await?;
        let outcome = self.carry_out(&tx, &user, order, Origin::OPERATOR.because(note)).await?;
        tx.commit().await?;
        let (target_user, name) = (user.id, order.name());
        tracing::info!(%target_user, order = name, role = order.role(), "ordered by the operator");
        self.after(&user, order);
        Ok(outcome)
    }

    /// Carries out an order of an admin, with the reason; an order that changes nothing is no
    /// error. The caller has checked [`domain::Permission::MANAGE_USERS`]. Returns the user as of
    /// before.
    pub async fn order_as_admin(
        self,
        principal: &Principal,
        user_id: UserId,
        (order, note): (&Order, &AuditNote),
        client: &Client,
    ) -> Result<User, OrderError> {
        let user = self.0.store.users().find(user_id).await?.ok_or(OrderError::NoAccount)?;
        let tx = self.0.store.begin().await?;
        let origin = Origin::admin(principal, client).because(note);
        self.carry_out(&tx, &user, order, origin).await?;
        // Refused after the check of the last admin, which is the better answer of the two.
        if user.id == principal.user_id {
            return Err(OrderError::OwnAccount);
        }
        if *order == Order::ResetFactors && self.manages_users(&tx, user.id).await? {
            return Err(OrderError::OtherAdmin);
        }
        tx.commit().await?;
        let (actor, target_user, name) = (principal.user_id, user.id, order.name());
        tracing::info!(
            %actor,
            %target_user,
            order = name,
            role = order.role(),
            "ordered by an admin"
        );
        self.after(&user, order);
        Ok(user)
    }

    /// Whether the user, whose row is locked, may manage users.
    async fn manages_users(self, tx: &WriteTx, user_id: UserId) -> Result<bool, StoreError> {
        let user = tx.users().find(user_id).await?;
        let may = |user: User| self.0.settings.roles.allows(&user.role, Permission::MANAGE_USERS);
        Ok(user.is_some_and(may))
    }

    /// What follows the commit.
    fn after(self, user: &User, order: &Order) {
        match order {
            Order::Delete => tracing::info!(user_id = %user.id, "account deleted"),
            Order::SendReset | Order::ResetFactors => self.0.outbox.wake(),
            Order::Disable
            | Order::Enable
            | Order::Confirm
            | Order::EndSessions
            | Order::SetRole(_)
            | Order::Unthrottle
            | Order::Keep => {}
        }
    }

    async fn carry_out(
        self,
        tx: &WriteTx,
        user: &User,
        order: &Order,
        origin: Origin<'_>,
    ) -> Result<OrderOutcome, OrderError> {
        let now = self.0.clock.now();
        let event = match order {
            Order::Disable => disable(tx, user, now).await?,
            Order::Enable => {
                tx.users().set_disabled(user.id, None).await?.then_some(SecurityEvent::Enabled)
            }
            Order::Confirm => {
                return Ok(OrderOutcome::of(confirm(tx, user.id, origin, now).await?));
            }
            Order::EndSessions => {
                tx.users().lock(user.id).await?;
                let ended = tx.sessions().delete_of_user(user.id, SessionEnding::All).await?;
                (ended > 0).then_some(SecurityEvent::AllSessionsEnded)
            }
            Order::SendReset => {
                let owner = tx.users().lock_enabled(user.id).await?.ok_or(OrderError::Disabled)?;
                let mail = self.0.reset_mail(tx, &owner, now).await?;
                tx.outbox().insert(mail, now).await?;
                Some(SecurityEvent::PasswordResetRequested)
            }
            Order::SetRole(role) => set_role(tx, user, role).await?,
            Order::Unthrottle => {
                let were_counted = self.clear_limits(tx, user, now).await?;
                record(tx, user.id, SecurityEvent::LimitsCleared, origin, now).await?;
                return Ok(OrderOutcome::of(were_counted));
            }
            Order::ResetFactors => {
                self.reset(tx, user, origin, now).await?;
                return Ok(OrderOutcome::Changed);
            }
            Order::Keep => return Ok(OrderOutcome::of(keep(tx, user.id, origin, now).await?)),
            Order::Delete => {
                self.delete(tx, user, origin, now).await?;
                return Ok(OrderOutcome::Changed);
            }
        };
        let Some(event) = event else { return Ok(OrderOutcome::Unchanged) };
        let origin = match order {
            Order::SetRole(role) if event == SecurityEvent::RoleChanged => origin.with_role(role),
            _ => origin,
        };
        record(tx, user.id, event, origin, now).await?;
        Ok(OrderOutcome::Changed)
    }

    async fn reset(
        self,
        tx: &WriteTx,
        user: &User,
        origin: Origin<'_>,
        now: Timestamp,
    ) -> Result<(), OrderError> {
        tx.users().lock(user.id).await?;
        let owner = tx.users().find(user.id).await?.ok_or(OrderError::NoAccount)?;
        let had_factors = self.0.reset_factors(tx, &owner, origin, now).await?;
        if had_factors { Ok(()) } else { Err(OrderError::NoFactor) }
    }

    async fn delete(
        self,
        tx: &WriteTx,
        user: &User,
        origin: Origin<'_>,
        now: Timestamp,
    ) -> Result<(), OrderError> {
        guard_last_admin(tx, user).await?;
        let user = tx.users().lock_to_delete(user.id).await?.ok_or(OrderError::NoAccount)?;
        let own = self.0.settings.personal_data.as_deref();
        delete(tx, &user, own, origin, now).await?;
        Ok(())
    }

    /// Clears the counted tries at the account and returns whether there were any. Its own browsers
    /// are counted under new names from then on; whether they had tries is unknown.
    async fn clear_limits(
        self,
        tx: &WriteTx,
        user: &User,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        tx.users().lock(user.id).await?;
        let mut were_counted = false;
        for (_, counted) in self.0.throttle.of_account(user) {
            if let Some(AccountCount { key, .. }) = counted {
                were_counted |= tx.throttles().clear(&key).await?;
            }
        }
        tx.users().set_limits_cleared_at(user.id, now).await?;
        Ok(were_counted)
    }
}

async fn disable(
    tx: &WriteTx,
    user: &User,
    now: Timestamp,
) -> Result<Option<SecurityEvent>, OrderError> {
    guard_last_admin(tx, user).await?;
    // A log-in that is under way waits for this lock and then sees the order.
    tx.users().lock(user.id).await?;
    revoke(tx, user.id, RevocationReason::Disabled).await?;
    let is_new = tx.users().set_disabled(user.id, Some(now)).await?;
    Ok(is_new.then_some(SecurityEvent::Disabled))
}

async fn set_role(
    tx: &WriteTx,
    user: &User,
    role: &Role,
) -> Result<Option<SecurityEvent>, OrderError> {
    match tx.users().set_role(user.id, role).await? {
        RoleChange::Changed(former) => Ok(Some(SecurityEvent::of_new_role(&former, role))),
        RoleChange::Unchanged => Ok(None),
        RoleChange::LastAdmin => Err(OrderError::LastAdmin),
        RoleChange::Unconfirmed => Err(OrderError::Unconfirmed),
        RoleChange::NoSuchUser => Err(OrderError::NoAccount),
    }
}

async fn guard_last_admin(tx: &WriteTx, user: &User) -> Result<(), OrderError> {
    if tx.users().is_last_admin(user.id).await? { Err(OrderError::LastAdmin) } else { Ok(()) }
}
