//! The same address as a page, as a fragment, and as a file of fewer bytes.

use reqwest::Method;
use tests::{Answer, TestApp, Transport};
use web::Policy;

use super::style_sheet;
use crate::factors;
use crate::people::{self, ADA, MIA, ZOE};

/// OUT-06: a fragment is for htmx alone, and the whole page for everybody else.
#[tokio::test]
async fn a_request_gets_the_representation_that_it_asks_for() {
    let app = TestApp::start().await;
    people::sign_up(&app, ZOE).await;
    let proof = people::proof(&app, ZOE).await;
    let mut browser = app.browser(Transport::Plain);
    browser.cookies_mut().plant(people::PROOF, &proof.cookie);
    for route in tests::account_routes() {
        let is_public = matches!(route.policy, Policy::Anyone | Policy::Anonymous);
        let is_page = route.method == Method::GET && !route.path.contains(['.', '{']);
        // The state of a mail is a part of a page, for htmx alone, and a second step, or a mail
        // that was asked for, is there for those who have done the first.
        if !is_public
            || !is_page
            || route.path.starts_with(factors::SECOND)
            || ["/dev/mail", "/mailbox/state", "/forgot-password/sent"].contains(&route.path)
        {
            continue;
        }
        let get = || browser.raw("GET", route.path);
        let plain = get().send().await;
        let full =
            get().header("hx-request", "true").header("hx-request-type", "full").send().await;
        let bare = get().header("hx-request", "true").send().await;
        let partial = get().htmx_partial().send().await;

        for page in [&plain, &full, &bare] {
            assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", route.path);
            assert_eq!(page.body.matches("<h1").count(), 1, "{}", route.path);
        }
        assert!(
            !partial.body.contains("<html") && partial.body.contains("<title>"),
            "{}",
            route.path
        );
        assert_eq!(partial.header("hx-retarget"), Some("#main"), "{}", route.path);
    }
}

/// OUT-07.
#[tokio::test]
async fn a_session_that_ends_during_an_htmx_request_leads_back_by_the_log_in_page() {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    people::seed_admin(&app, ADA).await;
    let mut browser = people::logged_in(&app, Transport::HtmxPartial, ADA).await;
    let user_page = people::user_page(&app, MIA).await;
    browser.visit(&user_page).await;
    let form = format!("role-form-{}", people::id_of(&app, MIA).await);
    app.database.execute("DELETE FROM sessions").await;

    let page = browser.form(&form).choose("role", "admin").submit().await;

    let next = user_page.replace('/', "%2F");
    assert_eq!(page.path(), format!("/login?next={next}"));
    assert_eq!(page.dom().select("main form").len(), 1, "nothing is nested");
    let form = browser.form("login-form").fill("email", ADA);
    let page = form.fill("password", people::PASSWORD).submit().await;
    assert_eq!(page.path(), user_page);
}

/// Contract, "Routes": content-hashed names, immutable for a year, br and gzip, strong `ETag`.
#[tokio::test]
async fn a_file_is_kept_for_a_year_and_sent_as_small_as_the_browser_can_take_it() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/").await;
    let path = style_sheet(&browser);
    let get = |encoding: &str| browser.raw("GET", &path).header("accept-encoding", encoding);
    let plain = get("identity").send().await;
    let length =
        |answer: &Answer| answer.header("content-length").unwrap().parse::<usize>().unwrap();

    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(length(&plain), plain.body.len());
    let mut tags = vec![plain.header("etag").expect("an ETag").to_owned()];
    for (accepted, encoding) in
        [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0.1, gzip;q=0.9", "gzip")]
    {
        let answer = get(accepted).send().await;
        assert_eq!(answer.header("content-encoding"), Some(encoding), "{accepted}");
        assert!(length(&answer) < plain.body.len(), "{accepted}");
        tags.push(answer.header("etag").expect("an ETag").to_owned());
    }
    assert!(tags.iter().all(|tag| tag.starts_with('"') && tag.len() > 10), "{tags:?}");
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[2] == tags[3], "{tags:?}");

    let same = get("identity").header("if-none-match", &tags[0]).send().await;
    assert_eq!((same.status(), same.body.as_str()), (304, ""));
    assert_eq!(same.header("etag"), Some(tags[0].as_str()));
    let other = get("identity").header("if-none-match", &tags[1]).send().await;
    assert_eq!(other.status(), 200);
    let head = browser.raw("HEAD", &path).header("accept-encoding", "identity").send().await;
    assert_eq!((head.status(), length(&head), head.body.as_str()), (200, plain.body.len(), ""));
    let name = path.rsplit('/').next().unwrap_or_default();
    assert!(name.split(['.', '-']).any(|part| part.len() >= 8), "{name} holds no hash");
    for method in ["POST", "DELETE"] {
        let answer = browser.raw(method, &path).send().await;
        assert_eq!((answer.status(), answer.header("allow")), (405, Some("GET, HEAD")));
    }
}

/// CSRF-07 (BREACH).
#[tokio::test]
async fn pages_are_not_compressed() {
    let app = TestApp::start().await;
    let browser = app.browser(Transport::Plain);
    for path in ["/", "/login", "/signup", "/nowhere"] {
        let answer = browser.raw("GET", path).header("accept-encoding", "gzip, br").send().await;
        assert!(answer.header("content-encoding").is_none(), "{path}");
    }
}
