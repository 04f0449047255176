//! The page that a form was on, as the browser names it. A client can send any address, so it is
//! checked like every address from outside.

use poem::http::{HeaderMap, Uri, header};

/// The address in the address bar, as far as the page let the browser tell it.
pub fn referer(headers: &HeaderMap) -> Option<Uri> {
    let value = headers.get("hx-current-url").or_else(|| headers.get(header::REFERER))?;
    value.to_str().ok()?.parse().ok()
}
