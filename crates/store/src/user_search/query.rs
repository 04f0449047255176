//! The query for a page of the list of users: a search, a filter and an order.
//!
//! Filters and columns are constants in the SQL and not bound values, because a partial index
//! serves only a condition that is in the text of the statement.

use domain::{Timestamp, User};

use super::UserCursor;
use crate::entities::user::Column;

/// The query for a page of the list of users.
#[derive(Clone, Debug, Default)]
pub struct UserQuery {
    /// A part of a name or an address, in any case and composition. An empty text finds all users.
    pub search: String,
    /// The users to list.
    pub filter: UserFilter,
    /// The order.
    pub order: UserOrder,
    /// The end of the page before.
    pub after: Option<UserCursor>,
}

/// The users to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserFilter {
    /// All users.
    #[default]
    All,
    /// Users with the role `admin`.
    Admins,
    /// Users with an unconfirmed address.
    Unconfirmed,
    /// Users whose account is disabled.
    Disabled,
    /// Users whose account is to be deleted.
    ToBeDeleted,
}

/// The order of the list of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserOrder {
    /// The newest users first.
    #[default]
    Created,
    /// The users who were seen last first; those who never logged in come last.
    LastSeen,
    /// The oldest users first.
    Oldest,
    /// The users who were not seen for the longest time first, before them those who never logged in.
    LongestUnseen,
}

impl UserFilter {
    /// All filters.
    pub const ALL: [Self; 5] =
        [Self::All, Self::Admins, Self::Unconfirmed, Self::Disabled, Self::ToBeDeleted];

    /// Returns the condition in SQL.
    pub(super) const fn condition(self) -> &'static str {
        match self {
            Self::All => "TRUE",
            Self::Admins => "role = 'admin'",
            Self::Unconfirmed => "confirmed_at IS NULL",
            Self::Disabled => "disabled_at IS NOT NULL",
            Self::ToBeDeleted => "delete_after IS NOT NULL",
        }
    }
}

impl UserOrder {
    /// All orders.
    pub const ALL: [Self; 4] = [Self::Created, Self::Oldest, Self::LastSeen, Self::LongestUnseen];

    /// Returns the direction in SQL, and the operator for the rows after a place in the list.
    pub(super) const fn direction(self) -> (&'static str, &'static str) {
        match self {
            Self::Created | Self::LastSeen => ("DESC", "<"),
            Self::Oldest | Self::LongestUnseen => ("ASC", ">"),
        }
    }

    pub(super) const fn column(self) -> Column {
        match self {
            Self::Created | Self::Oldest => Column::CreatedAt,
            Self::LastSeen | Self::LongestUnseen => Column::LastSeenAt,
        }
    }

    /// Returns the name of the column in SQL.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Created | Self::Oldest => "created_at",
            Self::LastSeen | Self::LongestUnseen => "last_seen_at",
        }
    }

    /// Returns the place of the user in the list.
    pub(super) fn cursor(self, user: &User) -> UserCursor {
        let at = match self {
            Self::Created | Self::Oldest => user.created_at,
            Self::LastSeen | Self::LongestUnseen => {
                user.last_seen_at.unwrap_or(Timestamp::from_millis(0))
            }
        };
        UserCursor { at, id: user.id }
    }
}
