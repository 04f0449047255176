//! Why a link of a change of address has no effect.

use domain::{User, UserId};
use store::{Constraint, StoreError, WriteTx};

use crate::Fault;

/// Why the address stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailChangeError {
    /// The token is unknown, used, replaced or expired, or its account is disabled.
    #[error("the token is invalid")]
    InvalidToken,
    /// Another account has got the address meanwhile.
    #[error("the address has an account")]
    EmailTaken,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for EmailChangeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::UserEmail) => Self::EmailTaken,
            other => Self::Fault(other.into()),
        }
    }
}

/// Locks the user until the transaction ends. An error if the account is disabled or gone.
pub(super) async fn lock(tx: &WriteTx, user_id: UserId) -> Result<User, EmailChangeError> {
    tx.users().lock_enabled(user_id).await?.ok_or(EmailChangeError::InvalidToken)
}
