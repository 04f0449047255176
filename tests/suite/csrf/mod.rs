//! Requests that another site makes a browser send, for every route of the table.

mod admin;
mod case;
mod done;
mod factors;
mod links;
mod other_user;
mod pages;
mod passkeys;
mod tabs;

use tests::{Answer, Browser, RawRequest, TestApp, Transport};
use web::{Policy, RouteInfo};

pub(crate) use self::{
    case::{Case, case},
    done::done,
    links::link,
};
use crate::people::{self, ADA, LEA, MIA, PASSWORD, ZOE};

/// Every route that is not only read.
pub(crate) fn actions() -> impl Iterator<Item = RouteInfo> {
    tests::account_routes().into_iter().filter(|route| !route.method.is_safe())
}

/// An app with a user and an admin, and the form of one route.
async fn scene(route: RouteInfo) -> (TestApp, Case) {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    people::confirm(&app, MIA).await;
    people::sign_up(&app, ZOE).await;
    people::seed_admin(&app, ADA).await;
    let proof = people::proof(&app, ZOE).await;
    people::sign_up(&app, LEA).await;
    app.clock.advance(auth::RESEND_PAUSE);
    if route.path == "/account-deletion/cancel" {
        people::wait_for_deletion(&app, MIA).await;
    }
    let link = link(&app, &route, MIA, LEA).await;
    admin::prepare(&app, route.path).await;
    let case = case(&app, route, &link, proof, [MIA, LEA]).await;
    (app, case)
}

/// A browser of a user whom the route admits, a token from before that, and its own token.
async fn allowed(app: &TestApp, case: &Case) -> (Browser, String, String) {
    let email = match case.route.policy {
        Policy::Anyone | Policy::Anonymous => None,
        Policy::AnyUser | Policy::User | Policy::RecentUser => Some(MIA),
        Policy::Permission(_) | Policy::RecentPermission(_) => Some(ADA),
    };
    let mut browser = app.browser(Transport::Plain);
    browser.cookies_mut().plant(people::PROOF, &case.proof);
    case.plant_pending(&mut browser);
    if let Some(email) = email {
        browser.visit("/login").await;
        let before = browser.csrf_token();
        people::log_in(&mut browser, email).await;
        people::mails_sent(app).await;
        let token = browser.csrf_token();
        return (browser, before, token);
    }
    let before = people::logged_in(app, Transport::Plain, MIA).await.csrf_token();
    browser.visit("/login").await;
    let token = browser.csrf_token();
    (browser, before, token)
}

/// CSRF-01, CSRF-06, and that the same form is taken with its token.
#[tokio::test]
async fn no_action_is_taken_without_the_token_of_the_visitor() {
    for route in actions() {
        let (app, case) = Box::pin(scene(route)).await;
        let (browser, before, token) = allowed(&app, &case).await;
        let (_other, _, foreign) = allowed(&app, &case).await;
        let case = case.known_to(&app, &browser).await;
        let half = &token[..token.len() / 2];
        let digest = app.database_digest().await;

        for wrong in ["", "garbage", half, &foreign, &before] {
            let request = case.request(&browser, Some(wrong));
            refuses(&case, request, wrong).await;
            let request = case.request(&browser, None).header("x-csrf-token", wrong);
            refuses(&case, request, wrong).await;
        }
        refuses(&case, case.request(&browser, None), "no token").await;
        let path = format!("{}?csrf_token={token}", case.path);
        let request = browser.raw(case.route.method.as_str(), &path).same_origin();
        refuses(&case, request.form(&case.fields), "a token in the query").await;
        let mut doubled = case.fields.clone();
        doubled.extend([("csrf_token", token.as_str()), ("csrf_token", "garbage")]);
        let request = case.request(&browser, None).form(&doubled);
        refuses(&case, request, "two tokens").await;

        assert_eq!(app.database_digest().await, digest, "{}", case.path);
        accepts(&app, &case, case.request(&browser, Some(&token))).await;
    }
}

