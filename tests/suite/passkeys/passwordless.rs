//! Accounts without a password.

use std::time::Duration;

use tests::{Authenticator, Backend, Browser, TestApp, Transport};

use super::{MIA, add_passkey, app_with_mia, log_in_with, options, protected};
use crate::{
    factors::{events, factor_form, give_password},
    flows::{NEW_PASSWORD, can_log_in},
    people::{self, PASSWORD},
};

const PAGE: &str = "/settings/password";
const REMOVE: &str = "/settings/password/remove";
const QUARTER: Duration = Duration::from_mins(15);

async fn remove_password(browser: &mut Browser) -> u16 {
    browser.visit(REMOVE).await;
    browser.form("remove-password-form").submit().await.status()
}

/// PSK-05: the log-in by password is that with a wrong one. Other sessions end.
#[tokio::test]
async fn an_account_without_a_password_is_opened_by_its_passkey_alone() {
    for transport in Transport::ALL {
        let (app, mut browser, mut authenticator) =
            protected(TestApp::start().await, transport).await;
        let mut away = app.browser(transport);
        away.visit("/login").await;
        assert!(log_in_with(&mut away, &mut authenticator).await.is_logged_in(), "{transport:?}");
        browser.visit(PAGE).await;
        browser.click("Remove password").await;

        let page = browser.form("remove-password-form").submit().await;

        assert!(page.flash().starts_with("Password removed."), "{transport:?}: {}", page.flash());
        assert_eq!(page.path(), PAGE, "{transport:?}");
        assert!(page.visible_text().contains("Your account has no password."), "{transport:?}");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        assert!(away.visit(PAGE).await.path().starts_with("/login?"), "{transport:?}");
        let mut other = app.browser(transport);
        other.visit("/login").await;
        assert!(log_in_with(&mut other, &mut authenticator).await.is_logged_in(), "{transport:?}");
        people::mails_sent(&app).await;
        let mails = app.mailbox.all_to(MIA).await;
        assert!(mails.iter().any(|mail| mail.subject.contains("was removed")), "{transport:?}");
        assert_eq!(events(&app, "password_removed").await, 1, "{transport:?}");
    }
}

/// ENU-01, LOG-02: what a stranger sees is what a wrong password gets.
#[tokio::test]
async fn no_stranger_learns_that_an_account_has_no_password() {
    let (app, mut browser, _) = protected(TestApp::start().await, Transport::Plain).await;
    assert_eq!(remove_password(&mut browser).await, 200);
    let mut seen = Vec::new();
    for email in [MIA, "nil@example.test"] {
        let mut stranger = app.browser(Transport::Plain);
        stranger.visit("/login").await;
        let before = app.accounts().operations().hash_count();
        let form = stranger.form("login-form").fill("email", email);
        let page = form.fill("password", PASSWORD).submit().await;
        let hashes = app.accounts().operations().hash_count() - before;
        seen.push((page.status(), page.visible_text(), hashes));
    }

    assert_eq!(seen[0], seen[1]);
    assert_eq!((seen[0].0, seen[0].2), (422, 1));
}

/// PSK-05: two passkeys, or one and a recovery code.
#[tokio::test]
async fn the_password_stays_where_the_account_could_be_lost_without_it() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let (app, mut browser, _) = protected(app, Transport::Plain).await;
        app.database.execute("UPDATE recovery_codes SET used_at = 1").await;

        assert_eq!(remove_password(&mut browser).await, 422, "{backend:?}");
        assert!(browser.text().contains("Add another passkey"), "{backend:?}");

        add_passkey(&mut browser, &mut Authenticator::new(app.public_url())).await;
        app.database.execute("UPDATE passkeys SET is_discoverable = FALSE").await;
        assert_eq!(remove_password(&mut browser).await, 422, "{backend:?}");
        app.database.execute("UPDATE passkeys SET is_discoverable = NULL").await;
        assert_eq!(remove_password(&mut browser).await, 200, "{backend:?}");
    }
}

