//! The actions of an admin on an account: path, fields, texts, and the order that each one gives.

use auth::Order;
use domain::{Role, User};
use hypermedia::ui::FieldName;

use super::REASON;
use crate::{
    fields,
    texts::{ActionTexts, Texts},
};

/// An action on the account of another person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Role,
    Confirm,
    SendReset,
    EndSessions,
    Disable,
    Enable,
    ResetFactors,
    Keep,
    Delete,
}

impl Action {
    pub(crate) const ALL: [Self; 9] = [
        Self::Role,
        Self::Confirm,
        Self::SendReset,
        Self::EndSessions,
        Self::Disable,
        Self::Enable,
        Self::ResetFactors,
        Self::Keep,
        Self::Delete,
    ];

    /// The path of the route.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Role => "/admin/users/{id}/roles",
            Self::Confirm => "/admin/users/{id}/confirm",
            Self::SendReset => "/admin/users/{id}/send-reset",
            Self::EndSessions => "/admin/users/{id}/end-sessions",
            Self::Disable => "/admin/users/{id}/disable",
            Self::Enable => "/admin/users/{id}/enable",
            Self::ResetFactors => "/admin/users/{id}/reset-factors",
            Self::Keep => "/admin/users/{id}/keep",
            Self::Delete => "/admin/users/{id}/delete",
        }
    }

    /// The beginning of the id of the form, before the id of the user.
    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::Role => "role-form",
            Self::Confirm => "confirm-user-form",
            Self::SendReset => "send-reset-form",
            Self::EndSessions => "end-sessions-form",
            Self::Disable => "disable-form",
            Self::Enable => "enable-form",
            Self::ResetFactors => "reset-factors-form",
            Self::Keep => "keep-form",
            Self::Delete => "delete-form",
        }
    }

    /// The fields of the form. A link is nothing that needs a reason, and an event of a deleted
    /// account keeps none.
    pub(crate) const fn fields(self) -> &'static [FieldName] {
        match self {
            Self::Role => &[fields::ROLE, REASON],
            Self::SendReset => &[],
            Self::Delete => &[fields::EMAIL],
            Self::Confirm
            | Self::EndSessions
            | Self::Disable
            | Self::Enable
            | Self::ResetFactors
            | Self::Keep => &[REASON],
        }
    }

    pub(super) const fn texts(self, texts: &Texts) -> &ActionTexts {
        let texts = &texts.admin;
        match self {
            Self::Role => &texts.role,
            Self::Confirm => &texts.confirm,
            Self::SendReset => &texts.send_reset,
            Self::EndSessions => &texts.end_sessions,
            Self::Disable => &texts.disable,
            Self::Enable => &texts.enable,
            Self::ResetFactors => &texts.reset_factors,
            Self::Keep => &texts.keep,
            Self::Delete => &texts.delete,
        }
    }

    /// The hint of the reason, which has to be given where log-ins get easier.
    pub(super) const fn reason_hint(self, texts: &Texts) -> &'static str {
        match self {
            Self::ResetFactors => texts.admin.reason_needed_hint,
            _ => texts.admin.reason_hint,
        }
    }

    /// Whether the action changes anything of an account like this.
    pub(super) const fn is_of_use(self, user: &User) -> bool {
        match self {
            Self::Role | Self::EndSessions | Self::Delete => true,
            Self::Confirm => user.confirmed_at.is_none(),
            Self::SendReset | Self::Disable => user.disabled_at.is_none(),
            Self::Enable => user.disabled_at.is_some(),
            Self::ResetFactors => user.second_factor_since.is_some(),
            Self::Keep => user.delete_after.is_some(),
        }
    }

    /// The order; `role` is what the form of the role has.
    pub(super) fn order(self, role: Role) -> Order {
        match self {
            Self::Role => Order::SetRole(role),
            Self::Confirm => Order::Confirm,
            Self::SendReset => Order::SendReset,
            Self::EndSessions => Order::EndSessions,
            Self::Disable => Order::Disable,
            Self::Enable => Order::Enable,
            Self::ResetFactors => Order::ResetFactors,
            Self::Keep => Order::Keep,
            Self::Delete => Order::Delete,
        }
    }
}
