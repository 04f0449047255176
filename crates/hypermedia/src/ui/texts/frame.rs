//! The texts around every page.

use time::OffsetDateTime;

/// The texts around every page, and in the parts that many pages share.
#[derive(Debug)]
pub struct Frame {
    /// The first link of every page.
    pub skip: &'static str,
    /// The name of the navbar.
    pub nav: &'static str,
    /// Closes a question without an answer.
    pub cancel: &'static str,
    /// Shown by the script when no answer came.
    pub offline: &'static str,
    /// The title of a page whose form was refused, from that of the page.
    pub refused_title: fn(&str) -> String,
    /// Before the id of a request.
    pub request_id: &'static str,
    /// To the start, from where everything can be found.
    pub to_home: &'static str,
    /// The button of a search.
    pub search: &'static str,
    /// The name of the links between the pages of a list.
    pub pager: &'static str,
    /// To the beginning of a list.
    pub first: &'static str,
    /// To the page after.
    pub next: &'static str,
    /// A day.
    pub day: fn(OffsetDateTime) -> String,
    /// A moment, to the minute.
    pub moment: fn(OffsetDateTime) -> String,
}
