//! The policies of routes, and a route as one line of the printed table.

use std::fmt;

use domain::Permission;
use poem::http::Method;

/// The visitors who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Everybody.
    Anyone,
    /// Visitors who are not logged in; a user is sent to the landing page.
    Anonymous,
    /// Logged-in visitors, also with a pending deletion; others are sent to log in.
    AnyUser,
    /// Logged-in visitors; others are sent to log in. A user with a pending deletion is sent to the
    /// page that cancels it, here and below.
    User,
    /// Logged-in visitors who gave the password a short time ago, and the second factor if the
    /// account has one; others are asked for it.
    RecentUser,
    /// Users with the permission, which is read again at each request.
    Permission(Permission),
    /// Users with the permission who gave the password a short time ago, and the second factor if
    /// the account has one; others who have the permission are asked for it.
    RecentPermission(Permission),
}

impl Policy {
    /// The permission that the route asks for.
    pub const fn permission(self) -> Option<Permission> {
        match self {
            Self::Permission(permission) | Self::RecentPermission(permission) => Some(permission),
            Self::Anyone | Self::Anonymous | Self::AnyUser | Self::User | Self::RecentUser => None,
        }
    }

    /// Whether the password must have been given a short time ago.
    pub const fn is_recent(self) -> bool {
        matches!(self, Self::RecentUser | Self::RecentPermission(_))
    }

    /// Whether an anonymous visitor is sent to log in.
    pub const fn is_for_users(self) -> bool {
        match self {
            Self::Anyone | Self::Anonymous => false,
            Self::AnyUser
            | Self::User
            | Self::RecentUser
            | Self::Permission(_)
            | Self::RecentPermission(_) => true,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anyone => "anyone",
            Self::Anonymous => "anonymous",
            Self::AnyUser => "any user",
            Self::User => "user",
            Self::RecentUser => "recently authenticated",
            Self::Permission(permission) => permission.as_str(),
            Self::RecentPermission(permission) => {
                return write!(f, "{permission}, recently authenticated");
            }
        })
    }
}

/// One line of the route table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method; HEAD comes with GET.
    pub method: Method,
    /// The path, with parameters as `{name}`.
    pub path: &'static str,
    /// The policy.
    pub policy: Policy,
}
