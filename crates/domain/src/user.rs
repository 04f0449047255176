//! Users: the people who have an account.

use std::{fmt, str::FromStr};

use uuid::{Builder, Uuid};

use crate::{DisplayName, EmailAddress, Language, Role, Timestamp, random};

/// A user's id: random, so that it tells nothing and cannot be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Uuid);

/// A text that is no [`UserId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the user id is malformed")]
pub struct InvalidUserId;

impl UserId {
    /// Bytes of the id as text.
    pub const TEXT_LENGTH: usize = uuid::fmt::Hyphenated::LENGTH;

    /// A fresh id.
    pub fn generate() -> Self {
        Self(Builder::from_random_bytes(random::bytes()).into_uuid())
    }

    /// The id with these 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The id's 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The id as text, written into `buffer`.
    pub fn encode<'a>(&self, buffer: &'a mut [u8; Self::TEXT_LENGTH]) -> &'a str {
        self.0.hyphenated().encode_lower(buffer)
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

/// A person with an account. The password's hash is not part of it: only the
/// hasher ever needs that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The account's id.
    pub id: UserId,
    /// The address for mails and log-ins.
    pub email: EmailAddress,
    /// The display name.
    pub name: DisplayName,
    /// The role.
    pub role: Role,
    /// The language of mails.
    pub language: Language,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When the person was shown to read mail at the address, if ever.
    pub confirmed_at: Option<Timestamp>,
    /// When the operator disabled the account.
    pub disabled_at: Option<Timestamp>,
    /// From when on the account is deleted, if its owner asked for that.
    pub delete_after: Option<Timestamp>,
    /// How many passwords it had before this one: the device cookies of then are not
    /// known any more.
    pub device_generation: u64,
}
