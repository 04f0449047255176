//! What a visitor sees when there is no page to show.

use reqwest::header::HeaderMap;
use tests::{Answer, Browser, TestApp, Transport, support::search::without_tokens};

use crate::flows::{ADA, MIA, logged_in, make_admin, make_user};

/// A whole page of the site that says what happened and what to quote.
fn assert_page(answer: &Answer, status: u16, what: &str) {
    assert_eq!(answer.status(), status, "{what}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{what}");
    let id = answer.header("x-request-id").expect("each answer has an id");
    assert!(answer.body.contains(&format!("<code>{id}</code>")), "{what}: {}", answer.body);
    for part in ["<!DOCTYPE html>", "<h1>", "id=\"nav\"", "id=\"main\"", "href=\"/\""] {
        assert!(answer.body.contains(part), "{what}: no {part}");
    }
    assert_eq!(answer.body.matches("<h1").count(), 1, "{what}");
    assert_discreet(answer, what);
}

/// A fragment for the alerts, with what to quote.
fn assert_alert(answer: &Answer, status: u16, what: &str) {
    assert_eq!(answer.status(), status, "{what}");
    assert_eq!(answer.header("hx-retarget"), Some("#alerts"), "{what}");
    assert_eq!(answer.header("hx-reswap"), Some("innerHTML"), "{what}");
    let id = answer.header("x-request-id").expect("each answer has an id");
    assert!(answer.body.contains(id), "{what}: {}", answer.body);
    assert!(!answer.body.contains("<html") && !answer.body.contains("<h1"), "{what}");
    assert_discreet(answer, what);
}

/// OUT-08, HDR-06: nothing about how it is made.
fn assert_discreet(answer: &Answer, what: &str) {
    let body = without_tokens(&answer.body).to_lowercase();
    for secret in
        ["select ", "src/", ".rs", "poem", "panicked", "sqlite", "sqlx", "domain::", "no such"]
    {
        assert!(!body.contains(secret), "{what}: {secret} in {}", answer.body);
    }
    assert!(answer.header("server").is_none() && answer.header("x-powered-by").is_none());
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
}

/// Sends a request that is answered with the status, 415 when it is none of these, as
/// a page or as a fragment.
async fn provoke(browser: &Browser, status: u16, is_partial: bool) -> Answer {
    let token = browser.csrf_token();
    let csrf = ("csrf_token", token.as_str());
    let request = |method, path: &str| {
        let request = browser.raw(method, path).same_origin();
        if is_partial { request.htmx_partial() } else { request }
    };
    let many = vec![csrf; 65];
    let answer = match status {
        400 => request("POST", "/forgot-password").form(&many),
        403 => request("GET", "/admin/users"),
        404 => request("GET", "/nowhere"),
        405 => request("POST", "/profile").form(&[csrf]),
        413 => request("POST", "/forgot-password").form(&[("email", &"a".repeat(70_000))]),
        _ => request("POST", "/forgot-password").body("application/json", "{}"),
    };
    answer.send().await
}

/// OUT-08, OUT-09, HDR-06, contract, "Three transports, one form", "anything else".
#[tokio::test]
async fn each_error_is_a_page_of_the_site_or_an_alert_on_the_page_that_is_there() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;
    let before = app.database_digest().await;
    for status in [400, 403, 404, 405, 413, 415] {
        let page = provoke(&browser, status, false).await;
        assert_page(&page, status, &format!("{status}"));
        assert!(page.header("hx-retarget").is_none(), "{status}");

        let alert = provoke(&browser, status, true).await;
        assert_alert(&alert, status, &format!("{status} as a fragment"));
    }
    assert_eq!(app.database_digest().await, before);
}

/// A page of ours keeps the visitor's navbar, so that there is a way on.
#[tokio::test]
async fn an_error_page_keeps_the_navbar_of_the_visitor() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    let mut browser = logged_in(&app, Transport::Plain, ADA).await;

    let page = browser.visit("/nowhere").await;

    assert_eq!((page.status(), page.h1().as_str()), (404, "Page not found"));
    assert!(page.is_logged_in() && page.nav_links().contains(&"/admin/users".to_owned()));
    assert_eq!(page.link("Go to the home page").as_deref(), Some("/"));
    assert!(page.title().starts_with("Page not found"));
}

#[tokio::test]
async fn a_link_that_is_gone_is_a_page_with_a_way_on() {
    let app = TestApp::start().await;
    let browser = app.browser(Transport::Plain);
    let request = || browser.raw("GET", "/reset-password/unknown");

    let page = request().send().await;
    assert_eq!(page.status(), 410);
    assert!(page.body.contains("<!DOCTYPE html>") && page.body.contains("/forgot-password"));

    let fragment = request().htmx_partial().send().await;
    assert_eq!((fragment.status(), fragment.header("hx-retarget")), (410, Some("#main")));
    assert!(!fragment.body.contains("<html") && fragment.body.contains("/forgot-password"));
}