/// CSRF-01: a logged-in user has one token on every page, also on those for anyone.
#[tokio::test]
async fn a_form_for_everybody_wants_the_token_of_the_user_who_is_logged_in() {
    for route in actions().filter(|route| route.policy == Policy::Anyone) {
        let (app, mut case) = Box::pin(scene(route)).await;
        let mut browser = app.browser(Transport::Plain);
        browser.cookies_mut().plant(people::PROOF, &case.proof);
        browser.visit("/login").await;
        let before = browser.csrf_token();
        people::log_in(&mut browser, MIA).await;
        let foreign = people::logged_in(&app, Transport::Plain, MIA).await.csrf_token();
        people::mails_sent(&app).await;
        let own = browser.csrf_token();
        let digest = app.database_digest().await;

        for wrong in ["", &own[..own.len() / 2], &foreign, &before] {
            refuses(&case, case.request(&browser, Some(wrong)), wrong).await;
        }
        refuses(&case, case.request(&browser, None), "no token").await;

        assert_eq!(app.database_digest().await, digest, "{}", case.path);
        // The language of an account is kept, that of a visitor is not.
        case.writes |= case.path == "/language";
        accepts(&app, &case, case.request(&browser, Some(&own))).await;
    }
}

/// CSRF-02, CSRF-03.
#[tokio::test]
async fn no_action_is_taken_that_a_browser_says_another_site_asked_for() {
    for route in actions() {
        let (app, case) = Box::pin(scene(route)).await;
        let (_other, ..) = allowed(&app, &case).await;
        let (browser, _, token) = allowed(&app, &case).await;
        let case = case.known_to(&app, &browser).await;
        let digest = app.database_digest().await;
        let plain = || {
            let request = case.request(&browser, Some(&token));
            request.without_header("origin").without_header("sec-fetch-site")
        };

        for site in ["cross-site", "same-site", "Same-Origin", "x"] {
            refuses(&case, plain().header("sec-fetch-site", site), site).await;
            let nameless = plain().header("sec-fetch-site", site).header("origin", "null");
            refuses(&case, nameless, site).await;
            let own = case.request(&browser, Some(&token)).header("sec-fetch-site", site);
            refuses(&case, own, site).await;
        }
        for origin in [
            "https://evil.test",
            "http://latchkey.test",
            "https://latchkey.test:444",
            "https://latchkey.test.evil.test",
            "https://sub.latchkey.test",
            "",
        ] {
            refuses(&case, plain().header("origin", origin), origin).await;
        }

        assert_eq!(app.database_digest().await, digest, "{}", case.path);
        refuses(&case, case.request(&browser, None).without_header("origin"), "no token").await;
        let silent = case.request(&browser, None).without_header("sec-fetch-site");
        refuses(&case, silent.header("origin", "null"), "no token and no origin").await;
        accepts(&app, &case, plain()).await;
    }
}

/// CSRF-04.
#[tokio::test]
async fn a_visitor_without_a_session_is_protected_by_a_cookie_of_the_host() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();
    let cookie =
        browser.cookies().get("__Host-latchkey-csrf").expect("the form came with one").clone();
    assert!(cookie.secure && cookie.http_only && !cookie.has_domain);
    assert_eq!(cookie.same_site.as_deref(), Some("Lax"));

    for path in ["/login", "/signup", "/forgot-password"] {
        let fields = [("csrf_token", token.as_str()), ("email", "x")];
        let request = || browser.raw("POST", path).same_origin().form(&fields);
        assert_eq!(request().send().await.status(), 422, "{path}");
        for cookies in [
            None,
            Some(format!("latchkey-csrf={}", cookie.value)),
            Some("__Host-latchkey-csrf=AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
            Some(format!("__Host-latchkey-csrf={0}; __Host-latchkey-csrf={0}", cookie.value)),
            Some(format!("__%48ost-csrf={}", cookie.value)),
        ] {
            let answer = request().with_cookies(cookies.clone()).send().await;
            assert_eq!(answer.status(), 403, "{path} {cookies:?}");
        }
    }
}

async fn refuses(case: &Case, request: RawRequest, why: &str) {
    for request in [request.clone(), request.htmx_partial()] {
        let answer = request.send().await;
        assert_eq!(answer.status(), 403, "{} {why:?}: {}", case.path, answer.body);
        assert!(!answer.body.contains(PASSWORD), "{} echoes the password", case.path);
    }
}

async fn accepts(app: &TestApp, case: &Case, request: RawRequest) {
    let before = app.database_digest().await;
    let answer: Answer = request.send().await;
    assert!(matches!(answer.status(), 200 | 303), "{}: {}", case.path, answer.body);
    assert_eq!(app.database_digest().await != before, case.writes, "{}", case.path);
}
