//! Second factors: their kinds, and the ids by which the pages of their user name them.

use std::{fmt, str::FromStr};

use uuid::{Builder, Uuid};

use crate::random;

/// A kind of second factor. A recovery code is none: it replaces one that is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactorKind {
    /// An app that shows a new code every 30 seconds (TOTP, RFC 6238).
    AuthenticationApp,
    /// A passkey (Web Authentication).
    Passkey,
}

/// The id of a second factor: a random UUID, which tells nothing of its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactorId(Uuid);

/// The error for a text that is not a [`FactorId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of the factor is malformed")]
pub struct InvalidFactorId;

impl FactorKind {
    /// Returns the name in the data export.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthenticationApp => "authentication_app",
            Self::Passkey => "passkey",
        }
    }
}

impl FactorId {
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

impl fmt::Display for FactorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FactorId {
    type Err = InvalidFactorId;

    fn from_str(text: &str) -> Result<Self, InvalidFactorId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidFactorId)
    }
}
