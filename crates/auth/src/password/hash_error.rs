//! The errors of hashing a password.

use std::time::Duration;

/// How long a client that was refused should stay away.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why a password was neither hashed nor verified. Says nothing about the
/// password: neither counts as a failed try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too much is waiting, or memory is short.
    #[error("too many passwords are being hashed")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The hasher failed.
    #[error("the password hasher failed")]
    Internal,
}

impl HashError {
    pub(super) const BUSY: Self = Self::Busy { retry_after: RETRY_AFTER };
}
