//! The orders that can be given, and what comes of one.

use domain::Role;
use tracing::field::{DisplayValue, display};

/// The action that is ordered.
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
    /// A link to set a new password is mailed to the owner. It replaces an earlier one.
    SendReset,
    /// The account gets this role; one other than `user` only if its address is confirmed.
    SetRole(Role),
    /// The tries counted against the account are forgotten, those of browsers that it knows
    /// too; not those counted against a network.
    Unthrottle,
    /// All second factors and recovery codes go, every session ends, and the owner is told.
    ResetFactors,
    /// An account that is to be deleted is kept.
    Keep,
    /// The account and everything about the person go, at once and for good.
    Delete,
}

impl Order {
    /// The name of the order in the log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Confirm => "confirm",
            Self::EndSessions => "end_sessions",
            Self::SendReset => "send_reset",
            Self::SetRole(_) => "set_role",
            Self::Unthrottle => "unthrottle",
            Self::ResetFactors => "reset_factors",
            Self::Keep => "keep",
            Self::Delete => "delete",
        }
    }

    /// The role that the account is to get, if the order is about one, as a field of the log.
    pub(super) fn role(&self) -> Option<DisplayValue<&Role>> {
        match self {
            Self::SetRole(role) => Some(display(role)),
            Self::Disable
            | Self::Enable
            | Self::Confirm
            | Self::EndSessions
            | Self::SendReset
            | Self::Unthrottle
            | Self::ResetFactors
            | Self::Keep
            | Self::Delete => None,
        }
    }
}

/// Whether an order has changed the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderOutcome {
    /// The account is now as ordered.
    Changed,
    /// The account was as ordered before. Of [`Order::Unthrottle`]: no tries were counted but,
    /// perhaps, in browsers that the account knows.
    Unchanged,
}

impl OrderOutcome {
    pub(super) const fn of(is_changed: bool) -> Self {
        if is_changed { Self::Changed } else { Self::Unchanged }
    }
}
