//! The page that waits for the mail: the state of the mail, another mail, and a corrected address.

use tests::{TestApp, Transport};

use super::{LINK, confirmed_app, link_to, try_log_in};
use crate::{
    flows::{EMAIL, PASSWORD, can_log_in, make_admin, sign_up},
    people::mails_sent,
};

const OTHER: &str = "leo@example.test";

#[tokio::test]
async fn the_right_password_leads_to_the_mailbox_and_no_further() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        sign_up(&mut app.browser(transport), EMAIL).await;
        mails_sent(&app).await;
        let mut browser = app.browser(transport);
        browser.visit("/login").await;

        let form = browser.form("login-form").fill("email", EMAIL);
        let page = form.fill("password", PASSWORD).submit().await;

        assert_eq!((page.path().as_str(), page.is_logged_in()), ("/mailbox", false));
        assert_eq!(app.count("sessions").await, 0, "{transport:?}");
        assert_eq!(app.mailbox.count_to(EMAIL).await, 1, "{transport:?}: not another so soon");
        assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
        assert_eq!(try_log_in(&browser, EMAIL, "not the right one").await.status(), 422);
        // The browser kept its proof, so the link of the first mail works in it.
        browser.visit(&link_to(&app, EMAIL).await).await;
        assert_eq!(browser.form("confirm-address-form").submit().await.path(), "/login");
        assert!(can_log_in(&app, EMAIL, PASSWORD).await);
    }
}

#[tokio::test]
async fn another_mail_has_a_pause_and_voids_the_one_before() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, EMAIL).await;
        let older = link_to(&app, EMAIL).await;
        let page = browser.form("resend-proof-form").submit().await;
        assert_eq!((page.status(), page.header("retry-after")), (429, Some("60")));
        let told = page.form_error("resend-proof-form").unwrap();
        assert!(told.contains("60 seconds"), "{transport:?}: {told}");

        app.clock.advance(auth::RESEND_PAUSE);
        let page = browser.form("resend-proof-form").submit().await;

        assert_eq!((page.path().as_str(), page.status()), ("/mailbox", 200), "{transport:?}");
        assert!(page.flash().starts_with("Email sent"), "{transport:?}");
        let newer = app.mailbox.nth_to(EMAIL, 2).await.link(LINK);
        assert_eq!(browser.visit(&older).await.status(), 410, "{transport:?}");
        assert_eq!(browser.visit(&newer).await.status(), 200, "{transport:?}");
    }
}

/// ENU-04: correcting an address gives the same answers whether or not the new address has an
/// account.
#[tokio::test]
async fn a_mistyped_address_is_mended_by_the_browser_that_signed_up() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        make_admin(&app, "ada@example.test").await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, "ada@example.test").await;
        let mut texts = Vec::new();
        for email in ["mai@example.test", "ada@example.test", EMAIL] {
            let page = browser.form("correct-email-form").fill("email", email).submit().await;
            assert_eq!((page.path().as_str(), page.status()), ("/mailbox", 200), "{email}");
            mails_sent(&app).await;
            texts.push(browser.visit("/mailbox").await.visible_text().replace(email, "EMAIL"));
        }
        texts.dedup();
        assert_eq!(texts.len(), 1, "{transport:?}: {texts:#?}");
        let typo = link_to(&app, "mai@example.test").await;
        assert_eq!(browser.visit(&typo).await.status(), 410, "{transport:?}");

        browser.visit(&link_to(&app, EMAIL).await).await;
        browser.form("confirm-address-form").submit().await;

        assert!(can_log_in(&app, EMAIL, PASSWORD).await, "{transport:?}");
        let emails = app.database.texts("SELECT email FROM users ORDER BY 1").await;
        assert_eq!(emails, ["ada@example.test", EMAIL], "{transport:?}: nothing is left behind");
    }
}

