//! A right password that waits for a second factor is no session, and ends with whatever else
//! happens to the account.

use std::time::Duration;

use auth::Order;
use domain::Role;
use reqwest::Method;
use tests::{Backend, TestApp, Transport};

use super::{PENDING, SECOND, give_code, give_password, protect, protected};
use crate::{
    cast::NOAH,
    flows::{MIA, PASSWORD, make_user},
    people,
};

/// MFA-03, MyMate#42: with nothing but its cookie every other route treats the visitor as anonymous.
#[tokio::test]
async fn a_pending_log_in_reaches_the_second_step_and_nothing_else() {
    let (app, _) = protected(Backend::Sqlite).await;
    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;
    let before = app.database_digest().await;
    let anonymous = app.browser(Transport::Plain);
    let token = browser.csrf_token();

    let mut seen = 0;
    for route in tests::account_routes() {
        let path = route.path.replace(['{', '}'], "");
        if path == SECOND || !route.policy.is_for_users() {
            continue;
        }
        seen += 1;
        let form = [("csrf_token", token.as_str())];
        let send = async |browser: &tests::Browser| {
            let request = browser.raw(route.method.as_str(), &path).same_origin();
            let is_get = route.method == Method::GET;
            if is_get { request } else { request.form(&form) }.send().await
        };
        let (pending, stranger) = (send(&browser).await, send(&anonymous).await);
        assert_eq!(pending.status(), 303, "{} {path}", route.method);
        assert_eq!(pending.header("location"), stranger.header("location"), "{path}");
    }

    assert!(seen > 20, "{seen}");
    assert_eq!(app.database_digest().await, before);
    assert_eq!(browser.visit(SECOND).await.status(), 200);
}

/// MFA-03: after ten minutes by the clock the password is asked for again.
#[tokio::test]
async fn a_pending_log_in_expires_and_the_address_is_filled_in() {
    for transport in Transport::ALL {
        let (app, protection) = protected(Backend::Sqlite).await;
        let mut browser = app.browser(transport);
        give_password(&mut browser, MIA).await;
        app.clock.advance(Duration::from_secs(599));
        assert_eq!(browser.visit(SECOND).await.path(), SECOND, "{transport:?}");
        app.clock.advance(Duration::from_secs(1));

        let page = give_code(&mut browser, &protection.phone.next_code()).await;

        assert_eq!(page.path(), "/login", "{transport:?}");
        assert!(page.flash().contains("took too long"), "{transport:?}: {}", page.flash());
        let email = page.field("login-form", "email").map(|control| control.value);
        assert_eq!(email.as_deref(), Some(MIA), "{transport:?}");
        assert_eq!(app.count("sessions").await, 0, "{transport:?}");
    }
}

/// MFA-03: looking at the page, and coming back to it, changes nothing; without a pending log-in
/// there is no page.
#[tokio::test]
async fn the_second_step_is_there_for_its_browser_alone() {
    let (app, _) = protected(Backend::Sqlite).await;
    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;
    let before = app.database_digest().await;

    assert_eq!(browser.visit(SECOND).await.path(), SECOND);
    assert_eq!(app.browser(Transport::Plain).visit(SECOND).await.path(), "/login");
    let mut planted = app.browser(Transport::Plain);
    planted.cookies_mut().plant(PENDING, "AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(planted.visit(SECOND).await.path(), "/login");

    assert_eq!(app.database_digest().await, before);
}

/// MFA-03, LOG-06: whatever changes who may be in the account ends a pending log-in, and a new one
/// takes the place of the one before.
#[tokio::test]
async fn a_pending_log_in_ends_with_what_else_happens_to_the_account() {
    for (what, order) in [
        ("reset", None),
        ("disabled", Some(Order::Disable)),
        ("deleted", Some(Order::Delete)),
        ("role", Some(Order::SetRole(Role::ADMIN))),
        ("new log-in", None),
    ] {
        let (app, protection) = protected(Backend::Sqlite).await;
        let mut browser = app.browser(Transport::Plain);
        give_password(&mut browser, MIA).await;
        match (what, order) {
            (_, Some(order)) => people::order(&app, MIA, order).await,
            ("reset", None) => drop(people::compromise_report_path(&app, MIA).await),
            _ => drop(give_password(&mut app.browser(Transport::Plain), MIA).await),
        }

        let page = give_code(&mut browser, &protection.phone.next_code()).await;

        assert_eq!(page.path(), "/login", "{what}: {}", page.visible_text());
        assert_eq!(app.count("sessions").await, 0, "{what}");
    }
}

/// MFA-03, Better Auth #9639: no session of before stands beside a log-in that waits. A browser that
/// has one begins no log-in, not by a form that another tab still shows either.
#[tokio::test]
async fn a_browser_with_a_session_begins_no_log_in_that_waits() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        for email in [MIA, NOAH] {
            make_user(&app, email).await;
        }
        protect(&app, MIA).await;
        let mut browser = people::logged_in(&app, transport, NOAH).await;
        let token = browser.csrf_token();
        let form = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];

        let answer = browser.raw("POST", "/login").same_origin().form(&form).send().await;

        assert!(answer.status() < 500, "{transport:?}: {}", answer.body);
        browser.keep_cookies(&answer);
        assert!(browser.cookies().get(PENDING).is_none(), "{transport:?}");
        assert_eq!(app.count("pending_log_ins").await, 0, "{transport:?}");
        assert_ne!(browser.visit(SECOND).await.path(), SECOND, "{transport:?}");
        assert!(browser.visit("/profile").await.visible_text().contains(NOAH), "{transport:?}");
    }
}

/// MFA-03, Better Auth #7731: what is good for how long is counted from the log-in, not from the
/// start of the server.
#[tokio::test]
async fn a_log_in_waits_as_long_on_the_next_day() {
    let (app, protection) = protected(Backend::Sqlite).await;
    app.clock.advance(Duration::from_hours(36));
    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;
    app.clock.advance(Duration::from_secs(569));

    assert!(give_code(&mut browser, &protection.phone.next_code()).await.is_logged_in());
}

/// RES-08.
#[tokio::test]
async fn the_sweep_removes_log_ins_that_were_not_finished() {
    let (app, _) = protected(Backend::Sqlite).await;
    give_password(&mut app.browser(Transport::Plain), MIA).await;
    assert_eq!(app.count("pending_log_ins").await, 1);
    app.accounts().operations().sweep().await.unwrap();
    assert_eq!(app.count("pending_log_ins").await, 1);

    app.clock.advance(Duration::from_mins(10));
    app.accounts().operations().sweep().await.unwrap();

    assert_eq!(app.count("pending_log_ins").await, 0);
}