/// PSK-05: before the second factor is on, a mailed link would be the only protection.
#[tokio::test]
async fn an_account_that_asks_for_no_factor_keeps_its_password() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    for _ in 0..2 {
        add_passkey(&mut browser, &mut Authenticator::new(app.public_url())).await;
    }

    assert_eq!(browser.visit(REMOVE).await.path(), PAGE);
    let answer = crate::flows::post(&browser, REMOVE, &[]).await;

    assert_eq!(answer.status(), 422);
    assert!(can_log_in(&app, MIA, PASSWORD).await);
}

/// PSK-05, MFA-10: the last way in stays.
#[tokio::test]
async fn the_last_passkey_of_an_account_without_a_password_stays() {
    let (app, mut browser, _) = protected(TestApp::start().await, Transport::Plain).await;
    assert_eq!(remove_password(&mut browser).await, 200);
    let remove = factor_form(&mut browser, "remove").await;

    let page = browser.form(&remove).submit().await;

    assert_eq!(page.status(), 422);
    assert!(page.visible_text().contains("Add another passkey, or set a password"));
    assert_eq!(app.count("passkeys").await, 1);
}

/// PSK-05: under a question that is answered by a passkey, because there is no password to give.
#[tokio::test]
async fn a_password_is_set_again_after_the_passkey() {
    for transport in Transport::ALL {
        let (app, mut browser, mut authenticator) =
            protected(TestApp::start().await, transport).await;
        assert_eq!(remove_password(&mut browser).await, 200);
        app.clock.advance(QUARTER);
        browser.visit("/settings/email").await;
        assert!(browser.page().field("sudo-form", "password").is_none(), "{transport:?}");
        let answer = authenticator.get(&options(browser.page()));
        let page = browser.form("sudo-form").fill("passkey", &answer).submit().await;
        assert_eq!(page.path(), "/settings/email", "{transport:?}");

        browser.visit(PAGE).await;
        let page = browser.form("password-form").fill("password", NEW_PASSWORD).submit().await;

        assert_eq!(page.status(), 200, "{transport:?}: {}", page.visible_text());
        assert!(page.has_form("password-form"), "{transport:?}");
        assert!(page.field("password-form", "current_password").is_some(), "{transport:?}");
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
    }
}

/// PSK-05: the form that asks for no current password replaces none.
#[tokio::test]
async fn no_password_is_set_over_one_that_is_there() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let (app, mut browser, _) = protected(app, Transport::Plain).await;
        browser.visit(PAGE).await;
        let hash = "SELECT password_hash FROM users";
        let before = (app.database.texts(hash).await, app.count("sessions").await);

        let form = [("password", NEW_PASSWORD)];
        let answer = crate::flows::post(&browser, "/settings/password/set", &form).await;

        assert_eq!((answer.status(), answer.header("location")), (303, Some(PAGE)), "{backend:?}");
        let after = (app.database.texts(hash).await, app.count("sessions").await);
        assert_eq!(after, before, "{backend:?}");
        assert_eq!(events(&app, "password_changed").await, 0, "{backend:?}");
    }
}

/// MFA-09: a mailed link sets a password, and the factor is asked for all the same.
#[tokio::test]
async fn a_mailed_link_gives_a_password_and_keeps_the_factor() {
    let (app, mut browser, _) = protected(TestApp::start().await, Transport::Plain).await;
    assert_eq!(remove_password(&mut browser).await, 200);
    let path = people::reset_path(&app, MIA).await;
    let mut owner = app.browser(Transport::Plain);
    owner.visit(&path).await;

    let page = owner.form("reset-password-form").fill("password", PASSWORD).submit().await;

    assert_eq!(page.path(), "/login", "{}", page.visible_text());
    give_password(&mut owner, MIA).await;
    assert_eq!(app.count("passkeys").await, 1);
}
