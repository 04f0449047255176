//! What every answer says to browsers and caches, errors and files included.

#![expect(clippy::expect_used, reason = "an expectation that does not hold is a failed test")]

mod representations;

use tests::{Answer, Browser, TestApp, Transport};
use url::Url;

use crate::{
    csrf,
    people::{self, ADA, MIA, ZOE},
};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// Paths that are not in the route table.
const OTHERS: &[&str] = &[
    "/livez",
    "/readyz",
    "/favicon.ico",
    "/assets/nothing.css",
    "/nowhere",
    "/dev/mail",
    "/admin/users/x/role",
];

/// Each route and what surrounds them, in every method, for everybody, as page and
/// as fragment. A form without a token does nothing;
/// what is answered when it is done is asked for by [`csrf::done`].
async fn every_answer(app: &TestApp) -> Vec<(String, Answer)> {
    people::sign_up(app, MIA).await;
    people::seed_admin(app, ADA).await;
    people::sign_up(app, ZOE).await;
    let proof = people::proof(app, ZOE).await;
    let compromise_report = people::compromise_report_path(app, MIA).await;
    let reset = people::reset_path(app, MIA).await;
    let id = people::id_of(app, MIA).await;
    let mut anonymous = app.browser(Transport::Plain);
    anonymous.cookies_mut().plant(people::PROOF, &proof.cookie);
    anonymous.visit("/login").await;
    let style = style_sheet(&anonymous);
    let user = people::logged_in(app, Transport::Plain, MIA).await;
    let admin = people::logged_in(app, Transport::Plain, ADA).await;
    let paths = tests::account_routes()
        .into_iter()
        .map(|route| route.path.replace("/reset-password/{token}", &reset).replace("{id}", &id))
        .map(|path| path.replace("/confirm-address/{token}", &proof.path))
        .map(|path| {
            path.replace("/not-me/{token}", &compromise_report).replace("{session}", "nobodys")
        })
        .map(|path| path.replace("{token}", "x"))
        .map(|path| path.replace("{app}", "x").replace("{browser}", "x"));
    let mut paths: Vec<String> = paths.chain(OTHERS.iter().map(ToString::to_string)).collect();
    paths.extend([style, "/reset-password/x".to_owned(), "/%00".to_owned()]);
    let mut answers = Vec::new();
    for (name, browser) in [("anonymous", anonymous), ("user", user), ("admin", admin)] {
        for path in &paths {
            for method in ["GET", "HEAD", "POST", "PUT", "OPTIONS"] {
                for is_partial in [false, true] {
                    let request = browser.raw(method, path).same_origin();
                    let request = if is_partial { request.htmx_partial() } else { request };
                    let what = format!("{method} {path} {name} {is_partial}");
                    answers.push((what, request.send().await));
                }
            }
        }
    }
    answers
}

fn style_sheet(browser: &Browser) -> String {
    let link = browser.page().dom().find("link[rel=stylesheet]").expect("a style sheet");
    link.attr("href").expect("an address").to_owned()
}

/// OUT-03, OUT-09, OUT-12, HDR-01, HDR-06, contract, "Cookies and headers".
#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    for (what, answer) in Box::pin(every_answer(&app)).await {
        assert_secured(&what, &answer);
    }
}

fn assert_secured(what: &str, answer: &Answer) {
    for (name, value) in [
        ("content-security-policy", CSP),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
    ] {
        let values: Vec<_> = answer.headers.get_all(name).iter().collect();
        assert_eq!(values, [value], "{what}: {name}");
    }
    let referrer = answer.header("referrer-policy").unwrap_or_default();
    assert!(matches!(referrer, "no-referrer" | "same-origin"), "{what}: {referrer}");
    assert!(answer.header("permissions-policy").is_some(), "{what}");
    assert!(answer.header("x-request-id").is_some_and(|id| !id.is_empty()), "{what}");
    for name in ["server", "x-powered-by", "via", "x-runtime"] {
        assert!(answer.header(name).is_none(), "{what}: {name}");
    }
    assert!(answer.status() < 500, "{what}: {}", answer.status());
}

/// OUT-09: a body says what it is.
#[tokio::test]
async fn every_body_has_its_type_and_character_set() {
    let app = TestApp::start().await;
    for (what, answer) in Box::pin(every_answer(&app)).await {
        assert_typed(&what, &answer);
    }
}

