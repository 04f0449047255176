//! Confirming the address of an account by the link or the code of the mail, and who owns the
//! account afterwards.

mod elsewhere;
mod locks;
mod mailbox;
mod open;
mod races;

use std::time::Duration;

use tests::{TestApp, Transport};

use crate::{
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, sign_up, sign_up_with},
    people::{self, code_in},
};

const DAY: Duration = Duration::from_hours(24);
const LINK: &str = "/confirm-address/";

async fn link_to(app: &TestApp, email: &str) -> String {
    app.mailbox.wait_for_link(email, LINK).await.link(LINK)
}

/// REG-01: account, proof and mail are created together, and no one is logged in.
#[tokio::test]
async fn a_link_confirms_the_address_in_the_browser_that_signed_up() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, MIA).await;
        assert_eq!(browser.path(), "/login", "{transport:?}");
        assert!(browser.cookies().session().is_none() && !browser.page().is_logged_in());
        for table in ["users", "address_proofs", "outbox"] {
            assert_eq!(app.count(table).await, 1, "{transport:?} {table}");
        }
        let link = link_to(&app, MIA).await;
        people::mails_sent(&app).await;
        let before = app.database_digest().await;
        let page = browser.visit(&link).await;
        assert!(page.visible_text().contains(MIA), "{transport:?}: {}", page.visible_text());
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(app.database_digest().await, before, "looking spends nothing");

        let page = browser.form("confirm-address-form").submit().await;

        assert_eq!(page.path(), "/login", "{transport:?}");
        assert_eq!(page.flash(), "Your address is confirmed.");
        assert_eq!(page.field("login-form", "email").unwrap().value, MIA, "{transport:?}");
        assert_eq!(page.focused().as_deref(), Some("password"), "{transport:?}");
        assert!(browser.cookies().get("__Host-latchkey-proof").is_none());
        let page = browser.form("login-form").fill("password", PASSWORD).submit().await;
        assert!(page.is_logged_in(), "{transport:?}: {}", page.visible_text());
        assert!(!page.has_form("unconfirmed-form"), "{transport:?}");
    }
}

#[tokio::test]
async fn a_code_confirms_the_address_and_fills_it_in_at_the_log_in() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, MIA).await;
        let code = code_in(&app.mailbox.wait_for_link(MIA, LINK).await);
        browser.visit("/mailbox").await;

        let page = browser.form("code-form").fill("code", &code).submit().await;

        assert_eq!((page.path().as_str(), page.status()), ("/login", 200), "{transport:?}");
        assert_eq!(page.flash(), "Your address is confirmed.");
        assert_eq!(page.field("login-form", "email").unwrap().value, MIA, "{transport:?}");
        assert_eq!(page.focused().as_deref(), Some("password"), "{transport:?}");
        let events = "SELECT event FROM security_events WHERE event = 'address_confirmed'";
        assert_eq!(app.database.texts(events).await.len(), 1, "{transport:?}");
    }
}

/// A link that has done its work says so, in the browser that used it and in others.
#[tokio::test]
async fn a_used_link_says_that_the_address_is_confirmed() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, MIA).await;
        let link = link_to(&app, MIA).await;
        browser.visit(&link).await;
        browser.form("confirm-address-form").submit().await;
        let before = app.database_digest().await;

        for mut browser in [browser, app.browser(transport)] {
            let page = browser.visit(&link).await;
            assert_eq!(page.status(), 410, "{transport:?}");
            let said = page.visible_text();
            assert!(said.contains(MIA) && said.contains("already confirmed"), "{said}");
            assert!(!page.has_form("confirm-address-form"), "{transport:?}");
            let again = crate::flows::post(&browser, &link, &[("renew", "1")]).await;
            assert!(again.status() == 410 && again.body.contains("already confirmed"));
        }

        assert_eq!(app.database_digest().await, before, "{transport:?}: a used link voids nothing");
    }
}

/// ENU-06: every invalid link leads to the same page, which names no account.
#[tokio::test]
async fn a_link_that_is_unknown_replaced_or_late_is_gone() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, MIA).await;
    let replaced = link_to(&app, MIA).await;
    app.clock.advance(auth::RESEND_PAUSE);
    browser.visit("/mailbox").await;
    browser.form("resend-proof-form").submit().await;
    let late = app.mailbox.nth_to(MIA, 2).await.link(LINK);
    assert_eq!(browser.visit(&late).await.status(), 200);
    app.clock.advance(DAY);

    let mut bodies = Vec::new();
    for link in [&replaced, &late, &format!("{LINK}{}", "A".repeat(43)), &format!("{LINK}x")] {
        for method in ["GET", "POST"] {
            let token = browser.csrf_token();
            let request = browser.raw(method, link).same_origin();
            let fields = [("csrf_token", token.as_str()), ("renew", "1")];
            let request = if method == "POST" { request.form(&fields) } else { request };
            let answer = request.send().await;
            assert_eq!(answer.status(), 410, "{method} {link}");
            assert!(!answer.body.contains(MIA));
            bodies.push(answer.body);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert_eq!(app.database.texts("SELECT email FROM users WHERE confirmed_at > 0").await.len(), 0);
}

/// A reset link is sent to the address too, so that using it confirms the address.
#[tokio::test]
async fn a_password_reset_confirms_the_address() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, MIA).await;
    let reset = people::reset_path(&app, MIA).await;
    browser.visit(&reset).await;

    browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;

    assert!(can_log_in(&app, MIA, NEW_PASSWORD).await);
    let confirmed = "SELECT email FROM users WHERE confirmed_at IS NOT NULL";
    assert_eq!(app.database.texts(confirmed).await, [MIA]);
}

/// REG-13.
#[tokio::test]
async fn an_unconfirmed_account_goes_after_a_week_and_its_address_is_free() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, MIA).await;
    app.clock.advance(7 * DAY);
    app.accounts().operations().sweep().await.unwrap();
    assert_eq!(app.count("users").await, 1, "not before its time");
    assert_eq!(app.count("address_proofs").await, 0, "a proof is good for a day");

    app.clock.advance(Duration::from_millis(1));
    app.accounts().operations().sweep().await.unwrap();

    assert_eq!(app.count("users").await, 0);
    sign_up_with(&mut browser, MIA, NEW_PASSWORD).await;
    assert_eq!(app.count("users").await, 1);
}