/// INP-09, RFC 9110 §15.5.6.
#[tokio::test]
async fn a_method_that_a_path_does_not_take_is_told_those_it_takes() {
    let app = TestApp::start().await;
    let browser = app.browser(Transport::Plain);
    for (path, allowed) in [
        ("/", "GET, HEAD"),
        ("/login", "GET, HEAD, POST"),
        ("/signup/check", "POST"),
        ("/logout", "POST"),
        ("/admin/users/1/role", "POST"),
        ("/profile", "GET, HEAD"),
        ("/reset-password/x", "GET, HEAD, POST"),
    ] {
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let request = browser.raw(method, path).header("x-secret", "do not echo");
            let answer = request.send().await;

            assert!(matches!(answer.status(), 405 | 501), "{method} {path}: {}", answer.status());
            if answer.status() == 405 {
                assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
            }
            assert!(!answer.body.contains("do not echo"), "{method} {path}");
        }
    }
}

/// Contract, "Routes": HEAD wherever GET, with the headers of GET.
#[tokio::test]
async fn head_is_answered_like_get_without_the_body() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    let browser = logged_in(&app, Transport::Plain, ADA).await;
    let names = |headers: &HeaderMap| {
        let names = headers.keys().map(ToString::to_string);
        let mut names: Vec<_> = names.filter(|name| name != "content-length").collect();
        names.sort();
        names
    };
    for path in [
        "/",
        "/profile",
        "/admin/users",
        "/login",
        "/forgot-password",
        "/reset-password/unknown",
        "/nowhere",
        "/livez",
        "/readyz",
        "/robots.txt",
        "/favicon.ico",
        "/.well-known/security.txt",
        "/.well-known/change-password",
    ] {
        let get = browser.raw("GET", path).send().await;
        let head = browser.raw("HEAD", path).send().await;

        assert_eq!(head.status(), get.status(), "{path}");
        assert_eq!(head.body, "", "{path}");
        assert_eq!(names(&head.headers), names(&get.headers), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

/// INP-02: too much is too much, whether it is announced or not.
#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let app = TestApp::start().await;
    let chunk = format!("{:x}\r\n{}\r\n", 16_384, "a".repeat(16_384));
    let head = "POST /login HTTP/1.1\r\nHost: latchkey.test\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";

    let answer = app.exchange(format!("{head}{}", chunk.repeat(5)).as_bytes()).await;

    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("This is too large"), "{answer}");
}

/// INP-01: a path that is not UTF-8 is refused, wherever the bytes are.
#[tokio::test]
async fn an_address_that_is_no_text_is_a_bad_request() {
    let app = TestApp::start().await;
    let browser = app.browser(Transport::Plain);

    for path in ["/%ff", "/reset-password/%ff", "/admin/users/%ff/role"] {
        assert_page(&browser.raw("GET", path).send().await, 400, path);
        assert_alert(&browser.raw("GET", path).htmx_partial().send().await, 400, path);
    }
}

/// OUT-06: a fragment's address opened by hand is no page, and says so in style.
#[tokio::test]
async fn the_address_of_a_fragment_is_no_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);

    let page = browser.visit("/signup/check").await;

    assert_eq!((page.status(), page.header("allow")), (405, Some("POST")));
    assert_eq!(page.h1(), "This page can’t be used like that");
}

/// OUT-08: whatever the database says, a visitor reads none of it.
#[tokio::test]
async fn a_failure_of_the_database_tells_nothing_of_it_on_any_route() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    let id = crate::people::id_of(&app, ADA).await;
    let admin = logged_in(&app, Transport::Plain, ADA).await;
    let mut nobody = app.browser(Transport::Plain);
    nobody.visit("/login").await;
    for table in ["users", "sessions", "tokens", "outbox"] {
        app.database.execute(&format!("ALTER TABLE {table} RENAME TO {table}_elsewhere")).await;
        let mut failures = 0;
        for route in tests::account_routes() {
            let path = route.path.replace("{id}", &id).replace("{token}", &"A".repeat(43));
            for (browser, is_partial) in [(&admin, false), (&nobody, false), (&nobody, true)] {
                let what = format!("{} {path} without {table}", route.method);
                let answer = send_all(browser, route.method.as_str(), &path, is_partial).await;
                assert_discreet(&answer, &what);
                failures += usize::from(answer.status() == 500);
                match (answer.status(), is_partial) {
                    (500, false) => assert_page(&answer, 500, &what),
                    (500, true) => assert_alert(&answer, 500, &what),
                    (status, _) => assert!(status < 500, "{what}: {status}"),
                }
            }
        }
        assert!(failures > 0, "{table}");
        app.database.execute(&format!("ALTER TABLE {table}_elsewhere RENAME TO {table}")).await;
    }
}

/// Every field that any form has.
async fn send_all(browser: &Browser, method: &str, path: &str, is_partial: bool) -> Answer {
    let token = browser.csrf_token();
    let request = browser.raw(method, path).same_origin();
    let request = if is_partial { request.htmx_partial() } else { request };
    let fields = [
        ("csrf_token", token.as_str()),
        ("email", "new@example.test"),
        ("name", "New"),
        ("password", "another goose on the loose"),
        ("current_password", "a goose on the loose"),
        ("role", "user"),
        ("field", "email"),
    ];
    if method == "GET" { request } else { request.form(&fields) }.send().await
}
