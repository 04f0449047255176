//! Addresses that programs ask for.

use std::time::Duration;

use poem::{Response, handler};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{answer::Answer, extract::LocalPath, visit::Visit};

/// How long what `security.txt` says holds good; made anew at each request.
const SECURITY_TXT_LIFETIME: Duration = Duration::from_hours(180 * 24);

/// Where password managers send people (W3C, "A Well-Known URL for Changing
/// Passwords").
#[handler]
pub(crate) fn change_password() -> Answer {
    Answer::redirect(LocalPath::of("/settings/password"))
}

/// Where to report a weakness (RFC 9116): the mailbox that RFC 2142 names, at the
/// domain that mails come from.
#[handler]
pub(crate) fn security_txt(visit: &Visit) -> Response {
    let site = &visit.site;
    let expires = visit.accounts().clock().now() + SECURITY_TXT_LIFETIME;
    let expires = OffsetDateTime::from_unix_timestamp(expires.as_seconds())
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_default();
    text(format!(
        "Contact: mailto:security@{}\nExpires: {expires}\nPreferred-Languages: en\n\
         Canonical: {}.well-known/security.txt\n",
        site.mail_domain, site.public_url
    ))
}

/// What crawlers may read.
#[handler]
pub(crate) fn robots_txt() -> Response {
    text(
        "User-agent: *\nDisallow: /admin/\nDisallow: /not-me/\nDisallow: /reset-password/\n\
          Disallow: /settings/\n"
            .to_owned(),
    )
}

fn text(body: String) -> Response {
    Response::builder().content_type("text/plain; charset=utf-8").body(body)
}
