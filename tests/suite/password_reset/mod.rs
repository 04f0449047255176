//! Setting a new password by a mailed link: the way from the first page to the last.

mod links;
mod lost;
mod mails;
mod sent;

use std::time::{Duration, Instant};

use auth::Rate;
use tests::{Answer, TestApp, Transport};
use xtask::mail_catcher::{Fault, Stage};

use crate::flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, masked, post};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);
/// The button of the log-in form that leads to a new password.
const FORGOT: &str = "Forgot your password?";

/// Asks for a link as a visitor does.
async fn ask(app: &TestApp, email: &str) -> Answer {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/forgot-password").await;
    post(&browser, "/forgot-password", &[("email", email)]).await
}

/// Asks for a link and takes it out of mail number `n`.
async fn nth_link(app: &TestApp, n: usize) -> String {
    assert_eq!(ask(app, MIA).await.status(), 303);
    app.mailbox.nth_to(MIA, n).await.link("/reset-password/")
}

/// Opens the link and sends the new password, in a browser of its own.
async fn reset(app: &TestApp, link: &str, password: &str) -> u16 {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    post(&browser, link, &[("password", password)]).await.status()
}

/// RST-09, SES-13, LOG-13, and contract, "Mails": the link, the notice, and no log-in by it.
#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_mailed_link() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut elsewhere = logged_in(&app, Transport::Plain, MIA).await;
        let mut browser = app.browser(transport);
        browser.visit("/login").await;
        browser.form("login-form").button(FORGOT).submit().await;
        let form = browser.form("forgot-password-form").fill("email", MIA);
        assert_eq!(form.submit().await.path(), "/forgot-password/sent", "{transport:?}");

        let link = app.mailbox.latest_to(MIA).await.link("/reset-password/");
        let page = browser.visit(&link).await;
        assert!(page.visible_text().contains(MIA), "{transport:?}: it names the account");
        let form = browser.form("reset-password-form").fill("password", NEW_PASSWORD);
        let page = form.submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/login"), "{transport:?}");
        assert_eq!(page.field("login-form", "email").unwrap().value, MIA, "{transport:?}");
        assert_eq!(page.focused().as_deref(), Some("password"), "{transport:?}");
        assert_eq!(page.flash(), "Your new password is set. Log in with it.");
        assert!(!page.is_logged_in() && browser.cookies().session().is_none());
        assert_eq!(app.count("sessions").await, 0, "{transport:?}");
        assert_eq!(elsewhere.visit("/profile").await.path(), "/login?next=%2Fprofile");
        let notice = app.mailbox.nth_to(MIA, 2).await;
        assert!(!can_log_in(&app, MIA, PASSWORD).await);
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await);
        assert_eq!(notice.subject, "Your Latchkey password was changed");
        assert!(notice.link("/not-me/").len() > 40);
        assert_eq!(notice.links().len(), 1);
    }
}

/// ENU-02 (CVE-2024-45231), ENU-08: one answer, one mail, no hash and no waiting, for every address
/// and every state of the mail server.
#[tokio::test]
async fn the_answer_is_the_same_for_every_address_and_every_mail_server() {
    for fault in [Fault::None, Fault::Refuse, Fault::SilentAt(Stage::Connect)] {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        app.mailbox.catcher().set_fault(fault);
        for transport in [Transport::Plain, Transport::HtmxPartial] {
            let hashes = app.accounts().operations().hash_count();
            let mut browser = app.browser(transport);
            browser.visit("/forgot-password").await;
            let mut answers = Vec::new();
            for email in [MIA, "nil@example.test"] {
                let begun = Instant::now();
                let answer = post(&browser, "/forgot-password", &[("email", email)]).await;
                assert!(begun.elapsed() < SECOND, "{fault:?} {email}: {:?}", begun.elapsed());
                answers.push(masked(&answer, &[email]));
            }
            assert_eq!(answers[0], answers[1], "{fault:?} {transport:?}");
            assert_eq!(app.accounts().operations().hash_count(), hashes);
        }
        assert_eq!(app.count("outbox").await, 4, "{fault:?}");
    }
}

#[tokio::test]
async fn only_an_address_can_be_asked_for() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        for (wrong, reason) in [("", "Enter your email address."), ("mia", "like name@example.org")]
        {
            browser.visit("/forgot-password").await;
            let form = browser.form("forgot-password-form").fill("email", wrong);

            let page = form.submit().await;

            assert_eq!(page.status(), 422, "{transport:?} {wrong}");
            assert!(page.field_error("email").unwrap().contains(reason), "{transport:?} {wrong}");
        }
        assert_eq!(app.count("outbox").await, 0);
    }
}

/// RST-09: the tries of an attacker go on being counted, and keep no one out who has just set the
/// password.
#[tokio::test]
async fn a_reset_leaves_the_tries_counted_against_the_account_and_lets_its_browser_in() {
    let app = TestApp::with(|settings| {
        settings.limits.enabled = true;
        settings.limits.login_per_account = Rate::new(2, HOUR);
    })
    .await;
    make_user(&app, MIA).await;
    for _ in 0..2 {
        assert!(!can_log_in(&app, MIA, "not a goose at all").await);
    }
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let fields = [("email", MIA), ("password", PASSWORD)];
    assert_eq!(post(&browser, "/login", &fields).await.status(), 429);

    let mut owner = app.browser(Transport::Plain);
    owner.visit(&nth_link(&app, 1).await).await;
    owner.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;

    let fields = [("email", MIA), ("password", NEW_PASSWORD)];
    assert_eq!(post(&browser, "/login", &fields).await.status(), 429);
    assert_eq!(post(&owner, "/login", &fields).await.status(), 303);
}

/// RST-12, Better Auth #10552.
#[tokio::test]
async fn a_password_that_is_refused_does_not_spend_the_link() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let link = nth_link(&app, 1).await;
        let mut browser = app.browser(transport);
        browser.visit(&link).await;
        for (weak, reason) in [
            ("", "Choose a password"),
            ("short", "at least 15 characters"),
            ("mia@example.test", "Your address"),
            ("aaaaaaaaaaaaaaaaaaaa", "This password is too common"),
        ] {
            let form = browser.form("reset-password-form").fill("password", weak);
            let page = form.submit().await;

            assert_eq!(page.status(), 422, "{transport:?} {weak}");
            assert!(page.field_error("password").unwrap().contains(reason), "{transport:?} {weak}");
            assert_eq!(page.field("reset-password-form", "password").unwrap().value, "");
        }
        let form = browser.form("reset-password-form").fill("password", NEW_PASSWORD);
        assert_eq!(form.submit().await.path(), "/login", "{transport:?}");
    }
}

/// REG-12, Better Auth #10239: after a reset, an account that a stranger made with the owner's address
/// belongs to the owner, with nothing of the stranger left in it.
#[tokio::test]
async fn who_signed_up_with_anothers_address_is_out_once_its_owner_resets() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut thief = logged_in(&app, Transport::Plain, MIA).await;
    let thiefs_link = nth_link(&app, 1).await;

    let link = nth_link(&app, 2).await;
    assert_eq!(reset(&app, &link, NEW_PASSWORD).await, 303);

    assert_eq!(thief.visit("/profile").await.path(), "/login?next=%2Fprofile");
    assert!(!can_log_in(&app, MIA, PASSWORD).await);
    assert_eq!(thief.visit(&thiefs_link).await.status(), 410);
    assert!(can_log_in(&app, MIA, NEW_PASSWORD).await);
}
