//! A passkey as a second factor: after the password, and as something that its owner is told of.

use std::time::Duration;

use auth::LogInOutcome;
use tests::{Authenticator, Backend, TestApp, Transport};

use super::{
    EVE, MIA, add_passkey, answer, app_with_mia, confirmed_user, options, protected, save_codes,
};
use crate::{
    factors::{SECOND, events, factor_form, give_password},
    people::{self, PASSWORD},
};

const QUARTER: Duration = Duration::from_mins(15);

/// The assurance of the sessions, the newest first.
async fn assurances(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT assurance FROM sessions ORDER BY created_at DESC").await
}

/// PSK-01, MFA-03.
#[tokio::test]
async fn a_passkey_finishes_a_log_in_with_the_password() {
    for transport in Transport::ALL {
        let (app, _, mut authenticator) = protected(TestApp::start().await, transport).await;
        app.clock.advance(Duration::from_secs(1));
        let mut browser = app.browser(transport);
        browser.visit("/login?next=/settings/sessions").await;
        let form = browser.form("login-form").fill("email", MIA).fill("password", PASSWORD);
        let page = form.submit().await;
        assert_eq!(page.path(), SECOND, "{transport:?}");
        let asked: serde_json::Value = serde_json::from_str(&options(page)).unwrap();
        assert_eq!(asked["allowCredentials"].as_array().unwrap().len(), 1, "{transport:?}");

        let page = answer(&mut browser, "passkey-step-form", &mut authenticator).await;

        assert!(page.is_logged_in(), "{transport:?}: {}", page.visible_text());
        assert_eq!(page.path(), "/settings/sessions", "{transport:?}");
        assert_eq!(assurances(&app).await[0], "passkey", "{transport:?}");
        assert_eq!(app.count("pending_log_ins").await, 0, "{transport:?}");
    }
}

/// PSK-02, MFA-02: another account's passkey is a wrong one, and every try counts.
#[tokio::test]
async fn a_passkey_of_another_account_finishes_no_log_in() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let (app, ..) = protected(app, Transport::Plain).await;
        let mut eve = confirmed_user(&app, Transport::Plain, EVE).await;
        let mut of_eve = Authenticator::new(app.public_url());
        add_passkey(&mut eve, &mut of_eve).await;
        let before = app.count("sessions").await;
        let mut browser = app.browser(Transport::Plain);
        give_password(&mut browser, MIA).await;

        for left in (0..5).rev() {
            let page = answer(&mut browser, "passkey-step-form", &mut of_eve).await;
            let expected = if left == 0 { "/login" } else { SECOND };
            assert_eq!(page.path(), expected, "{backend:?} {left}");
        }

        assert_eq!(app.count("sessions").await, before, "{backend:?}");
    }
}

/// MFA-12: a wrong passkey after the right password counts like a wrong code. One is no news, a
/// second one in a day is, once an hour.
#[tokio::test]
async fn the_owner_is_told_of_a_right_password_with_wrong_passkeys() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let (app, _, mut authenticator) = protected(app, Transport::Plain).await;
        let mut forged = authenticator.copied();
        forged.replace_key();
        let told = async || {
            people::mails_sent(&app).await;
            let mails = app.mailbox.all_to(MIA).await;
            mails.iter().filter(|mail| mail.subject.contains("Wrong second factor")).count()
        };
        let mut browser = app.browser(Transport::Plain);
        give_password(&mut browser, MIA).await;
        answer(&mut browser, "passkey-step-form", &mut forged).await;
        let page = answer(&mut browser, "passkey-step-form", &mut authenticator).await;
        assert!(page.is_logged_in(), "{backend:?}: {}", page.visible_text());
        assert_eq!(told().await, 0, "{backend:?}: the owner failed once");

        let mut thief = app.browser(Transport::Plain);
        give_password(&mut thief, MIA).await;
        answer(&mut thief, "passkey-step-form", &mut forged).await;
        assert_eq!(told().await, 0, "{backend:?}");
        for n in 0..2 {
            thief.form("passkey-step-form").fill("passkey", "{}").submit().await;
            assert_eq!(told().await, 1, "{backend:?} {n}");
        }
        assert!(app.mailbox.latest_to(MIA).await.find_link("/not-me/").is_some(), "{backend:?}");
    }
}

