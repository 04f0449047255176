//! Notices about actions that another person may have taken, and how the owner takes the account
//! back.

use std::time::Duration;

use auth::Rate;
use tests::{Backend, TestApp, Transport};

use crate::{
    fault_steps::{count_of, form_again, send_at_once},
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, post},
    people::{log_in, mails_sent, newest_link, reset_path},
};

const NEW_BROWSER: &str = "New log-in to your Latchkey account";
const DAY: Duration = Duration::from_hours(24);

/// Creates an account with two browsers, and returns the link in the notice about the second.
async fn noticed(app: &TestApp) -> String {
    make_user(app, MIA).await;
    logged_in(app, Transport::Plain, MIA).await;
    logged_in(app, Transport::Plain, MIA).await;
    app.mailbox.nth_to(MIA, 1).await.link("/not-me/")
}

/// LOG-13: once per browser, and not for the first browser of an account.
#[tokio::test]
async fn the_owner_is_told_of_a_log_in_from_a_browser_that_is_new() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut first = logged_in(&app, transport, MIA).await;
        first.form("logout-form").submit().await;
        log_in(&mut first, MIA).await;
        assert_eq!(app.count("outbox").await, 0, "{transport:?}");

        let mut second = logged_in(&app, transport, MIA).await;
        second.form("logout-form").submit().await;
        log_in(&mut second, MIA).await;

        let mail = app.mailbox.latest_to(MIA).await;
        assert_eq!((mail.subject.as_str(), app.count("outbox").await), (NEW_BROWSER, 1));
        let text = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let seen = "an unknown browser on Linux, from 127.0.0.1, on 15 January 2027 at 08:00 UTC.";
        assert!(text.contains(seen), "{transport:?}: {text}");
        assert_eq!(mail.links().len(), 1, "{transport:?}");
    }
}

/// LOG-13, LOG-02: a wrong password causes no mail.
#[tokio::test]
async fn a_log_in_that_fails_is_not_told_to_the_owner() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    logged_in(&app, Transport::Plain, MIA).await;

    assert!(!can_log_in(&app, MIA, "a duck on the truck").await);

    assert_eq!(app.count("outbox").await, 0);
}

/// RES-09.
#[tokio::test]
async fn an_owner_who_was_told_often_is_told_no_more_and_can_still_log_in() {
    let app = TestApp::with(|settings| {
        settings.limits.enabled = true;
        settings.limits.new_device_per_account = Rate::new(2, DAY);
    })
    .await;
    make_user(&app, MIA).await;
    for _ in 0..5 {
        logged_in(&app, Transport::Plain, MIA).await;
    }

    assert_eq!(app.count("outbox").await, 2);
}

/// LOG-13, RST-05, RST-10, SES-13.
#[tokio::test]
async fn an_owner_takes_the_account_back_by_the_link_of_a_notice() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let link = noticed(&app).await;
        let open_reset = reset_path(&app, MIA).await;
        let mut browser = app.browser(transport);
        let before = app.database_digest().await;
        for method in ["GET", "HEAD", "GET"] {
            assert_eq!(browser.raw(method, &link).send().await.status(), 200, "{transport:?}");
        }
        let page = browser.visit(&link).await;
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert!(page.visible_text().contains(MIA), "{transport:?}: it names the account");
        assert_eq!(app.database_digest().await, before, "{transport:?}");

        let page = browser.form("not-me-form").submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/login"), "{transport:?}");
        assert!(page.flash().starts_with("Every device is logged out"), "{transport:?}");
        assert!(!page.is_logged_in() && app.count("sessions").await == 0, "{transport:?}");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        for void in [&link, &open_reset] {
            assert_eq!(browser.visit(void).await.status(), 410, "{transport:?} {void}");
        }
        let mail = app.mailbox.nth_to(MIA, 3).await;
        assert_eq!(mail.subject, "Set a new password for your Latchkey account");
        browser.visit(&mail.link("/reset-password/")).await;
        let form = browser.form("reset-password-form").fill("password", NEW_PASSWORD);
        assert_eq!(form.submit().await.path(), "/login", "{transport:?}");
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
        let sql = "SELECT event FROM security_events WHERE event = 'not_me' AND actor = 'owner'";
        assert_eq!(app.database.texts(sql).await.len(), 1, "{transport:?}");
    }
}

/// LOG-13: an intruder cannot revoke the owner's link by causing more notices.
#[tokio::test]
async fn what_a_thief_does_next_voids_no_link_of_an_earlier_notice() {
    let app = TestApp::start().await;
    let first = noticed(&app).await;
    let thief = logged_in(&app, Transport::Plain, MIA).await;
    mails_sent(&app).await;
    let fields = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    assert_eq!(post(&thief, "/settings/password", &fields).await.status(), 303);
    assert_eq!(app.mailbox.nth_to(MIA, 3).await.subject, "Your Latchkey password was changed");

    let mut browser = app.browser(Transport::Plain);
    browser.visit(&first).await;
    assert_eq!(browser.form("not-me-form").submit().await.path(), "/login");

    assert!(!can_log_in(&app, MIA, NEW_PASSWORD).await);
    for n in [2, 3] {
        let link = app.mailbox.nth_to(MIA, n).await.link("/not-me/");
        assert_eq!(browser.visit(&link).await.status(), 410, "{n}");
    }
}

