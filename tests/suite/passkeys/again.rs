//! A passkey in place of the password within a session.

use std::time::Duration;

use auth::{ConfirmPasswordError, PasskeyAnswer};
use tests::{Authenticator, Backend, TestApp, Transport};

use super::{
    EVE, MIA, add_passkey, answer, app_with_mia, app_with_passkey, confirmed_user, protected,
};
use crate::{factors::client, people};

const QUARTER: Duration = Duration::from_mins(15);

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

/// MFA-05, MFA-10: the passkey was right, and its owner removed it before that was noted.
#[tokio::test]
async fn a_passkey_that_is_removed_after_its_check_renews_no_session() {
    for backend in Backend::available() {
        let (app, mut authenticator) = app_with_passkey(TestApp::on(backend, |_| {}).await).await;
        let principal = people::principal(&app, MIA).await;
        let (sessions, form_token) = (app.accounts().sessions(), "token".to_owned());
        let ceremony = sessions.begin_passkey_again(&principal, &form_token).expect("a passkey");
        let credential = authenticator.get(&ceremony.options);
        let answer = PasskeyAnswer { sealed: ceremony.sealed, credential, form_token };
        let proof = sessions.prove_passkey_again(&principal, answer, &client()).await;
        let proof = proof.expect("the passkey is right");
        people::mails_sent(&app).await;
        app.database.execute("DELETE FROM passkeys").await;
        let before = app.database_digest().await;

        let confirmed = sessions.confirm_password(&principal, &proof, None, &client()).await;

        let refusal = confirmed.err();
        assert_eq!(refusal, Some(ConfirmPasswordError::WrongPasskey), "{backend:?}");
        assert_eq!(app.database_digest().await, before, "{backend:?}");
    }
}
