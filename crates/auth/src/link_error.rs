//! The error of the use cases that begin with a mailed link.

use crate::{Fault, fault::ending_in_fault};

/// Why a mailed link has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The link is unknown, used, replaced or expired, its account is disabled, or there is nothing
    /// left that it could do.
    #[error("the link is invalid")]
    InvalidLink,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(LinkError);
