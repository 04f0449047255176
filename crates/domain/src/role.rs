//! The roles of users, and the permissions of each role. Routes ask for a permission and never
//! for a role.

use std::{fmt, str::FromStr};

/// The role of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A person with an account.
    User,
    /// A person who manages the accounts of others.
    Admin,
}

/// An action that only some roles allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Seeing every account and changing its role.
    ManageUsers,
}

/// The error for a text that is not the name of a [`Role`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such role")]
pub struct UnknownRole;

impl Role {
    /// All roles, the least powerful first.
    pub const ALL: [Self; 2] = [Self::User, Self::Admin];

    /// Returns whether this role includes `permission`.
    pub const fn allows(self, permission: Permission) -> bool {
        match (self, permission) {
            (Self::Admin, Permission::ManageUsers) => true,
            (Self::User, Permission::ManageUsers) => false,
        }
    }

    /// Returns the name of the role in forms and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}
