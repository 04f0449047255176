//! The page that waits for a mail with a link to a new password, and the way to it from the log-in
//! page.

use std::time::Duration;

use tests::{Browser, TestApp, Transport};

use super::FORGOT;
use crate::{
    flows::{MIA, ask_for_reset, make_user, masked, post},
    people,
};

const SENT: &str = "/forgot-password/sent";
const STRANGER: &str = "nil@example.test";
const SECOND: Duration = Duration::from_secs(1);

async fn app() -> TestApp {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    people::confirm(&app, MIA).await;
    app
}

/// Presses "Send again", and returns the text of the form or of the page that follows.
async fn resend(browser: &mut Browser) -> (u16, String) {
    let page = browser.form("resend-reset-form").submit().await;
    (page.status(), page.form_error("resend-reset-form").unwrap_or_else(|| page.flash()))
}

/// ENU-02, ENU-08: the page says the same of every address, at every step.
#[tokio::test]
async fn the_page_that_waits_is_the_same_for_every_address() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut seen = Vec::new();
        for email in [MIA, STRANGER] {
            let mut browser = app.browser(transport);
            ask_for_reset(&mut browser, email).await;
            let page = browser.page();
            assert_eq!((page.path().as_str(), page.h1().as_str()), (SENT, "Check your inbox"));
            assert!(page.visible_text().contains(&format!("We sent an email to {email}.")));
            people::mails_sent(&app).await;
            let again = post(&browser, "/forgot-password/resend", &[]).await;
            assert_eq!(again.status(), 429, "{transport:?}");
            let page = browser.raw("GET", SENT).send().await;
            let token = browser.csrf_token();
            seen.push([&again, &page].map(|answer| masked(answer, &[email, &token])).map(strip));
        }
        assert_eq!(seen[0], seen[1], "{transport:?}");
    }
}

/// Without the tokens, which are others in every answer.
fn strip((status, headers, body): (u16, Vec<String>, String)) -> (u16, Vec<String>, String) {
    let mut parts = body.split("name=\"csrf_token\" value=\"");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    plain.extend(parts.map(|part| part.split_once('"').map_or("", |(_, rest)| rest)));
    (status, headers, plain)
}

/// EML-07, RTL-10: the wait is told in words, and the same button works after it.
#[tokio::test]
async fn the_mail_is_sent_again_after_a_minute_and_the_wait_is_told_in_words() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = app.browser(transport);
        ask_for_reset(&mut browser, MIA).await;
        app.clock.advance(SECOND * 6);
        let told = "You can send another email in 54 seconds.".to_owned();
        assert_eq!(resend(&mut browser).await, (429, told), "{transport:?}");
        people::mails_sent(&app).await;
        assert_eq!(app.count("outbox").await, 1, "{transport:?}");

        app.clock.advance(SECOND * 54);
        let (status, told) = resend(&mut browser).await;

        assert_eq!((status, browser.path().as_str()), (200, SENT), "{transport:?}");
        assert!(told.starts_with("Email sent. The link in the email before"), "{told}");
        people::mails_sent(&app).await;
        assert_eq!(app.mailbox.count_to(MIA).await, 2, "{transport:?}");
        assert_eq!(resend(&mut browser).await.0, 429, "{transport:?}: the minute begins anew");
    }
}

/// The address survives a reload, is corrected on the same page, and is forgotten by the log-in.
#[tokio::test]
async fn a_wrong_address_is_corrected_on_the_page_that_waits() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = app.browser(transport);
        assert_eq!(
            browser.visit(SENT).await.path(),
            "/forgot-password",
            "{transport:?}: not asked"
        );
        ask_for_reset(&mut browser, "mai@example.test").await;
        assert!(browser.reload().await.visible_text().contains("mai@example.test"));
        assert!(browser.text().contains("Wrong address?"), "{transport:?}");
        let form = browser.form("forgot-password-form").fill("email", "mia");
        assert_eq!(form.submit().await.status(), 422, "{transport:?}");

        let page = browser.form("forgot-password-form").fill("email", MIA).submit().await;

        assert_eq!(page.path(), SENT, "{transport:?}");
        let text = page.visible_text();
        assert!(text.contains(MIA) && !text.contains("mai@example.test"), "{transport:?}: {text}");
        people::log_in(&mut browser, MIA).await;
        assert_eq!(
            browser.visit(SENT).await.path(),
            "/forgot-password",
            "{transport:?}: forgotten"
        );
    }
}

/// The address that was typed at log-in is carried over in the body of a request, and in no
/// address of a page.
#[tokio::test]
async fn the_address_that_was_typed_at_log_in_is_carried_over() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = app.browser(transport);
        browser.visit("/login?next=%2Fsettings%2Fdata").await;
        let page = browser.form("login-form").button(FORGOT).submit().await;
        assert_eq!((page.status(), page.path().as_str()), (200, "/forgot-password"));
        assert!(page.invalid_fields().is_empty(), "{transport:?}: nothing was wrong yet");

        browser.visit("/login?next=%2Fsettings%2Fdata").await;
        let form =
            browser.form("login-form").fill("email", "mia").fill("password", "a secret goose");
        let page = form.button(FORGOT).submit().await;
        assert_eq!((page.status(), page.invalid_fields()), (422, vec!["email".to_owned()]));
        assert!(!page.body().contains("a secret goose"), "{transport:?}");
        assert_eq!(page.field("login-form", "next").unwrap().value, "/settings/data");
        assert_eq!(app.count("outbox").await, 0, "{transport:?}");

        let form = browser.form("login-form").fill("email", " Mia@Example.Test");
        let page = form.button(FORGOT).submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, SENT), "{transport:?}");
        assert!(page.visible_text().contains(MIA), "{transport:?}");
        assert!(app.mailbox.wait_for_link(MIA, "/reset-password/").await.links().len() == 1);
    }
}

/// A form that comes back asks for the password again only if it had one.
#[tokio::test]
async fn only_a_password_that_was_typed_is_asked_for_again() {
    for transport in Transport::ALL {
        let app = app().await;
        for (password, is_asked) in [("", false), ("a secret goose", true)] {
            let mut browser = app.browser(transport);
            browser.visit("/login").await;
            let form = browser.form("login-form").fill("email", "mia").fill("password", password);

            let page = form.button(FORGOT).submit().await;

            assert_eq!((page.status(), page.invalid_fields()), (422, vec!["email".to_owned()]));
            let text = page.visible_text();
            assert_eq!(
                text.contains("Please enter this again."),
                is_asked,
                "{transport:?}: {text}"
            );
            assert!(!page.body().contains("a secret goose"), "{transport:?}");
        }
        let mut browser = app.browser(transport);
        browser.visit("/login").await;
        let page = browser.form("login-form").fill("passkey", "{}").submit().await;
        assert_eq!(page.status(), 422, "{transport:?}");
        let text = page.visible_text();
        assert!(!text.contains("Please enter this again."), "{transport:?}, a passkey: {text}");
    }
}

#[tokio::test]
async fn the_page_that_waits_speaks_german() {
    let app = app().await;
    let mut browser = app.browser(Transport::Plain).reading("de");
    ask_for_reset(&mut browser, MIA).await;

    assert_eq!(browser.page().h1(), "Sehen Sie in Ihrem Posteingang nach");
    let (_, told) = resend(&mut browser).await;
    assert!(told.starts_with("Bitte noch "), "{told}");
    assert!(browser.text().contains("Falsche Adresse?"));
}
