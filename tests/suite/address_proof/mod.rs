//! Confirming an address by the link or the code of the mail, and who owns the account afterwards.

mod alike;
mod locks;
mod mailbox;
mod open;
mod races;

use std::time::Duration;

use auth::SignupMode;
use tests::{Answer, Backend, Browser, TestApp, Transport};

use crate::{
    flows::{EMAIL, NEW_PASSWORD, PASSWORD, can_log_in, post, sign_up, sign_up_with},
    people::code_in,
};

const DAY: Duration = Duration::from_hours(24);
const LINK: &str = "/confirm-address/";

/// Starts an app in which addresses must be confirmed before the first log-in.
async fn confirmed_app() -> TestApp {
    confirmed_app_on(Backend::Sqlite).await
}

async fn confirmed_app_on(backend: Backend) -> TestApp {
    TestApp::on(backend, |settings| settings.accounts.signup = SignupMode::Confirmed).await
}

/// Logs in with a form of the open page, without following the redirect.
async fn try_log_in(browser: &Browser, email: &str, password: &str) -> Answer {
    post(browser, "/login", &[("email", email), ("password", password)]).await
}

async fn link_to(app: &TestApp, email: &str) -> String {
    app.mailbox.wait_for_link(email, LINK).await.link(LINK)
}

/// REG-01: account, proof and mail are created together, and no one is logged in.
#[tokio::test]
async fn a_link_confirms_the_address_in_the_browser_that_signed_up() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, EMAIL).await;
        assert_eq!(browser.path(), "/mailbox", "{transport:?}");
        assert!(browser.text().contains(EMAIL), "{}", browser.text());
        assert!(browser.cookies().session().is_none() && !browser.page().is_logged_in());
        for table in ["users", "address_proofs", "outbox"] {
            assert_eq!(app.count(table).await, 1, "{transport:?} {table}");
        }
        let link = link_to(&app, EMAIL).await;
        crate::people::mails_sent(&app).await;
        let before = app.database_digest().await;
        let page = browser.visit(&link).await;
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(app.database_digest().await, before, "looking spends nothing");

        let page = browser.form("confirm-address-form").submit().await;

        assert_eq!(page.path(), "/login", "{transport:?}");
        assert_eq!(page.flash(), "Your address is confirmed.");
        assert!(browser.cookies().get("__Host-latchkey-proof").is_none());
        assert_eq!(browser.visit(&link).await.status(), 410, "it works once");
        browser.visit("/login").await;
        let form = browser.form("login-form").fill("email", EMAIL);
        let page = form.fill("password", PASSWORD).submit().await;
        assert!(page.is_logged_in(), "{transport:?}: {}", page.visible_text());
        assert!(!page.has_form("unconfirmed-form"), "{transport:?}");
    }
}

/// TXT-01.
#[tokio::test]
async fn a_code_confirms_the_address_however_it_is_typed() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, EMAIL).await;
        let code = code_in(&app.mailbox.wait_for_link(EMAIL, LINK).await);

        for wrong in ["", "short", "ZZZZ-ZZZZ"] {
            let page = browser.form("code-form").fill("code", wrong).submit().await;
            assert_eq!(page.status(), 422, "{transport:?} {wrong:?}");
            assert!(page.field_error("code").is_some(), "{transport:?} {wrong:?}");
            assert!(!page.body().contains(&code));
        }
        let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c);
        let code = code.to_lowercase();
        let typed: String = code.chars().map(|c| if c == '-' { '–' } else { wide(c) }).collect();
        let typed = format!("„{typed}.\u{200b}");
        let page = browser.form("code-form").fill("code", &typed).submit().await;

        assert_eq!((page.path().as_str(), page.status()), ("/login", 200), "{transport:?}");
        assert_eq!(page.flash(), "Your address is confirmed.");
        assert!(can_log_in(&app, EMAIL, PASSWORD).await);
        let events = "SELECT event FROM security_events WHERE event = 'address_confirmed'";
        assert_eq!(app.database.texts(events).await.len(), 1, "{transport:?}");
    }
}

