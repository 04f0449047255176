//! Passkeys: the public keys by which a user logs in without a password (W3C Web Authentication,
//! Level 3). The private key stays in the user's authenticator.

use std::fmt;

use uuid::Uuid;

use crate::{DisplayName, FactorId, Timestamp};

/// The model of an authenticator (AAGUID), as the authenticator states it. It is not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Aaguid(Uuid);

/// What a user can log in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogInKeys {
    /// Whether the account has a password.
    pub has_password: bool,
    /// Whether the account has a passkey.
    pub has_passkey: bool,
}

/// A passkey of a user, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The id on pages.
    pub id: FactorId,
    /// The name, which the user can change.
    pub name: DisplayName,
    /// The model of the authenticator.
    pub aaguid: Aaguid,
    /// Whether the authenticator keeps a copy elsewhere, such as in an account of its provider.
    pub is_synced: bool,
    /// Whether the authenticator finds the passkey without a list of credential ids; `None` if the
    /// browser did not tell.
    pub is_discoverable: Option<bool>,
    /// The time at which the passkey was added.
    pub created_at: Timestamp,
    /// The time of the last log-in or confirmation with the passkey.
    pub last_used_at: Option<Timestamp>,
}

impl Aaguid {
    /// Reads an AAGUID from its 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Returns the 16 bytes of the AAGUID.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Aaguid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
