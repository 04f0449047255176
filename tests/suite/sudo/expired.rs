//! A session that ends in the middle of a form.

use std::time::Duration;

use tests::{Browser, Page, TestApp, Transport};

use super::{NEW_MIA, app};
use crate::{
    flows::{ADA, MIA, PASSWORD, logged_in, make_admin, make_user},
    people::id_of,
};

const DAY: Duration = Duration::from_hours(24);

async fn log_in<'a>(browser: &'a mut Browser, email: &str) -> &'a Page {
    let form = browser.form("login-form").fill("email", email);
    form.fill("password", PASSWORD).submit().await
}

/// A browser with a session that ended while the address was typed, at the log-in page.
async fn sent_too_late(app: &TestApp, transport: Transport) -> Browser {
    let mut browser = logged_in(app, transport, MIA).await;
    browser.visit("/settings/email").await;
    app.clock.advance(DAY);
    let page = browser.form("email-form").fill("email", NEW_MIA).submit().await;
    assert!(page.path().starts_with("/login?next=%2Fsudo%2F"), "{}", page.path());
    assert!(!page.body().contains(NEW_MIA), "{transport:?}");
    browser
}

#[tokio::test]
async fn the_form_is_there_again_after_the_log_in_and_done_when_it_is_sent() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = sent_too_late(&app, transport).await;

        let page = log_in(&mut browser, MIA).await;

        assert_eq!(page.status(), 200, "{transport:?}");
        let value = page.field("email-form", "email").map(|control| control.value);
        assert_eq!(value.as_deref(), Some(NEW_MIA), "{transport:?}: {}", page.visible_text());
        assert_eq!(app.count("address_proofs").await, 0, "{transport:?}: it was done unasked");
        let page = browser.form("email-form").submit().await;
        assert!(
            page.flash().contains("We sent an email"),
            "{transport:?}: {}",
            page.visible_text()
        );
    }
}

#[tokio::test]
async fn another_user_who_logs_in_there_gets_nothing_of_it() {
    for transport in Transport::ALL {
        let app = app().await;
        make_user(&app, "eve@example.test").await;
        let mut browser = sent_too_late(&app, transport).await;

        let page = log_in(&mut browser, "eve@example.test").await;

        assert_eq!(page.status(), 410, "{transport:?}");
        assert!(!page.body().contains(NEW_MIA), "{transport:?}");
        assert!(page.is_logged_in(), "{transport:?}");
    }
}

/// A button without a page of its own is offered again.
#[tokio::test]
async fn a_button_that_was_pressed_too_late_is_offered_again() {
    for transport in Transport::ALL {
        let app = app().await;
        make_admin(&app, ADA).await;
        let mut browser = logged_in(&app, transport, ADA).await;
        crate::people::confirm(&app, MIA).await;
        let form = format!("role-form-{}", id_of(&app, MIA).await);
        browser.visit(&crate::people::user_page(&app, MIA).await).await;
        app.clock.advance(DAY);
        browser.form(&form).choose("role", "admin").submit().await;
        log_in(&mut browser, ADA).await;
        let admins = "SELECT email FROM users WHERE role = 'admin'";
        assert_eq!(app.database.texts(admins).await, [ADA], "{transport:?}");

        browser.form("resend-form").submit().await;

        assert_eq!(app.database.texts(admins).await.len(), 2, "{transport:?}");
    }
}

/// Only what the session itself could have sent waits: nothing of a foreign hand, no
/// secret, nothing of a session that was ended.
#[tokio::test]
async fn a_form_without_the_token_of_its_session_does_not_wait() {
    let app = app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/email").await;
    let token = browser.csrf_token();
    app.clock.advance(DAY);
    let send = |token: &str| {
        let fields = [("csrf_token", token), ("email", NEW_MIA), ("password", PASSWORD)];
        browser.raw("POST", "/settings/email").same_origin().form(&fields)
    };

    for wrong in ["", "garbage"] {
        let answer = send(wrong).send().await;
        assert_eq!(answer.header("location"), Some("/login"), "{wrong}");
    }
    assert_eq!(app.count("held_forms").await, 0);
    let answer = send(&token).send().await;
    let waiting = answer.header("location").unwrap_or_default().to_owned();
    assert!(waiting.starts_with("/login?next=%2Fsudo%2F"), "{waiting}");
    assert_eq!(app.count("held_forms").await, 1);

    app.accounts().operations().sweep().await.unwrap();
    assert_eq!(app.count("sessions").await, 1, "whose form it was is known for an hour");
    app.clock.advance(Duration::from_hours(1));
    app.accounts().operations().sweep().await.unwrap();
    assert_eq!(app.count("sessions").await, 0);
    assert_eq!(send(&token).send().await.header("location"), Some("/login"));
}

/// Logging out is no work that could be lost.
#[tokio::test]
async fn a_log_out_after_the_end_of_the_session_does_not_wait() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        app.clock.advance(DAY);

        let page = browser.form("logout-form").submit().await;

        assert!(page.path().starts_with("/login"), "{transport:?}: {}", page.path());
        assert_eq!(app.count("held_forms").await, 0, "{transport:?}");
    }
}