#[tokio::test]
async fn nobody_else_can_wait_for_the_mail() {
    let app = confirmed_app().await;
    sign_up(&mut app.browser(Transport::Plain), EMAIL).await;
    for transport in Transport::ALL {
        let mut other = app.browser(transport);
        assert_eq!(other.visit("/mailbox").await.path(), "/login");
        other.cookies_mut().plant("__Host-latchkey-proof", "AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(other.visit("/mailbox").await.path(), "/login");
        for (path, field) in
            [("code", ("code", "ZZZZ-ZZZZ")), ("resend", ("x", "")), ("email", ("email", OTHER))]
        {
            let path = format!("/mailbox/{path}");
            let answer = crate::flows::post(&other, &path, &[field]).await;
            assert!(matches!(answer.status(), 200 | 303), "{path}: {}", answer.body);
            let to = answer.header("location").or(answer.header("hx-push-url"));
            assert_eq!(to, Some("/login"), "{transport:?} {path}");
        }
    }
    assert_eq!(app.database.texts("SELECT email FROM users").await, [EMAIL]);
    let mails = app.database.texts("SELECT recipient FROM outbox").await;
    assert_eq!(mails, [EMAIL], "no mail to {OTHER}, sent or not");
}

/// Returns the part of the page that htmx refreshes.
async fn state(app: &TestApp, cookie: &str) -> String {
    let request = app.browser(Transport::HtmxPartial).raw("GET", "/mailbox/state");
    let request = request.with_cookies(Some(format!("__Host-latchkey-proof={cookie}")));
    let answer = request.htmx_partial().send().await;
    assert_eq!(answer.status(), 200);
    answer.body
}

#[tokio::test]
async fn the_page_tells_where_the_mail_is_until_it_has_arrived() {
    let app = confirmed_app().await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, EMAIL).await;
    mails_sent(&app).await;
    let cookie = browser.cookies().get("__Host-latchkey-proof").unwrap().value.clone();
    let arrived = state(&app, &cookie).await;
    assert!(arrived.contains("Email sent") && !arrived.contains("hx-get"), "{arrived}");

    for (column, error, told, is_final) in [
        ("due_at = 1, last_error = NULL", "", "Sending the email", false),
        ("due_at = 9e15", "the mail server replied 451", "does not accept it yet", false),
        ("due_at = 9e15", "Connection error", "can’t be reached", false),
        ("due_at = NULL, failed_at = 1", "the mail server replied 550", "not be delivered", true),
    ] {
        let column = column.replace("due_at = 1", "due_at = 9000000000000000");
        let column = column.replace("9e15", "9000000000000000");
        let set = format!("UPDATE outbox SET sent_at = NULL, last_error = '{error}', {column}");
        let set = set.replace("last_error = '', ", "");
        app.database.execute(&set).await;
        let shown = state(&app, &cookie).await;
        assert!(shown.contains(told), "{error}: {shown}");
        assert_eq!(!shown.contains("hx-get=\"/mailbox/state\""), is_final, "{error}: {shown}");
        assert!(!shown.contains("451") && !shown.contains("550"), "{shown}");
        assert!(browser.visit("/mailbox").await.visible_text().contains(told), "{error}");
    }
    let page = browser.visit("/mailbox/state").await;
    assert_eq!(page.path(), "/mailbox", "the part is no page of its own");
}

/// A day after the sign-up, its password is refused, as for a sign-up without a confirmation. An
/// account that was logged in to when confirmation was not required is excepted.
#[tokio::test]
async fn who_has_been_in_the_account_is_led_to_the_mailbox_however_late() {
    let app = confirmed_app().await;
    sign_up(&mut app.browser(Transport::Plain), EMAIL).await;
    app.clock.advance(auth::PROOF_LIFETIME);
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    assert_eq!(try_log_in(&browser, EMAIL, PASSWORD).await.status(), 422);
    app.database.execute("UPDATE security_events SET event = 'logged_in'").await;

    let answer = try_log_in(&browser, EMAIL, PASSWORD).await;

    assert_eq!(answer.header("location"), Some("/mailbox"));
}
