//! A position in the list of users.

use domain::{Timestamp, UserId};

/// Where a page of the list of users ends: the next one begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCursor {
    /// When the last user of the page signed up.
    pub created_at: Timestamp,
    /// The id of that user.
    pub id: UserId,
}
