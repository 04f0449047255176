//! The change of address that waits for its link, on the page that takes a new one.

use std::time::Duration;

use tests::{Backend, TestApp, Transport};

use super::{EVE, NEW_MIA, ask, confirm_link, emails};
use crate::{
    flows::{MIA, logged_in, make_user, post},
    people,
};

const MINUTE: Duration = Duration::from_mins(1);
const PAGE: &str = "/settings/email";

/// ENU-04: which address it is and since when, alike for a free address and one of an account.
#[tokio::test]
async fn a_pending_change_is_shown_alike_for_a_taken_and_a_free_address() {
    for transport in Transport::ALL {
        let app = super::app().await;
        make_user(&app, EVE).await;
        people::confirm(&app, EVE).await;
        let mut seen = Vec::new();
        for new in [NEW_MIA, EVE] {
            let mut browser = logged_in(&app, transport, MIA).await;
            assert!(!browser.visit(PAGE).await.has_form("cancel-email-form"), "{transport:?}");
            ask(&mut browser, new).await;
            people::mails_sent(&app).await;
            let page = browser.visit(PAGE).await;
            let notice = page.dom().find("aside[aria-label='Pending change']").expect("a notice");
            assert_eq!(notice.select(&selector("time")).count(), 1, "{transport:?}");
            seen.push(page.visible_text().replace(new, "*"));
            browser.form("cancel-email-form").submit().await;
            app.clock.advance(Duration::from_hours(1));
        }
        let without_times = |text: &String| text.replace(|c: char| c.is_ascii_digit(), "");
        assert_eq!(without_times(&seen[0]), without_times(&seen[1]), "{transport:?}");
        assert!(seen[0].contains("We emailed a link to *."), "{}", seen[0]);
    }
}

fn selector(css: &str) -> scraper::Selector {
    scraper::Selector::parse(css).unwrap()
}

/// EML-07, RTL-10, RST-06: another mail after a minute; its link voids the one before.
#[tokio::test]
async fn the_link_to_a_new_address_is_sent_again_after_a_minute() {
    for transport in Transport::ALL {
        let app = super::app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        ask(&mut browser, NEW_MIA).await;
        let first = confirm_link(&app, NEW_MIA).await;
        let page = browser.form("resend-email-form").submit().await;
        assert_eq!(page.status(), 429, "{transport:?}");
        let told = page.form_error("resend-email-form").unwrap();
        assert!(told.starts_with("You can send another email in "), "{transport:?}: {told}");

        app.clock.advance(MINUTE);
        let page = browser.form("resend-email-form").submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, PAGE), "{transport:?}");
        assert!(page.flash().starts_with("Email sent"), "{transport:?}");
        people::mails_sent(&app).await;
        let second = people::newest_link(&app, NEW_MIA, "/confirm-email/").await;
        assert_eq!(browser.visit(&first).await.status(), 410, "{transport:?}");
        browser.visit(&second).await;
        browser.form("confirm-email-form").submit().await;
        assert_eq!(emails(&app).await, [NEW_MIA], "{transport:?}");
        assert!(!browser.visit(PAGE).await.has_form("resend-email-form"), "{transport:?}");
    }
}

/// A cancelled change opens nothing, and a second press is no error.
#[tokio::test]
async fn a_pending_change_is_cancelled_and_its_link_is_void() {
    for backend in Backend::available() {
        for transport in Transport::ALL {
            let app = TestApp::on(backend, |_| {}).await;
            make_user(&app, MIA).await;
            people::confirm(&app, MIA).await;
            let mut browser = logged_in(&app, transport, MIA).await;
            ask(&mut browser, NEW_MIA).await;
            let link = confirm_link(&app, NEW_MIA).await;
            people::mails_sent(&app).await;

            let page = browser.form("cancel-email-form").submit().await;

            assert_eq!((page.status(), page.path().as_str()), (200, PAGE), "{transport:?}");
            assert!(page.flash().starts_with("The change is cancelled."), "{transport:?}");
            assert!(!page.has_form("cancel-email-form"), "{transport:?}");
            assert_eq!(browser.visit(&link).await.status(), 410, "{transport:?}");
            assert_eq!(emails(&app).await, [MIA], "{transport:?}");
            for path in ["/settings/email/cancel", "/settings/email/resend"] {
                browser.visit(PAGE).await;
                assert!(post(&browser, path, &[]).await.status() < 400, "{transport:?} {path}");
            }
            let events = "SELECT event FROM security_events WHERE event LIKE 'email_change%' \
                ORDER BY event";
            let expected = ["email_change_cancelled", "email_change_requested"];
            assert_eq!(app.database.texts(events).await, expected, "{transport:?}");
        }
    }
}

/// A mail that still waits is not sent any more.
#[tokio::test]
async fn a_cancelled_change_sends_no_mail() {
    let app = super::app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    people::mails_sent(&app).await;
    app.mailbox.catcher().set_fault(xtask::mail_catcher::Fault::Refuse);
    ask(&mut browser, NEW_MIA).await;
    let waits = "SELECT kind FROM outbox WHERE due_at IS NOT NULL";
    assert_eq!(app.database.texts(waits).await.len(), 1);

    browser.form("cancel-email-form").submit().await;

    assert_eq!(app.database.texts(waits).await.len(), 0);
}