/// REG-12: the person who confirms the address keeps the account, without anything that the
/// stranger has set.
#[tokio::test]
async fn an_owner_who_confirms_what_somebody_else_signed_up_shuts_them_out() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut stranger = app.browser(transport);
        sign_up(&mut stranger, EMAIL).await;
        let link = link_to(&app, EMAIL).await;
        let mut owner = app.browser(transport);
        let page = owner.visit(&link).await;
        assert!(page.visible_text().contains("another browser"), "{}", page.visible_text());

        let page = owner.form("confirm-address-form").submit().await;

        assert!(page.path().starts_with("/reset-password/"), "{transport:?}: {}", page.path());
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{transport:?}");
        assert_eq!(stranger.visit("/mailbox").await.path(), "/mailbox", "it tells nothing");
        stranger.visit("/login").await;
        let answer = try_log_in(&stranger, EMAIL, PASSWORD).await;
        let cookies = answer.cookies();
        assert!(cookies.iter().all(|it| it.name != crate::people::SESSION), "{transport:?}");
        let form = owner.form("reset-password-form").fill("password", NEW_PASSWORD);
        assert_eq!(form.submit().await.path(), "/login");
        assert!(can_log_in(&app, EMAIL, NEW_PASSWORD).await, "{transport:?}");
        assert_eq!(app.count("sessions").await, 1, "of the owner alone");
        let later = try_log_in(&stranger, EMAIL, PASSWORD).await;
        assert_eq!(later.status(), answer.status(), "{transport:?}: nor does it tell this");
    }
}

/// REG-12: nothing is revoked without the user's knowledge.
#[tokio::test]
async fn a_form_of_the_browser_that_asked_voids_nothing_in_another() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, EMAIL).await;
        browser.visit(&link_to(&app, EMAIL).await).await;
        browser.cookies_mut().remove("__Host-latchkey-proof");
        let before = app.database.rows("users").await;

        let page = browser.form("confirm-address-form").submit().await;

        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.form_error("confirm-address-form").is_some(), "{transport:?}");
        assert_eq!(app.database.rows("users").await, before, "{transport:?}");
        let page = browser.form("confirm-address-form").submit().await;
        assert!(page.path().starts_with("/reset-password/"), "{transport:?}");
    }
}

/// ENU-06: every invalid link leads to the same page, which names no account.
#[tokio::test]
async fn a_link_that_is_unknown_replaced_or_late_is_gone() {
    let app = confirmed_app().await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, EMAIL).await;
    let replaced = link_to(&app, EMAIL).await;
    sign_up(&mut browser, EMAIL).await;
    let late = app.mailbox.nth_to(EMAIL, 2).await.link(LINK);
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
            assert!(!answer.body.contains(EMAIL));
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
    let app = confirmed_app().await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, EMAIL).await;
    let reset = crate::people::reset_path(&app, EMAIL).await;
    browser.visit(&reset).await;

    browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;

    assert!(can_log_in(&app, EMAIL, NEW_PASSWORD).await);
    assert_eq!(app.count("sessions").await, 1);
}

/// REG-13.
#[tokio::test]
async fn an_account_that_nobody_confirms_goes_after_a_week_and_its_address_is_free() {
    let app = confirmed_app().await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, EMAIL).await;
    app.clock.advance(7 * DAY);
    app.accounts().operations().sweep().await.unwrap();
    assert_eq!(app.count("users").await, 1, "not before its time");
    assert_eq!(app.count("address_proofs").await, 0, "a proof is good for a day");

    app.clock.advance(Duration::from_millis(1));
    app.accounts().operations().sweep().await.unwrap();

    assert_eq!(app.count("users").await, 0);
    sign_up_with(&mut browser, EMAIL, NEW_PASSWORD).await;
    assert_eq!(browser.path(), "/mailbox");
    assert_eq!(app.count("users").await, 1);
}
