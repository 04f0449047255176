//! Sessions: their users, and how they end.

mod cookie;
mod lifetime;
mod voided;

use std::time::Duration;

use auth::{Freshness, session::ActivityKind};
use tests::{TestApp, Transport};

use crate::{
    flows::{ADA, MIA, PASSWORD, logged_in, make_admin, make_user, post},
    people::{is_alive, session_of},
};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

/// SES-02, LOG-01: each log-in is another id.
#[tokio::test]
async fn each_log_in_has_an_id_of_its_own() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    let first = session_of(&browser);
    browser.form("logout-form").submit().await;

    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", MIA);
    form.fill("password", PASSWORD).submit().await;

    assert_ne!(session_of(&browser), first);
    assert!(!is_alive(&app, &first).await);
}

/// SES-10: a visitor who only reads causes no row; anonymous forms are protected without one. With
/// their token they reach the form itself, and are refused there.
#[tokio::test]
async fn visitors_who_only_read_leave_nothing_behind() {
    let app = TestApp::start().await;
    let before = app.database_digest().await;
    for transport in Transport::ALL {
        let mut browser = app.browser(transport);
        for path in ["/", "/login", "/signup", "/forgot-password", "/profile", "/nowhere"] {
            browser.visit(path).await;
            browser.raw("POST", path).same_origin().form(&[("email", MIA)]).send().await;
        }
        for path in ["/login", "/signup", "/forgot-password"] {
            browser.visit(path).await;
            let answer = post(&browser, path, &[("email", "no address"), ("password", "x")]).await;
            assert_eq!(answer.status(), 422, "{path}");
        }
        assert!(browser.cookies().session().is_none());
    }
    assert_eq!(app.database_digest().await, before);
}

/// SES-14 (CVE-2023-30861): no shared cache answers one visitor with the page of
/// another.
#[tokio::test]
async fn no_answer_to_a_user_is_stored() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    let browser = logged_in(&app, Transport::Plain, ADA).await;
    for path in ["/", "/profile", "/login", "/admin/users", "/forgot-password", "/nowhere"] {
        let answer = browser.raw("GET", path).send().await;

        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let vary = answer.header("vary").unwrap_or_default().to_lowercase();
        assert!(vary.contains("cookie"), "{path}: {vary}");
    }
    for path in ["/livez", "/readyz", "/favicon.ico"] {
        let answer = browser.raw("GET", path).send().await;
        assert!(answer.header("set-cookie").is_none(), "{path}");
    }
}

/// SES-15: a further log-in ends the oldest session.
#[tokio::test]
async fn no_user_has_more_than_twenty_sessions() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut sessions = Vec::new();
    for _ in 0..21 {
        sessions.push(session_of(&logged_in(&app, Transport::Plain, MIA).await));
        app.clock.advance(SECOND);
    }

    assert_eq!(app.count("sessions").await, 20);
    assert!(!is_alive(&app, &sessions[0]).await);
    assert!(is_alive(&app, &sessions[1]).await && is_alive(&app, &sessions[20]).await);
}

/// LOG-06: a deleted account has no session.
#[tokio::test]
async fn the_sessions_of_an_account_that_is_gone_end() {
    let app = TestApp::with(|settings| settings.session.cache_ttl = Duration::ZERO).await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;

    app.database.execute("DELETE FROM users").await;

    assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
    assert_eq!(app.count("sessions").await, 0);
}

/// OUT-07: a form in a session that has expired leads to the log-in page and back to
/// the page it was on, never to a log-in page inside the form.
#[tokio::test]
async fn a_form_of_an_expired_session_leads_back_by_the_log_in_page() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_admin(&app, ADA).await;
        let mut browser = logged_in(&app, transport, ADA).await;
        browser.visit("/admin/users").await;
        let before = app.database.rows("users").await;
        app.clock.advance(DAY);

        let page = browser.form("logout-form").submit().await;

        assert_eq!(page.path(), "/login?next=%2Fadmin%2Fusers", "{transport:?}");
        assert_eq!(page.dom().select("main form").len(), 1, "{transport:?}");
        assert_eq!(app.database.rows("users").await, before);
        let form = browser.form("login-form").fill("email", ADA);
        assert_eq!(form.fill("password", PASSWORD).submit().await.path(), "/admin/users");
    }
}

/// SES-07, RAC-03: what ended stays ended, whatever was under way.
#[tokio::test]
async fn a_session_that_ended_is_not_revived_by_a_late_reader() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;
    let id = session_of(&browser);
    let found = app
        .accounts()
        .sessions()
        .find_session(&id, Freshness::Fresh, ActivityKind::Visitor)
        .await
        .unwrap()
        .unwrap();
    let late = app.accounts().sessions().session_values(&found.principal);
    post(&browser, "/logout", &[]).await;

    late.insert("cart", 7).await.unwrap();
    assert!(late.save().await.is_err());

    assert_eq!(app.count("sessions").await, 0);
    assert!(!is_alive(&app, &id).await);
}
