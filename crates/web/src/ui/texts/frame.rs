//! The texts around every page.

use time::OffsetDateTime;

/// What stands around every page, and in the parts that many pages share.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The first link of every page.
    pub(crate) skip: &'static str,
    /// The name of the navbar.
    pub(crate) nav: &'static str,
    /// The foot of every page.
    pub(crate) footer: &'static str,
    /// Closes a question without an answer.
    pub(crate) cancel: &'static str,
    /// Shown by the script when no answer came.
    pub(crate) offline: &'static str,
    /// Before the id of a request.
    pub(crate) request_id: &'static str,
    /// To the start, from where everything can be found.
    pub(crate) to_home: &'static str,
    /// The button of a search.
    pub(crate) search: &'static str,
    /// The name of the links between the pages of a list.
    pub(crate) pager: &'static str,
    /// To the beginning of a list.
    pub(crate) first: &'static str,
    /// To the page after.
    pub(crate) next: &'static str,
    /// A moment, to the minute.
    pub(crate) moment: fn(OffsetDateTime) -> String,
}