/// The metrics count a second step by its outcome, a throttled one too.
#[tokio::test]
async fn a_second_step_by_passkey_is_counted_as_a_log_in() {
    let app = TestApp::with(|settings| settings.limits.enabled = true).await;
    let (app, _, mut authenticator) = protected(app, Transport::Plain).await;
    let mut forged = authenticator.copied();
    forged.replace_key();
    let counts = || {
        let log_ins = app.accounts().operations().metrics().log_ins;
        let of = |wanted| log_ins.iter().find(|(it, _)| *it == wanted).map_or(0, |it| it.1);
        [LogInOutcome::LoggedIn, LogInOutcome::Refused, LogInOutcome::Throttled].map(of)
    };
    let before = counts();

    for _ in 0..3 {
        let mut browser = app.browser(Transport::Plain);
        give_password(&mut browser, MIA).await;
        for _ in 0..4 {
            answer(&mut browser, "passkey-step-form", &mut forged).await;
        }
    }
    app.clock.advance(QUARTER);
    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;
    assert!(answer(&mut browser, "passkey-step-form", &mut authenticator).await.is_logged_in());

    let after = counts();
    assert_eq!([0, 1, 2].map(|n| after[n] - before[n]), [1, 10, 2]);
}

/// MFA-07: the challenge of the log-in page is for another purpose.
#[tokio::test]
async fn a_challenge_of_the_log_in_page_is_no_second_step() {
    let (app, _, mut authenticator) = protected(TestApp::start().await, Transport::Plain).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let given = authenticator.get(&options(browser.page()));
    let ceremony = browser.page().field("login-form", "ceremony").unwrap().value;
    give_password(&mut browser, MIA).await;

    let form = browser.form("passkey-step-form").fill("passkey", &given);
    let page = form.fill("ceremony", &ceremony).submit().await;

    assert_eq!(page.status(), 422);
    assert!(!page.is_logged_in());
    let page = answer(&mut browser, "passkey-step-form", &mut authenticator).await;
    assert!(page.is_logged_in(), "the control: {}", page.visible_text());
}

/// MFA-05, MFA-11: the owner is told at once, because the passkey opens the account at once.
#[tokio::test]
async fn the_owner_is_told_of_a_new_passkey_and_of_one_that_is_removed() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let (app, mut browser, _) = protected(app, Transport::Plain).await;
        people::mails_sent(&app).await;
        let subjects = async || -> Vec<String> {
            app.mailbox.all_to(MIA).await.into_iter().map(|mail| mail.subject).collect()
        };
        assert!(subjects().await.iter().any(|it| it.contains("factor was added")), "{backend:?}");
        assert_eq!(events(&app, "passkey_added").await, 1, "{backend:?}");
        let other = people::session_of(&browser);
        let remove = factor_form(&mut browser, "remove").await;

        let page = browser.form(&remove).submit().await;

        assert_eq!(page.flash(), "Removed. All other devices are logged out.", "{backend:?}");
        assert!(people::is_alive(&app, &other).await, "{backend:?}");
        people::mails_sent(&app).await;
        assert!(subjects().await.iter().any(|it| it.contains("is off")), "{backend:?}");
        assert_eq!(events(&app, "passkey_removed").await, 1, "{backend:?}");
        people::log_in(&mut app.browser(Transport::Plain), MIA).await;
    }
}

/// MFA-05, MFA-11: a passkey opens the account before log-ins ask for a second factor, too.
#[tokio::test]
async fn the_owner_is_told_of_a_removed_passkey_while_two_factor_authentication_is_off() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    let mut authenticator = Authenticator::new(app.public_url());
    add_passkey(&mut browser, &mut authenticator).await;
    let remove = factor_form(&mut browser, "remove").await;

    browser.form(&remove).submit().await;

    people::mails_sent(&app).await;
    let mails = app.mailbox.all_to(MIA).await;
    let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert!(subjects.iter().any(|it| it.contains("factor was removed")), "{subjects:?}");
    assert_eq!(events(&app, "passkey_removed").await, 1);
    assert_eq!(events(&app, "second_factor_off").await, 0);
}

/// MFA-11: the box is ticked, and other sessions end.
#[tokio::test]
async fn a_new_passkey_logs_out_the_other_devices() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    let other = people::logged_in(&app, Transport::Plain, MIA).await;
    let mut authenticator = Authenticator::new(app.public_url());

    add_passkey(&mut browser, &mut authenticator).await;

    assert!(!people::is_alive(&app, &people::session_of(&other)).await);
    assert!(people::is_alive(&app, &people::session_of(&browser)).await);
}

/// Better Auth #8711: a passkey without saved recovery codes does not gate the password.
#[tokio::test]
async fn a_passkey_is_asked_for_once_recovery_codes_are_saved() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    add_passkey(&mut browser, &mut Authenticator::new(app.public_url())).await;
    people::log_in(&mut app.browser(Transport::Plain), MIA).await;

    save_codes(&mut browser).await;

    give_password(&mut app.browser(Transport::Plain), MIA).await;
}