/// LOG-13, RST-09: a reset revokes earlier links, and its notice has its own link.
#[tokio::test]
async fn a_notice_of_a_reset_has_a_link_that_works_and_those_before_it_do_not() {
    let app = TestApp::start().await;
    let old = noticed(&app).await;

    let new = crate::people::compromise_report_path(&app, MIA).await;

    let browser = app.browser(Transport::Plain);
    assert_eq!(browser.raw("GET", &old).send().await.status(), 410);
    assert_eq!(browser.raw("GET", &new).send().await.status(), 200);
}

/// ENU-06, RST-03, RST-08, RST-13.
#[tokio::test]
async fn a_link_that_is_no_link_is_the_same_page_whatever_is_wrong() {
    let app = TestApp::start().await;
    let link = noticed(&app).await;
    let reset = reset_path(&app, MIA).await;
    let swapped = reset.replace("/reset-password/", "/not-me/");
    let misused = link.replace("/not-me/", "/reset-password/");
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    app.clock.advance(6 * DAY);
    assert_eq!(browser.raw("GET", &link).send().await.status(), 200);
    app.clock.advance(DAY);
    let before = app.database_digest().await;

    let long = format!("/not-me/{}", "A".repeat(1_900));
    for wrong in [&link, &swapped, &misused, &link[..30], "/not-me/%C3%A4", &long] {
        let page = browser.raw("GET", wrong).send().await;
        assert_eq!(page.status(), 410, "{wrong}");
        assert!(page.body.contains("This link no longer works"), "{wrong}");
        let posted = post(&browser, wrong, &[("password", NEW_PASSWORD)]).await;
        assert_eq!(posted.status(), 410, "{wrong}");
    }
    assert_eq!(app.database_digest().await, before);
}

/// RST-07.
#[tokio::test]
async fn a_link_takes_back_its_own_account_whatever_user_is_logged_in() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let link = noticed(&app).await;
        make_user(&app, "leo@example.test").await;
        let mut browser = logged_in(&app, transport, "leo@example.test").await;
        browser.visit(&link).await;

        let page = browser.form("not-me-form").submit().await;

        assert!(page.path() == "/login" && !page.is_logged_in(), "{transport:?}");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        assert!(can_log_in(&app, "leo@example.test", PASSWORD).await, "{transport:?}");
    }
}

/// RAC-01, RAC-02: at the same time as log-ins, and many times at once.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_taken_back_once_and_no_visitor_slips_in() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        for round in 0..30 {
            let email = format!("mia{round}@example.test");
            make_user(&app, &email).await;
            let link = crate::people::compromise_report_path(&app, &email).await;
            let log_in = [("email", email.as_str()), ("password", PASSWORD)];
            let forms = [
                form_again(&browser, &link, &[]),
                form_again(&browser, "/login", &log_in),
                form_again(&browser, &link, &[]),
                form_again(&browser, "/login", &log_in),
                form_again(&browser, "/forgot-password", &log_in[..1]),
                form_again(&browser, &link, &[]),
            ];

            let answers = send_at_once(forms).await;

            assert_eq!(count_of(&answers, 410), 2, "{backend:?} {round}: {answers:?}");
            assert!(answers.iter().all(|answer| answer.status() < 500), "{backend:?} {round}");
            assert_eq!(app.count("sessions").await, 0, "{backend:?} {round}");
        }
    }
}

/// LOG-13, REG-12: the browser that signed up cannot correct the address either.
#[tokio::test]
async fn who_signed_up_with_anothers_address_takes_the_account_nowhere_once_it_is_reported() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut thief = app.browser(transport);
        thief.visit("/signup").await;
        let form = thief.form("signup-form").fill("email", MIA).fill("name", "Eve");
        form.fill("password", PASSWORD).submit().await;
        for _ in 0..2 {
            logged_in(&app, transport, MIA).await;
        }
        let link = newest_link(&app, MIA, "/not-me/").await;
        thief.visit("/mailbox").await;
        let move_on = form_again(&thief, "/mailbox/email", &[("email", "eve@evil.test")]);
        let mut owner = app.browser(transport);
        owner.visit(&link).await;
        owner.form("not-me-form").submit().await;

        let answer = move_on.send().await;

        // Its CSRF token is valid, so it is answered like a browser that waits for a mail, or for
        // none.
        let to = answer.header("location").unwrap_or_default();
        assert!(matches!(to, "/mailbox" | "/login"), "{transport:?}: {}", answer.body);
        let sql = format!("SELECT name FROM users WHERE email = '{MIA}'");
        assert_eq!(app.database.texts(&sql).await, ["Eve"], "{transport:?}");
        let reset = newest_link(&app, MIA, "/reset-password/").await;
        assert_eq!(owner.visit(&reset).await.status(), 200, "{transport:?}");
    }
}
