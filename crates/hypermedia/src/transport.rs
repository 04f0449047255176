//! How an answer will be used, as the request says.

use poem::http::HeaderMap;

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
        match headers.get("hx-request-type") {
            Some(kind) if kind == "partial" => Self::Partial,
            _ => Self::Page,
        }
    }
}
