//! The key by which a session is found, and the principal of a request. The session id itself,
//! which is the secret, is in the cookie alone.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{Assurance, DisplayName, EmailAddress, LogInKeys, Role, Timestamp, UserId};

/// The SHA-256 of a session id. It finds a session, but it cannot be used to take the session
/// over.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// Returns the key of the session with the id `id`, which is the value of the cookie.
    pub fn of(id: &str) -> Self {
        Self(Sha256::digest(id.as_bytes()).into())
    }

    /// Reads a key from the database. Returns `None` if it does not have 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the 32 bytes that the store keeps.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// The user that a request acts for, with the session. Both are read in one query, so that they
/// belong together.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The id of the account.
    pub user_id: UserId,
    /// The address of the account.
    pub email: EmailAddress,
    /// The display name.
    pub name: DisplayName,
    /// Whether the address is confirmed.
    pub is_confirmed: bool,
    /// The time at which the account was created.
    pub joined_at: Timestamp,
    /// The present role. It is read from the account and never stored in the session.
    pub role: Role,
    /// The time of the deletion that the owner requested. Until then the owner can only cancel the
    /// deletion.
    pub delete_after: Option<Timestamp>,
    /// The key of the session.
    pub session_key: SessionKey,
    /// Whether the session outlives the browser window (remember me).
    pub remember: bool,
    /// The time of the log-in.
    pub logged_in_at: Timestamp,
    /// The time at which the password was last given in the session, at the log-in or later.
    pub authenticated_at: Timestamp,
    /// How the user of the session was proven.
    pub assurance: Assurance,
    /// The time at which a second factor was last given in the session, at the log-in or later.
    pub factor_at: Option<Timestamp>,
    /// Since when a log-in to the account asks for a second factor, if it does.
    pub second_factor_since: Option<Timestamp>,
    /// When the second factors are removed, if their owner has lost them.
    pub factor_reset_at: Option<Timestamp>,
    /// The number of recovery codes that are left, if the account has a set.
    pub recovery_codes_left: Option<u32>,
    /// What the user can log in with.
    pub keys: LogInKeys,
    /// The time at which the session was last recorded as used.
    pub last_seen_at: Timestamp,
    /// The time at which the session ends, even if it is in use.
    pub expires_at: Timestamp,
    /// The values that the session keeps between requests, as a JSON object.
    pub session_values: String,
    /// The role that the account had when the session got its id. It grants nothing.
    pub role_when_issued: Role,
}
