//! How an answer will be used, as the request says.

use poem::http::{HeaderMap, HeaderName};

/// A constant, because a text would be parsed each time.
const HX_REQUEST_TYPE: HeaderName = HeaderName::from_static("hx-request-type");

/// How the answer will be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// As a whole page, by a browser or by htmx.
    Page,
    /// As a fragment that htmx swaps into the page.
    Partial,
}

impl Transport {
    /// The transport that the request asks for.
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get(HX_REQUEST_TYPE) {
            Some(kind) if kind == "partial" => Self::Partial,
            _ => Self::Page,
        }
    }
}
