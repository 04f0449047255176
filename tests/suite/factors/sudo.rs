//! The factor within a session: before sensitive actions, and when the password changes.

use std::time::Duration;

use tests::{Backend, Browser, TestApp, Transport};

use super::{Protection, logged_in_by_code, protected};
use crate::{
    flows::{MIA, NEW_PASSWORD, PASSWORD},
    people,
};

const LIFETIME: Duration = Duration::from_mins(15);
const DATA: &str = "/settings/email";

async fn asked(transport: Transport) -> (TestApp, Protection, Browser) {
    let (app, protection) = protected(Backend::Sqlite).await;
    let mut browser = logged_in_by_code(&app, transport, &protection).await;
    assert_eq!(browser.visit(DATA).await.path(), DATA, "a factor was just given");
    app.clock.advance(LIFETIME);
    browser.visit(DATA).await;
    (app, protection, browser)
}

/// MFA-05: the password alone does not do on an account with a factor.
#[tokio::test]
async fn a_sensitive_page_asks_for_the_password_and_a_code() {
    for transport in Transport::ALL {
        let (app, protection, mut browser) = asked(transport).await;
        assert!(browser.page().has_form("sudo-form"), "{transport:?}");
        for (code, wrong) in [("", "Enter the code"), (&protection.phone.wrong_code(), "Wrong")] {
            let form = browser.form("sudo-form").fill("password", PASSWORD).fill("code", code);
            let page = form.submit().await;
            assert_eq!(page.status(), 422, "{transport:?}");
            let error = page.field_error("code").unwrap_or_default();
            assert!(error.contains(wrong), "{transport:?}: {error}");
        }

        let code = protection.phone.next_code();
        let form = browser.form("sudo-form").fill("password", PASSWORD).fill("code", &code);
        let page = form.submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, DATA), "{transport:?}");
        assert_eq!(app.count("sessions").await, 1, "{transport:?}");
    }
}

/// MFA-01, CVE-2025-43798, CVE-2026-27855, PicPeak#1389: a code of the log-in is used up for the
/// session, too; a recovery code will do.
#[tokio::test]
async fn a_code_that_was_used_at_the_log_in_is_not_good_within_the_session() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let mut browser = logged_in_by_code(&app, Transport::Plain, &protection).await;
    let used = protection.phone.code();
    app.database.execute("UPDATE sessions SET authenticated_at = 1, factor_at = 1").await;
    browser.visit(DATA).await;

    let form = browser.form("sudo-form").fill("password", PASSWORD).fill("code", &used);
    assert_eq!(form.submit().await.status(), 422);
    let form = browser.form("sudo-form").fill("password", PASSWORD);
    let page = form.fill("code", &protection.codes[0]).submit().await;

    assert_eq!(page.path(), DATA, "{}", page.visible_text());
    people::mails_sent(&app).await;
    let mails = app.mailbox.all_to(MIA).await;
    assert!(mails.iter().any(|mail| mail.subject.contains("recovery code")));
}

/// MFA-02, CVE-2026-27801: tries within a session share the count of the account.
#[tokio::test]
async fn two_hundred_codes_within_a_session_are_not_two_hundred_tries() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let app = app.restart_with(|settings| settings.limits.enabled = true).await;
    let mut browser = logged_in_by_code(&app, Transport::Plain, &protection).await;
    app.clock.advance(LIFETIME);
    browser.visit(DATA).await;
    let (token, code) = (browser.csrf_token(), protection.phone.wrong_code());
    let fields = [("csrf_token", token.as_str()), ("password", PASSWORD), ("code", code.as_str())];

    let mut statuses = Vec::new();
    for _ in 0..30 {
        let request = browser.raw("POST", "/sudo").same_origin().form(&fields);
        statuses.push(request.send().await.status());
    }

    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 10, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 20, "{statuses:?}");
}

/// MFA-05: a new password wants the factor, too.
#[tokio::test]
async fn a_new_password_wants_a_code() {
    for transport in Transport::ALL {
        let (app, protection) = protected(Backend::Sqlite).await;
        let mut browser = logged_in_by_code(&app, transport, &protection).await;
        browser.visit("/settings/password").await;
        app.clock.advance(LIFETIME);

        let form = browser.form("password-form").fill("current_password", PASSWORD);
        let page = form.fill("password", NEW_PASSWORD).submit().await;
        assert!(page.path().starts_with("/sudo?next="), "{transport:?}: {}", page.path());
        let code = protection.phone.next_code();
        browser.form("sudo-form").fill("password", PASSWORD).fill("code", &code).submit().await;
        assert_eq!(browser.path(), "/settings/password", "{transport:?}");
        let form = browser.form("password-form").fill("current_password", PASSWORD);
        let page = form.fill("password", NEW_PASSWORD).submit().await;

        assert!(page.flash().contains("Password changed"), "{transport:?}: {}", page.flash());
    }
}
