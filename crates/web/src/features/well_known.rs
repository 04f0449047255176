//! Addresses that programs ask for.

use std::{collections::BTreeSet, time::Duration};

use hypermedia::{
    answer::Answer,
    extract::LocalPath,
    page_context::PageContext,
    policy::{Policy, RouteInfo},
};
use poem::{Endpoint, Request, Response, handler};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::paths;

/// How long `security.txt` is valid; renewed at each request.
const SECURITY_TXT_LIFETIME: Duration = Duration::from_hours(180 * 24);

/// Paths of the accounts that crawlers should skip, up to their first parameter: pages for users, and
/// pages with a token or for one browser.
const PRIVATE: &[&str] = &[
    "/account-deletion",
    "/admin/",
    paths::CONFIRM_ADDRESS,
    "/confirm-email/",
    "/factor-reset/",
    "/invitation/",
    "/keep-factors/",
    paths::MAILBOX,
    paths::NEW_ACCOUNT,
    "/not-me/",
    paths::PROFILE,
    paths::RESET_PASSWORD,
    "/session",
    paths::SETTINGS,
    paths::SUDO,
    "/undo-email/",
];

/// Where password managers send people (W3C, "A Well-Known URL for Changing
/// Passwords").
#[handler]
pub(crate) fn change_password() -> Answer {
    Answer::redirect(LocalPath::of(paths::PASSWORD))
}

/// Where to report a weakness (RFC 9116): the mailbox that RFC 2142 names, at the
/// domain that mails come from.
#[handler]
pub(crate) fn security_txt(context: &PageContext) -> Response {
    let site = &context.site;
    let expires = context.accounts().clock().now() + SECURITY_TXT_LIFETIME;
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

/// The paths that crawlers should skip: those of the accounts, and each of the product that not
/// everyone may open.
pub(crate) struct RobotsTxt(BTreeSet<String>);

impl RobotsTxt {
    /// Reads the paths of the product from the table.
    pub(crate) fn of(table: &[RouteInfo]) -> Self {
        let is_private =
            |route: &&RouteInfo| !matches!(route.policy, Policy::Anyone | Policy::Anonymous);
        let private = table.iter().filter(is_private);
        let starts = private.map(|route| paths::beginning(route.path));
        let own = PRIVATE.iter().copied().map(paths::beginning).map(str::to_owned);
        let mut skipped: BTreeSet<String> = own.collect();
        // In their order a path comes after the one that covers it.
        for start in starts.filter(|start| *start != "/").collect::<BTreeSet<_>>() {
            if !skipped.iter().any(|path| start.starts_with(path)) {
                skipped.insert(start.to_owned());
            }
        }
        Self(skipped)
    }
}

impl Endpoint for RobotsTxt {
    type Output = Response;

    async fn call(&self, _request: Request) -> poem::Result<Response> {
        let lines = self.0.iter().map(|path| format!("Disallow: {path}\n"));
        Ok(text(["User-agent: *\n".to_owned()].into_iter().chain(lines).collect()))
    }
}

fn text(body: String) -> Response {
    Response::builder().content_type("text/plain; charset=utf-8").body(body)
}
