//! A position in the list of users. It is a pair of values and no offset, so that pages have no
//! gaps while users sign up.

use domain::{Timestamp, UserId};

/// The end of a page of the list of users. The next page begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCursor {
    /// The time by which the list is ordered, of the last user of the page.
    pub at: Timestamp,
    /// The id of that user.
    pub id: UserId,
}
