//! What the server stores of a session, and when it writes.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::SessionKey;
use tests::{
    Backend, TestApp, Transport,
    support::search::{Haystack, assert_kept_out, without_tokens},
};

use super::{profile, scene};
use crate::people::{self, MIA, PASSWORD, SESSION, session_of};

/// SES-10. The forms have a valid CSRF token, so that the log-in itself refuses. The right password
/// then creates a session.
#[tokio::test]
async fn visitors_who_only_read_leave_no_row() {
    let app = scene().await;
    let before = app.database_digest().await;
    let mut visitor = app.browser(Transport::Plain);
    visitor.visit("/login").await;
    let browser = app.browser(Transport::Plain);
    for round in 0..250 {
        let mut tasks = Vec::new();
        for path in
            ["/", "/login", "/signup", "/profile", "/nowhere", "/forgot-password", "/admin/users"]
        {
            tasks.push(tokio::spawn(browser.raw("GET", path).send()));
        }
        let request = browser.raw("POST", "/login").same_origin();
        tasks.push(tokio::spawn(request.form(&[("email", MIA), ("password", PASSWORD)]).send()));
        for task in tasks {
            let answer = task.await.expect("an answer");
            assert!(answer.status() < 500, "{round}: {}", answer.status());
        }
        let answer = people::try_log_in(&visitor, "leo@example.test", PASSWORD).await;
        assert_eq!(answer.status(), 422, "{round}");
    }
    assert_eq!(app.count("sessions").await, 0);
    assert_eq!(app.database_digest().await, before);
    assert_eq!(people::try_log_in(&visitor, MIA, PASSWORD).await.status(), 303);
    assert_eq!(app.count("sessions").await, 1);
}

/// SES-11, RST-02: `people::reset_path` waits until the mail is sent. The search that does not find
/// the id finds its hash, a BLOB as the id would be.
#[tokio::test]
async fn the_database_holds_no_id_that_a_cookie_could_hold() {
    let app = scene().await;
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/profile").await;
    let path = people::reset_path(&app, MIA).await;
    let reset = path.rsplit('/').next().unwrap_or_default().to_owned();
    let csrf = app.browser(Transport::Plain).raw("GET", "/login").send().await.cookies();
    let mut secrets = vec![session_of(&browser), reset, browser.csrf_token(), PASSWORD.to_owned()];
    secrets.extend(csrf.into_iter().map(|cookie| cookie.value));
    let device = browser.cookies().get("__Host-latchkey-device").expect("a device cookie");
    secrets.push(device.value.split('.').next().unwrap_or_default().to_owned());

    let hash = BASE64_URL_SAFE_NO_PAD.encode(SessionKey::of(&session_of(&browser)).as_bytes());
    let secrets: Vec<_> = secrets.iter().map(String::as_str).collect();

    app.database.empty_log().await;
    assert_kept_out(&Haystack::files(app.folder()), &secrets, &[MIA, &hash]);
    assert_kept_out(&app.database.haystacks().await, &secrets, &[MIA, &hash]);
}

/// SES-15.
#[tokio::test]
async fn the_twenty_first_session_of_a_user_ends_the_oldest() {
    let app = scene().await;
    let mut ids = Vec::new();
    for _ in 0..21 {
        ids.push(session_of(&people::logged_in(&app, Transport::Plain, MIA).await));
        app.clock.advance(Duration::from_secs(1));
    }

    let mut statuses = Vec::new();
    for id in &ids {
        statuses.push(profile(&app, &format!("{SESSION}={id}")).await);
    }

    assert_eq!(statuses[0], 303, "the oldest has ended");
    assert!(statuses[1..].iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(app.count("sessions").await, 20);
}

/// SES-15: also with simultaneous log-ins.
#[tokio::test]
async fn many_log_ins_at_once_leave_no_more_than_twenty_sessions() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        people::sign_up(&app, MIA).await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let token = browser.csrf_token();
        let fields = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];
        let request = || browser.raw("POST", "/login").same_origin().form(&fields);
        let tasks: Vec<_> = (0..40).map(|_| tokio::spawn(request().send())).collect();
        for task in tasks {
            assert_eq!(task.await.expect("an answer").status(), 303, "{backend:?}");
        }
        assert_eq!(app.count("sessions").await, 20, "{backend:?}");
    }
}

/// SES-16.
#[tokio::test]
async fn reading_pages_writes_no_session_and_sets_no_cookie() {
    let app = scene().await;
    let browser = people::logged_in(&app, Transport::Plain, MIA).await;
    browser.raw("GET", "/profile").send().await;
    let before = app.database_digest().await;
    for n in 0..1000 {
        if n % 100 == 0 {
            app.clock.advance(Duration::from_secs(5));
        }
        let cookies = browser.cookies().get(SESSION).map(|cookie| cookie.value.clone()).unwrap();
        let request = browser.raw("GET", "/profile");
        let answer = request.with_cookies(Some(format!("{SESSION}={cookies}"))).send().await;
        assert_eq!(answer.status(), 200, "{n}");
        assert!(answer.cookies().is_empty(), "{n}: {:?}", answer.cookies());
    }
    assert_eq!(app.database_digest().await, before);
}

/// SES-18, and OTG-02 on a small scale.
#[tokio::test]
async fn while_sessions_cannot_be_read_no_user_is_logged_out_and_no_visitor_let_in() {
    for transport in Transport::ALL {
        let app = TestApp::with(|settings| {
            settings.session.cache_ttl = Duration::ZERO;
        })
        .await;
        people::sign_up(&app, MIA).await;
        let mut browser = people::logged_in(&app, transport, MIA).await;
        let id = session_of(&browser);
        app.database.execute("ALTER TABLE sessions RENAME TO hidden").await;

        for path in ["/profile", "/", "/login"] {
            let request = browser.raw("GET", path);
            let answer =
                if transport == Transport::HtmxPartial { request.htmx_partial() } else { request };
            let answer = answer.send().await;
            assert!(matches!(answer.status(), 500 | 503), "{transport:?} {path}: {answer:?}");
            assert!(answer.cookies().is_empty(), "{transport:?} {path}: {:?}", answer.cookies());
            let body = without_tokens(&answer.body).to_lowercase();
            for leak in ["select", "sessions", "sqlx", "no such table", "error(", MIA] {
                assert!(!body.contains(leak), "{transport:?} {path} tells {leak:?}: {body}");
            }
            let id = answer.header("x-request-id").unwrap_or_default();
            assert!(answer.body.contains(id), "{transport:?} {path}: no request id");
        }

        app.database.execute("ALTER TABLE hidden RENAME TO sessions").await;
        let page = browser.visit("/profile").await;
        assert!(page.status() == 200 && page.is_logged_in(), "{transport:?}");
        assert_eq!(session_of(&browser), id, "{transport:?}");
    }
}
