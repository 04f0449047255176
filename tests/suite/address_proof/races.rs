//! Many simultaneous requests that confirm the same address or ask for its confirmation.

use tests::{Backend, Transport};

use super::{LINK, confirmed_app_on, link_to};
use crate::{
    fault_steps::{count_of, form_again, send_at_once, signing_up},
    flows::{EMAIL, sign_up},
    people::code_in,
};

/// REG-02, REG-03, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_sign_ups_at_once_one_account_comes_and_the_answers_are_the_same() {
    for backend in Backend::available() {
        let app = confirmed_app_on(backend).await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/signup").await;
        let spellings = [EMAIL, "Mia@Example.Test", " mia@example.test "];
        let forms = (0..20)
            .map(|n| form_again(&browser, "/signup", &signing_up(spellings[n % spellings.len()])));

        let answers = send_at_once(forms).await;

        assert_eq!(count_of(&answers, 303), 20, "{backend:?}");
        assert!(answers.iter().all(|answer| answer.header("location") == Some("/mailbox")));
        assert_eq!(app.database.texts("SELECT email FROM users").await, [EMAIL], "{backend:?}");
        assert_eq!(app.count("address_proofs").await, 1, "{backend:?}: the newest counts");
        assert_eq!(app.count("outbox").await, 20, "{backend:?}");
    }
}

/// RAC-01, RAC-05: ten wrong codes are checked. A right code that comes at the same time or later
/// is refused.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_codes_at_once_ten_are_heard() {
    for backend in Backend::available() {
        let app = confirmed_app_on(backend).await;
        let mut browser = app.browser(Transport::Plain);
        sign_up(&mut browser, EMAIL).await;
        let code = code_in(&app.mailbox.wait_for_link(EMAIL, LINK).await);
        let wrong = |_| form_again(&browser, "/mailbox/code", &[("code", "ZZZZ-ZZZZ")]);

        let answers = send_at_once((0..30).map(wrong)).await;

        assert_eq!(count_of(&answers, 422), 30, "{backend:?}");
        let heard = answers.iter().filter(|answer| answer.body.contains("Wrong code")).count();
        assert_eq!(heard, 9, "{backend:?}: the tenth says that it was the last");
        let page = browser.form("code-form").fill("code", &code).submit().await;
        assert_eq!(page.status(), 422, "{backend:?}");
        assert!(page.field_error("code").unwrap().contains("Too many wrong codes"));
        assert_eq!(browser.visit(&link_to(&app, EMAIL).await).await.status(), 200);
        let page = browser.form("confirm-address-form").submit().await;
        assert_eq!(page.path(), "/login", "{backend:?}: the link is as good as before");
    }
}

/// RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_of_a_link_and_a_code_at_once_one_confirms() {
    for backend in Backend::available() {
        let app = confirmed_app_on(backend).await;
        let mut browser = app.browser(Transport::Plain);
        sign_up(&mut browser, EMAIL).await;
        let mail = app.mailbox.wait_for_link(EMAIL, LINK).await;
        let (link, code) = (mail.link(LINK), code_in(&mail));
        let uses = (0..12).map(|n| match n % 2 {
            0 => form_again(&browser, &link, &[]),
            _ => form_again(&browser, "/mailbox/code", &[("code", &code)]),
        });

        let answers = send_at_once(uses).await;

        let flashed = answers.iter().filter(|answer| {
            answer.cookies().iter().any(|cookie| cookie.name == "__Host-latchkey-flash")
        });
        assert_eq!(flashed.count(), 1, "{backend:?}");
        assert!(answers.iter().all(|answer| answer.status() < 500), "{backend:?}");
        let events = "SELECT event FROM security_events WHERE event = 'address_confirmed'";
        assert_eq!(app.database.texts(events).await.len(), 1, "{backend:?}");
    }
}
