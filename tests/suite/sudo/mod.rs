//! Giving the password again before something sensitive, without losing what was being
//! sent.

mod expired;

use std::time::Duration;

use tests::{
    TestApp, Transport,
    support::search::{Haystack, assert_kept_out},
};

use crate::{
    cast::NEW_MIA,
    flows::{MIA, PASSWORD, logged_in, make_user, post},
    people::{is_alive, session_of},
};

const LIFETIME: Duration = Duration::from_mins(15);
const ALMOST: Duration = Duration::from_secs(15 * 60 - 1);
const SECOND: Duration = Duration::from_secs(1);

async fn app() -> TestApp {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    app
}

/// EML-01: a quarter of an hour by the clock, then the password, then on to the page.
#[tokio::test]
async fn a_sensitive_page_asks_for_the_password_when_it_was_given_too_long_ago() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        app.clock.advance(ALMOST);
        assert_eq!(browser.visit("/settings/email").await.path(), "/settings/email");
        app.clock.advance(SECOND);

        let page = browser.visit("/settings/email").await;
        assert_eq!(page.path(), "/sudo?next=%2Fsettings%2Femail", "{transport:?}");
        let page = browser.form("sudo-form").fill("password", "a duck on the truck").submit().await;
        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.field_error("password").is_some(), "{transport:?}");
        assert!(!page.body().contains("a duck on the truck"), "{transport:?}");
        let page = browser.form("sudo-form").fill("password", PASSWORD).submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/settings/email"));
        assert!(page.has_form("email-form"), "{transport:?}");
        app.clock.advance(ALMOST);
        assert_eq!(browser.visit("/settings/email").await.path(), "/settings/email");
    }
}

/// SES-02: the proof gives the session a new id, and the old one is dead at once.
#[tokio::test]
async fn the_session_has_a_new_id_after_the_password() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        let before = session_of(&browser);
        app.clock.advance(LIFETIME);
        browser.visit("/settings/email").await;

        browser.form("sudo-form").fill("password", PASSWORD).submit().await;

        let after = session_of(&browser);
        assert_ne!(before, after, "{transport:?}");
        assert!(!is_alive(&app, &before).await, "{transport:?}");
        assert!(is_alive(&app, &after).await, "{transport:?}");
        assert_eq!(app.count("sessions").await, 1, "{transport:?}");
        let events = "SELECT event FROM security_events WHERE event = 'reauthenticated'";
        assert_eq!(app.database.texts(events).await.len(), 1, "{transport:?}");
    }
}

/// EML-01: the form is sent, the password asked for, and the form done; with htmx over
/// the page that it is on.
#[tokio::test]
async fn a_form_that_was_sent_too_late_is_done_after_the_password() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/email").await;
        app.clock.advance(LIFETIME);

        let page = browser.form("email-form").fill("email", NEW_MIA).submit().await;
        assert!(page.has_form("sudo-form"), "{transport:?}: {}", page.visible_text());
        let stays = transport == Transport::HtmxPartial;
        assert_eq!(page.has_form("email-form"), stays, "{transport:?}");
        assert_eq!(page.dom().find("dialog[aria-labelledby]").is_some(), stays, "{transport:?}");
        assert_eq!(app.count("address_proofs").await, 0, "{transport:?}");
        let page = browser.form("sudo-form").fill("password", "a duck on the truck").submit().await;
        assert!(page.field_error("password").is_some(), "{transport:?}");
        let page = browser.form("sudo-form").fill("password", PASSWORD).submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/settings/email"));
        assert!(
            page.flash().contains("We sent an email"),
            "{transport:?}: {}",
            page.visible_text()
        );
        assert!(!page.has_form("sudo-form"), "{transport:?}");
        assert_eq!(app.count("held_forms").await, 0, "{transport:?}");
        app.mailbox.latest_to(NEW_MIA).await.link("/confirm-email/");
        let page = browser.form("logout-form").submit().await;
        assert!(!page.is_logged_in(), "{transport:?}: the page has tokens of the old session");
    }
}

/// A person in another session of the owner leads the owner to the question for the password: the
/// form is shown to the owner and not sent.
#[tokio::test]
async fn a_form_of_another_session_is_shown_after_the_password_and_not_sent() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut copy = logged_in(&app, Transport::Plain, MIA).await;
        let mut owner = logged_in(&app, transport, MIA).await;
        copy.visit("/settings/email").await;
        app.clock.advance(LIFETIME);
        let path = copy.form("email-form").fill("email", NEW_MIA).submit().await.path();

        owner.visit(&path).await;
        let page = owner.form("sudo-form").fill("password", PASSWORD).submit().await;

        assert_eq!(page.status(), 200, "{transport:?}: {}", page.visible_text());
        let value = page.field("email-form", "email").map(|control| control.value);
        assert_eq!(value.as_deref(), Some(NEW_MIA), "{transport:?}: {}", page.visible_text());
        assert_eq!(app.count("address_proofs").await, 0, "{transport:?}");
        let page = owner.form("email-form").submit().await;
        assert!(page.flash().contains("We sent an email"), "{transport:?}");
    }
}

