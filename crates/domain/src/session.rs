//! The key of a session, and the principal who acts in it.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{DisplayName, EmailAddress, Permission, Role, Timestamp, UserId};

/// SHA-256 of a session id: enough to find a session, useless to take it over.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// The key of the session with this cookie value.
    pub fn of(id: &str) -> Self {
        Self(Sha256::digest(id.as_bytes()).into())
    }

    /// The key that the store kept, `None` when it has the wrong length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key as the store keeps it.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// The user on behalf of whom a request acts, as the session and the account were read together.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The user of the request.
    pub user_id: UserId,
    /// The account's address.
    pub email: EmailAddress,
    /// The display name.
    pub name: DisplayName,
    /// Whether the person was shown to read mail at the address.
    pub is_confirmed: bool,
    /// The present role; read with the session, never stored in it.
    pub role: Role,
    /// The time of the deletion that the owner requested. Until then the account can be kept, and
    /// nothing else.
    pub delete_after: Option<Timestamp>,
    /// The session that the request came in.
    pub session_key: SessionKey,
    /// Whether the session was asked to outlive the browser window.
    pub remember: bool,
    /// When the session was made.
    pub logged_in_at: Timestamp,
    /// When the password was last given in it: at the log-in, or since.
    pub authenticated_at: Timestamp,
    /// When the session was last noted as used.
    pub last_seen_at: Timestamp,
    /// When the session ends, whatever happens in it.
    pub expires_at: Timestamp,
    /// The values that the session keeps between requests: a JSON object.
    pub session_values: String,
    /// The role when the session got its id; it grants nothing.
    pub role_when_issued: Role,
}

impl Principal {
    /// Whether the person may do what `permission` names.
    pub const fn may(&self, permission: Permission) -> bool {
        self.role.allows(permission)
    }
}