fn assert_typed(what: &str, answer: &Answer) {
    let kind = answer.header("content-type").unwrap_or_default();
    let known = [
        "text/html; charset=utf-8",
        "text/plain; charset=utf-8",
        "text/css; charset=utf-8",
        "text/csv; charset=utf-8",
        "application/json",
    ];
    let is_known = known.contains(&kind) || kind.starts_with("image/");
    assert!(answer.body.is_empty() || is_known, "{what}: {kind:?}");
    if what.starts_with("HEAD ") {
        assert!(answer.body.is_empty(), "{what}");
    }
    if answer.status() == 405 {
        assert!(answer.header("allow").is_some(), "{what}: 405 without Allow");
    }
    if answer.is_html() {
        let is_page = answer.body.is_empty() || answer.body.starts_with("<!DOCTYPE html>");
        // The check of a field is a part of a page, for htmx alone.
        let is_part = what.ends_with("true") || what.contains("/signup/check done");
        assert!(is_page || is_part, "{what}: {}", answer.body);
    }
}

/// SES-14, OUT-06.
#[tokio::test]
async fn what_differs_by_visitor_is_kept_by_no_cache_and_files_set_no_cookie() {
    let app = TestApp::start().await;
    for (what, answer) in Box::pin(every_answer(&app)).await {
        assert_uncached(&what, &answer);
    }
}

fn assert_uncached(what: &str, answer: &Answer) {
    let path = what.split(' ').nth(1).unwrap_or_default();
    let cache = answer.header("cache-control").unwrap_or_default();
    let is_file = path.starts_with("/assets/") || path == "/favicon.ico";
    if is_file || path == "/livez" || path == "/readyz" {
        assert!(answer.cookies().is_empty(), "{what} sets a cookie");
    }
    if is_file && answer.status() == 200 {
        assert!(cache.starts_with("public, max-age="), "{what}: {cache}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{what}");
        return;
    }
    if is_file {
        return;
    }
    assert!(cache.contains("no-store"), "{what}: {cache}");
    let vary = answer.header("vary").unwrap_or_default().to_lowercase();
    for name in ["cookie", "hx-request", "hx-request-type"] {
        assert!(vary.split(", ").any(|other| other == name), "{what}: {vary}");
    }
}

/// RED-07: nothing sends a visitor away from the site.
#[tokio::test]
async fn no_answer_leads_to_another_site() {
    let app = TestApp::start().await;
    for (what, answer) in Box::pin(every_answer(&app)).await {
        assert_local(&what, &answer, app.public_url());
    }
}

fn assert_local(what: &str, answer: &Answer, site: &Url) {
    for name in ["location", "hx-redirect", "hx-push-url", "hx-location", "content-location"] {
        let to = answer.header(name).unwrap_or("/");
        let target = site.join(to).unwrap();
        assert!(to.starts_with('/') && target.origin() == site.origin(), "{what}: {to}");
    }
    let is_redirect = (300..400).contains(&answer.status());
    assert!(!is_redirect || answer.header("location").is_some(), "{what}");
    assert!(!(is_redirect && what.ends_with("true")), "{what}: htmx follows {}", answer.status());
}

/// OUT-03, OUT-09, RED-07, SES-14: an action that is done is answered no other way.
#[tokio::test]
async fn what_is_done_is_answered_with_the_same_headers_as_everything_else() {
    let site = Url::parse("https://latchkey.test").unwrap();
    let answers = Box::pin(csrf::done()).await;
    assert!(answers.len() > 40, "{}", answers.len());
    for (what, answer) in answers {
        assert_secured(&what, &answer);
        assert_typed(&what, &answer);
        assert_uncached(&what, &answer);
        assert_local(&what, &answer, &site);
    }
}

/// HDR-01: over http no HSTS header is sent.
#[tokio::test]
async fn a_site_without_https_makes_no_promise_of_it() {
    let app = TestApp::with(|settings| {
        settings.server.public_url = "http://latchkey.test".parse().unwrap();
    })
    .await;
    people::sign_up(&app, MIA).await;

    let browser = people::logged_in(&app, Transport::Plain, MIA).await;

    assert!(browser.page().header("strict-transport-security").is_none());
    let session = browser.cookies().get("latchkey-session").expect("a session");
    assert!(!session.secure && session.http_only && session.value.len() >= 22);
}

/// HDR-06.
#[tokio::test]
async fn files_of_the_machine_are_not_there() {
    let app = TestApp::start().await;
    for path in [
        "/.git/config",
        "/.env",
        "/Cargo.toml",
        "/latchkey.toml",
        "/assets/",
        "/assets",
        "/assets/../Cargo.toml",
        "/assets/..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/..\\Cargo.toml",
        "/assets//etc/passwd",
        "/assets/app.css",
        "/var/latchkey.db",
        "/server-status",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: latchkey.test\r\nConnection: close\r\n\r\n");
        let answer = app.exchange(request.as_bytes()).await;
        let text = String::from_utf8_lossy(&answer);
        assert!(matches!(people::status_of(&answer), 400 | 404), "{path}: {text}");
        assert!(
            !text.contains("Cargo") && !text.contains("/work") && !text.contains("/tmp"),
            "{path}"
        );
    }
}
