//! The page that waits for the mail: the state of the mail, another mail, and another address.

use tests::{TestApp, Transport};

use super::{LINK, confirmed_app, link_to};
use crate::{
    cast::LEO,
    flows::{MIA, PASSWORD, can_log_in, make_admin, name_account, request_sign_up},
    people::mails_sent,
};

#[tokio::test]
async fn another_mail_has_a_pause_and_voids_the_one_before() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut browser = app.browser(transport);
        request_sign_up(&mut browser, MIA).await;
        let older = link_to(&app, MIA).await;
        let page = browser.form("resend-proof-form").submit().await;
        assert_eq!((page.status(), page.header("retry-after")), (429, Some("60")));
        let told = page.form_error("resend-proof-form").unwrap();
        assert!(told.contains("60 seconds"), "{transport:?}: {told}");

        app.clock.advance(auth::RESEND_PAUSE);
        let page = browser.form("resend-proof-form").submit().await;

        assert_eq!((page.path().as_str(), page.status()), ("/mailbox", 200), "{transport:?}");
        assert!(!page.flash().is_empty(), "{transport:?}");
        let newer = app.mailbox.nth_to(MIA, 2).await.link(LINK);
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
        request_sign_up(&mut browser, "ada@example.test").await;
        let page = browser.form("correct-email-form").fill("email", "mai").submit().await;
        assert_eq!((page.status(), page.focused().as_deref()), (422, Some("email")));
        let mut texts = Vec::new();
        for email in ["mai@example.test", "ada@example.test", MIA] {
            let page = browser.form("correct-email-form").fill("email", email).submit().await;
            assert_eq!((page.path().as_str(), page.status()), ("/mailbox", 200), "{email}");
            mails_sent(&app).await;
            texts.push(browser.visit("/mailbox").await.visible_text().replace(email, "EMAIL"));
        }
        texts.dedup();
        assert_eq!(texts.len(), 1, "{transport:?}: {texts:#?}");
        let typo = link_to(&app, "mai@example.test").await;
        assert_eq!(browser.visit(&typo).await.status(), 410, "{transport:?}");

        browser.visit(&link_to(&app, MIA).await).await;
        name_account(&mut browser).await;

        assert!(can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        let emails = app.database.texts("SELECT email FROM users ORDER BY 1").await;
        assert_eq!(emails, ["ada@example.test", MIA], "{transport:?}: nothing is left behind");
    }
}

#[tokio::test]
async fn no_other_browser_can_wait_for_the_mail() {
    let app = confirmed_app().await;
    request_sign_up(&mut app.browser(Transport::Plain), MIA).await;
    for transport in Transport::ALL {
        let mut other = app.browser(transport);
        assert_eq!(other.visit("/mailbox").await.path(), "/login");
        other.cookies_mut().plant("__Host-latchkey-proof", "AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(other.visit("/mailbox").await.path(), "/login");
        for (path, field) in
            [("code", ("code", "ZZZZ-ZZZZ")), ("resend", ("x", "")), ("email", ("email", LEO))]
        {
            let path = format!("/mailbox/{path}");
            let answer = crate::flows::post(&other, &path, &[field]).await;
            assert!(matches!(answer.status(), 200 | 303), "{path}: {}", answer.body);
            let to = answer.header("location").or(answer.header("hx-push-url"));
            assert_eq!(to, Some("/login"), "{transport:?} {path}");
        }
    }
    let mails = app.database.texts("SELECT recipient FROM outbox").await;
    assert_eq!(mails, [MIA], "no mail to {LEO}, sent or not");
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
async fn the_page_tells_where_the_mail_is_and_goes_on_asking() {
    let app = confirmed_app().await;
    let mut browser = app.browser(Transport::Plain);
    request_sign_up(&mut browser, MIA).await;
    mails_sent(&app).await;
    let cookie = browser.cookies().get("__Host-latchkey-proof").unwrap().value.clone();
    let sent = state(&app, &cookie).await;

    let mut states = vec![sent];
    for (column, error) in [
        ("due_at = 9000000000000001, last_error = NULL", ""),
        ("due_at = 9000000000000000", "the mail server replied 451"),
        ("due_at = 9000000000000000", "Connection error"),
        ("due_at = NULL, failed_at = 1", "the mail server replied 550"),
    ] {
        let sql = format!("UPDATE outbox SET sent_at = NULL, last_error = '{error}', {column}");
        app.database.execute(&sql.replace("last_error = '', ", "")).await;
        let shown = state(&app, &cookie).await;
        assert!(shown.contains("hx-get=\"/mailbox/state\""), "{error}: {shown}");
        assert!(!shown.contains("451") && !shown.contains("550"), "{shown}");
        states.push(shown);
    }
    states.sort();
    states.dedup();
    assert_eq!(states.len(), 5, "each state has its own words: {states:#?}");
    let page = browser.visit("/mailbox/state").await;
    assert_eq!(page.path(), "/mailbox", "the part is no page of its own");
}
