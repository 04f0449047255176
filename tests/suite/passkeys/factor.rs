//! A passkey as a second factor: after the password, in place of the password within a session, and
//! as something that its owner is told of.

use std::time::Duration;

use tests::{Authenticator, Backend, Browser, TestApp, Transport};

use super::{EVE, LIST, MIA, add_passkey, app_with_mia, confirmed_user, options, save_codes};
use crate::{
    factors::{SECOND, events, give_password},
    people::{self, PASSWORD},
};

const QUARTER: Duration = Duration::from_mins(15);

/// An app in which Mia has a passkey and recovery codes, so that log-ins ask for a factor; her
/// browser, and her authenticator.
async fn protected(app: TestApp, transport: Transport) -> (TestApp, Browser, Authenticator) {
    let (app, mut browser) = app_with_mia(app, transport).await;
    let mut authenticator = Authenticator::new(app.public_url());
    add_passkey(&mut browser, &mut authenticator).await;
    save_codes(&mut browser).await;
    (app, browser, authenticator)
}

/// Answers the button for a passkey in this form of the browser's page.
async fn answer<'a>(
    browser: &'a mut Browser,
    form: &str,
    authenticator: &mut Authenticator,
) -> &'a tests::Page {
    let answer = authenticator.get(&options(browser.page()));
    browser.form(form).fill("passkey", &answer).submit().await
}

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

/// MFA-05: a passkey alone, in place of password and code.
#[tokio::test]
async fn a_passkey_opens_a_sensitive_page() {
    for transport in Transport::ALL {
        let (app, mut browser, mut authenticator) =
            protected(TestApp::start().await, transport).await;
        app.clock.advance(QUARTER);
        assert!(browser.visit("/settings/email").await.path().starts_with("/sudo"));
        let before = people::session_of(&browser);

        let page = answer(&mut browser, "sudo-form", &mut authenticator).await;

        assert_eq!(page.path(), "/settings/email", "{transport:?}: {}", page.visible_text());
        assert!(page.has_form("email-form"), "{transport:?}");
        assert!(!people::is_alive(&app, &before).await, "{transport:?}");
    }
}

/// MFA-05: the form that was being sent is carried out right after the passkey.
#[tokio::test]
async fn a_form_that_waits_is_sent_after_the_passkey() {
    for transport in Transport::ALL {
        let (app, mut browser, mut authenticator) =
            protected(TestApp::start().await, transport).await;
        browser.visit("/settings/email").await;
        app.clock.advance(QUARTER);
        browser.form("email-form").fill("email", "mia.new@example.test").submit().await;

        let page = answer(&mut browser, "sudo-form", &mut authenticator).await;

        assert_eq!(page.path(), "/settings/email", "{transport:?}: {}", page.visible_text());
        assert!(page.flash().contains("your new address"), "{transport:?}: {}", page.flash());
    }
}

/// PSK-02: within a session, too.
#[tokio::test]
async fn a_passkey_of_another_account_opens_no_sensitive_page() {
    let (app, mut browser, _) = protected(TestApp::start().await, Transport::Plain).await;
    let mut eve = confirmed_user(&app, Transport::Plain, EVE).await;
    let mut of_eve = Authenticator::new(app.public_url());
    add_passkey(&mut eve, &mut of_eve).await;
    app.clock.advance(QUARTER);
    browser.visit("/settings/email").await;

    let page = answer(&mut browser, "sudo-form", &mut of_eve).await;

    assert_eq!(page.status(), 422);
    assert!(
        page.visible_text().contains("Use a passkey of this account."),
        "{}",
        page.visible_text()
    );
    assert!(browser.visit("/settings/email").await.path().starts_with("/sudo"));
}

/// Without a passkey there is no button.
#[tokio::test]
async fn the_question_offers_a_passkey_to_an_account_that_has_one() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    app.clock.advance(QUARTER);
    assert!(browser.visit("/settings/email").await.dom().find("[data-passkey]").is_none());

    people::log_in(&mut app.browser(Transport::Plain), MIA).await;
    let (app, mut browser, _) = protected(TestApp::start().await, Transport::Plain).await;
    app.clock.advance(QUARTER);
    assert!(browser.visit("/settings/email").await.dom().find("[data-passkey]").is_some());
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
        let forms = browser.visit(LIST).await.dom().select("form[id^=remove-passkey-form]");
        let remove = forms[0].attr("id").unwrap().to_owned();

        let page = browser.form(&remove).submit().await;

        assert_eq!(page.flash(), "Passkey removed.", "{backend:?}");
        assert!(people::is_alive(&app, &other).await, "{backend:?}");
        people::mails_sent(&app).await;
        assert!(subjects().await.iter().any(|it| it.contains("is off")), "{backend:?}");
        assert_eq!(events(&app, "passkey_removed").await, 1, "{backend:?}");
        people::log_in(&mut app.browser(Transport::Plain), MIA).await;
    }
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
