//! Users and their ids. A user has neither a password hash nor any other secret, so that pages,
//! logs and exports cannot contain one.

use std::{fmt, str::FromStr};

use uuid::{Builder, Uuid};

use crate::{DisplayName, EmailAddress, Language, Role, Timestamp, random};

/// The id of a user: a random UUID (version 4, RFC 9562 §5.4). It cannot be guessed, and it tells
/// neither the age nor the number of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Uuid);

/// The error for a text that is not a [`UserId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the user id is malformed")]
pub struct InvalidUserId;

impl UserId {
    /// Generates a random id.
    pub fn generate() -> Self {
        Self(Builder::from_random_bytes(random::bytes()).into_uuid())
    }

    /// Reads an id from its 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Returns the 16 bytes of the id.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for UserId {
    type Err = InvalidUserId;

    fn from_str(text: &str) -> Result<Self, InvalidUserId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidUserId)
    }
}

/// A person with an account. The hash of the password is not part of it, because only the hasher
/// needs that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id of the account.
    pub id: UserId,
    /// The address for mails and log-ins.
    pub email: EmailAddress,
    /// The display name.
    pub name: DisplayName,
    /// The role.
    pub role: Role,
    /// The language of mails.
    pub language: Language,
    /// The time at which the account was created.
    pub created_at: Timestamp,
    /// The time at which the address was confirmed, if it was.
    pub confirmed_at: Option<Timestamp>,
    /// The time at which the account was disabled, if it is disabled.
    pub disabled_at: Option<Timestamp>,
    /// The time after which the account is deleted, if its owner requested that.
    pub delete_after: Option<Timestamp>,
    /// The time at which the account was last in use, to the hour; the time of the last log-in is
    /// exact. `None` if its owner has never logged in.
    pub last_seen_at: Option<Timestamp>,
    /// Since when a log-in asks for a second factor, if it does.
    pub second_factor_since: Option<Timestamp>,
    /// When the second factors are removed, if their owner has lost them.
    pub factor_reset_at: Option<Timestamp>,
    /// The number of passwords that the account had before the present one. A device cookie with
    /// another number is invalid.
    pub device_generation: u64,
}