/// What is wrong in the form is told after the password, in the form.
#[tokio::test]
async fn a_wrong_form_comes_back_after_the_password_and_can_be_sent() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/email").await;
        app.clock.advance(LIFETIME);
        browser.form("email-form").fill("email", "mia.new").submit().await;

        let page = browser.form("sudo-form").fill("password", PASSWORD).submit().await;

        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.field_error("email").is_some(), "{transport:?}");
        let value = page.field("email-form", "email").map(|control| control.value);
        assert_eq!(value.as_deref(), Some("mia.new"), "{transport:?}");
        let page = browser.form("email-form").fill("email", NEW_MIA).submit().await;
        assert!(
            page.flash().contains("We sent an email"),
            "{transport:?}: {}",
            page.visible_text()
        );
    }
}

/// A form waits for its sender alone, a quarter of an hour, and is done once.
#[tokio::test]
async fn a_held_form_is_nothing_to_anybody_else_nor_later_nor_twice() {
    let app = app().await;
    make_user(&app, "eve@example.test").await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/email").await;
    app.clock.advance(LIFETIME);
    let path = browser.form("email-form").fill("email", NEW_MIA).submit().await.path();
    let mut eve = logged_in(&app, Transport::Plain, "eve@example.test").await;

    let page = eve.visit(&path).await;
    assert_eq!(page.status(), 410);
    assert!(!page.body().contains(NEW_MIA));
    eve.visit("/profile").await;
    assert_eq!(post(&eve, &path, &[("password", PASSWORD)]).await.status(), 410);
    assert_eq!(app.count("held_forms").await, 1);

    let mut twin = app.browser(Transport::Plain);
    twin.cookies_mut().plant("__Host-latchkey-session", &session_of(&browser));
    twin.visit(&path).await;
    browser.form("sudo-form").fill("password", PASSWORD).submit().await;
    assert_eq!(twin.form("sudo-form").fill("password", PASSWORD).submit().await.path(), "/login");
    browser.visit("/profile").await;
    assert_eq!(post(&browser, &path, &[("password", PASSWORD)]).await.status(), 410);
    assert_eq!(app.count("address_proofs").await, 1);

    browser.visit("/settings/email").await;
    app.clock.advance(LIFETIME);
    let path = browser.form("email-form").fill("email", "x@example.test").submit().await.path();
    app.clock.advance(LIFETIME);
    assert_eq!(browser.visit(&path).await.status(), 410);
    app.accounts().operations().sweep().await.unwrap();
    assert_eq!(app.count("held_forms").await, 0);
}

/// Neither the file nor a dump says what was typed, and there are five at most.
#[tokio::test]
async fn what_is_held_is_sealed_and_little() {
    let app = app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/email").await;
    app.clock.advance(LIFETIME);
    for n in 0..8 {
        let email = format!("typed{n}@example.test");
        let answer = post(&browser, "/settings/email", &[("email", &email)]).await;
        assert_eq!(answer.status(), 303);
    }

    assert_eq!(app.count("held_forms").await, 5);
    assert_kept_out(&Haystack::files(app.folder()), &["typed7@example.test"], &[MIA]);
    assert_kept_out(&app.database.haystacks().await, &["typed7@example.test"], &[MIA]);
}

/// RES-08: who sends large forms, or many, fills nothing; the question for the password
/// comes without them.
#[tokio::test]
async fn forms_that_wait_are_small_and_few() {
    let app = TestApp::with(|settings| settings.limits.enabled = true).await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/email").await;
    app.clock.advance(LIFETIME);
    let large = "x".repeat(40_000);
    let answer = post(&browser, "/settings/email", &[("email", &large)]).await;
    assert_eq!(answer.header("location"), Some("/sudo?next=%2Fsettings%2Femail"));
    assert_eq!(app.count("held_forms").await, 0);

    let mut kept = 0;
    for _ in 0..40 {
        let answer = post(&browser, "/settings/email", &[("email", NEW_MIA)]).await;
        assert_eq!(answer.status(), 303);
        kept += usize::from(answer.header("location").unwrap().starts_with("/sudo/"));
    }
    assert_eq!(kept, 30);
    app.clock.advance(Duration::from_mins(1));
    let answer = post(&browser, "/settings/email", &[("email", NEW_MIA)]).await;
    assert!(answer.header("location").unwrap().starts_with("/sudo/"), "they come back evenly");
}

/// RTL-01: the question is no way around the limit on passwords.
#[tokio::test]
async fn passwords_are_tried_here_as_often_as_at_the_log_in() {
    for transport in Transport::ALL {
        let app = TestApp::with(|settings| settings.limits.enabled = true).await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        app.clock.advance(LIFETIME);
        browser.visit("/settings/email").await;
        for _ in 0..10 {
            let form = browser.form("sudo-form").fill("password", "a duck on the truck");
            assert_eq!(form.submit().await.status(), 422, "{transport:?}");
        }

        let page = browser.form("sudo-form").fill("password", PASSWORD).submit().await;

        assert_eq!(page.status(), 429, "{transport:?}");
        assert!(page.header("retry-after").is_some(), "{transport:?}");
        assert!(page.form_error("sudo-form").is_some(), "{transport:?}");
    }
}
