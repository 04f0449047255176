//! Logging in with a passkey.

use std::time::Duration;

use auth::Order;
use tests::{Backend, Mail, TestApp, Transport};

use super::{LIST, MIA, app_with_passkey, log_in_with, options, passkeys};
use crate::people;

const HOUR: Duration = Duration::from_hours(1);

/// PSK-01: no address and no password is typed.
#[tokio::test]
async fn a_passkey_logs_in_without_an_address() {
    for transport in Transport::ALL {
        let (app, mut authenticator) = app_with_passkey(TestApp::start().await).await;
        let mut browser = app.browser(transport);
        browser.visit("/login").await;

        let page = log_in_with(&mut browser, &mut authenticator).await;

        assert!(page.is_logged_in(), "{transport:?}: {}", page.visible_text());
        assert_eq!(page.path(), "/profile", "{transport:?}");
        assert!(page.visible_text().contains(MIA), "{transport:?}");
        let text = browser.visit(LIST).await.visible_text();
        assert!(!text.contains("Never"), "{transport:?}: {text}");
    }
}

#[tokio::test]
async fn a_log_in_with_a_passkey_leads_on_and_is_remembered_like_any_other() {
    for transport in Transport::ALL {
        let (app, mut authenticator) = app_with_passkey(TestApp::start().await).await;
        let mut browser = app.browser(transport);
        browser.visit("/login?next=/settings/sessions").await;
        let answer = authenticator.get(&options(browser.page()));

        let form = browser.form("login-form").check("remember").fill("passkey", &answer);
        let page = form.submit().await;

        assert_eq!(page.path(), "/settings/sessions", "{transport:?}");
        app.clock.advance(Duration::from_hours(29 * 24));
        assert_eq!(browser.visit("/profile").await.path(), "/profile", "{transport:?}");
    }
}

/// SES-10, SES-16.
#[tokio::test]
async fn the_log_in_page_writes_nothing() {
    let (app, _) = app_with_passkey(TestApp::start().await).await;
    people::mails_sent(&app).await;
    let before = app.database_digest().await;
    let mut browser = app.browser(Transport::Plain);

    let first = options(browser.visit("/login").await);
    let second = options(browser.visit("/login").await);

    assert_ne!(first, second, "each page has a challenge of its own");
    assert_eq!(app.database_digest().await, before);
}

/// MFA-07: a form that was open for too long comes back with a challenge that works.
#[tokio::test]
async fn an_old_challenge_is_refused_and_the_form_comes_back_with_a_new_one() {
    for transport in Transport::ALL {
        let (app, mut authenticator) = app_with_passkey(TestApp::start().await).await;
        let mut browser = app.browser(transport);
        browser.visit("/login").await;
        app.clock.advance(HOUR);

        let page = log_in_with(&mut browser, &mut authenticator).await;
        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.visible_text().contains("open for too long"), "{transport:?}");

        app.clock.advance(HOUR.saturating_sub(Duration::from_secs(1)));
        let page = log_in_with(&mut browser, &mut authenticator).await;
        assert!(page.is_logged_in(), "{transport:?}: {}", page.visible_text());
    }
}

/// MFA-07, CVE-2025-46815: the same answer a second time, with its own form.
#[tokio::test]
async fn an_answer_opens_one_session() {
    for backend in Backend::available() {
        let (app, mut authenticator) = app_with_passkey(TestApp::on(backend, |_| {}).await).await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let answer = authenticator.get(&options(browser.page()));
        let ceremony = browser.page().field("login-form", "ceremony").unwrap().value;
        let token = browser.csrf_token();
        let fields = [("csrf_token", &*token), ("passkey", &*answer), ("ceremony", &*ceremony)];
        let send = async || {
            browser.raw("POST", "/login").same_origin().form(&fields).send().await.status()
        };
        let before = app.count("sessions").await;

        assert_eq!((send().await, send().await), (303, 422), "{backend:?}");

        assert_eq!(app.count("sessions").await, before + 1, "{backend:?}");
    }
}

/// MFA-07: the challenge of another browser's page.
#[tokio::test]
async fn a_challenge_is_good_in_the_browser_that_got_it() {
    let (app, mut authenticator) = app_with_passkey(TestApp::start().await).await;
    let [mut one, mut other] = [0; 2].map(|_| app.browser(Transport::Plain));
    one.visit("/login").await;
    let answer = authenticator.get(&options(one.page()));
    let ceremony = one.page().field("login-form", "ceremony").unwrap().value;

    other.visit("/login").await;
    let form = other.form("login-form").fill("passkey", &answer).fill("ceremony", &ceremony);
    assert_eq!(form.submit().await.status(), 422);

    let page = one.form("login-form").fill("passkey", &answer).submit().await;
    assert!(page.is_logged_in());
}

/// PSK-04: an unknown passkey, one of a disabled account, and a wrong signature.
#[tokio::test]
async fn whatever_is_wrong_with_a_passkey_the_answer_is_the_same() {
    let mut answers = Vec::new();
    for case in ["unknown", "disabled", "wrong"] {
        let (app, mut authenticator) = app_with_passkey(TestApp::start().await).await;
        match case {
            "unknown" => drop(app.database.execute("DELETE FROM passkeys").await),
            "disabled" => people::order(&app, MIA, Order::Disable).await,
            _ => authenticator.replace_key(),
        }
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let page = log_in_with(&mut browser, &mut authenticator).await;
        assert!(!page.is_logged_in());
        answers.push((case, page.status(), page.visible_text()));
    }

    for (case, status, text) in &answers {
        assert_eq!(*status, 422, "{case}");
        assert_eq!(text, &answers[0].2, "{case}");
        assert!(text.contains("That passkey didn’t work."), "{case}: {text}");
    }
}

/// PSK-03: a counter that goes back shows a copy; it is refused, and the owner is told.
#[tokio::test]
async fn a_copied_passkey_is_refused_and_its_owner_is_told() {
    for backend in Backend::available() {
        let (app, mut authenticator) = app_with_passkey(TestApp::on(backend, |_| {}).await).await;
        let mut copy = authenticator.copied();
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        assert!(log_in_with(&mut browser, &mut authenticator).await.is_logged_in());
        let before = passkeys(&app).await;

        let mut thief = app.browser(Transport::Plain);
        thief.visit("/login").await;
        let page = log_in_with(&mut thief, &mut copy).await;

        assert_eq!(page.status(), 422, "{backend:?}");
        assert_eq!(passkeys(&app).await, before, "{backend:?}");
        people::mails_sent(&app).await;
        let mails = app.mailbox.all_to(MIA).await;
        let is_notice = |mail: &&Mail| mail.subject.contains("may have been copied");
        let told = mails.iter().find(is_notice);
        assert!(told.is_some_and(|mail| mail.find_link("/not-me/").is_some()), "{backend:?}");
    }
}
