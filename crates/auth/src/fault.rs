//! The faults that can stop any use case.

use std::time::Duration;

use store::{Constraint, StoreError};

use crate::{Seldom, password::HashError};

/// Why a use case could not be carried out, through no fault of the visitor.
///
/// It was logged where it was made; who receives it only answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More is asked of this server than it can do now.
    #[error("the server is busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The account was deleted at this moment.
    #[error("the account is gone")]
    AccountGone,
    /// The database cannot be reached now.
    #[error("the database is not available")]
    Unavailable,
    /// A defect.
    #[error("an internal error")]
    Internal,
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => {
                static UNAVAILABLE: Seldom = Seldom::new();
                if let Some(left_out) = UNAVAILABLE.due() {
                    tracing::error!(error = %cause, left_out, "the database is not available");
                }
                Self::Unavailable
            }
            // The row belongs to a user who was there when the use case began and is gone now.
            StoreError::Conflict(Constraint::UserExists) => {
                tracing::info!("an account was deleted while something was done with it");
                Self::AccountGone
            }
            StoreError::Conflict(_) | StoreError::Internal(_) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(
                    error = cause.unwrap_or_else(|| error.to_string()),
                    "a statement failed"
                );
                Self::Internal
            }
        }
    }
}

/// Lets `?` turn an error of the database into the variant `Fault` of this error enum.
macro_rules! ending_in_fault {
    ($error:ty) => {
        impl From<store::StoreError> for $error {
            fn from(error: store::StoreError) -> Self {
                Self::Fault(error.into())
            }
        }
    };
}

pub(crate) use ending_in_fault;

impl From<HashError> for Fault {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy { retry_after } => Self::Busy { retry_after },
            HashError::Internal => Self::Internal,
        }
    }
}
