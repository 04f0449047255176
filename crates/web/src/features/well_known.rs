//! Addresses that programs ask for.

use poem::{IntoResponse, Response, handler};

use crate::{answer::Answer, extract::LocalPath, visit::Visit};

/// Where password managers send people (W3C, "A Well-Known URL for Changing
/// Passwords").
#[handler]
pub(crate) fn change_password() -> Answer {
    Answer::redirect(LocalPath::of("/forgot-password"))
}

/// Where to report a weakness (RFC 9116).
#[handler]
pub(crate) fn security_txt(visit: &Visit) -> Response {
    text(visit.site.security_txt.clone())
}

/// What crawlers may read.
#[handler]
pub(crate) fn robots_txt() -> Response {
    text("User-agent: *\nDisallow: /admin/\nDisallow: /reset-password/\n".to_owned())
}

fn text(body: String) -> Response {
    body.with_content_type("text/plain; charset=utf-8").into_response()
}
