//! Many simultaneous requests that sign up with one address.

use tests::{Backend, Transport};

use super::{LINK, confirmed_app_on};
use crate::{
    fault_steps::{count_of, form_again, send_at_once},
    flows::{MIA, PASSWORD, request_sign_up},
    people::{self, code_in},
};

/// REG-02, REG-03, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_sign_ups_at_once_every_answer_is_the_same_and_no_account_comes() {
    for backend in Backend::available() {
        let app = confirmed_app_on(backend).await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/signup").await;
        let spellings = [MIA, "Mia@Example.Test", " mia@example.test "];
        let forms = (0..20)
            .map(|n| form_again(&browser, "/signup", &[("email", spellings[n % spellings.len()])]));

        let answers = send_at_once(forms).await;

        assert_eq!(count_of(&answers, 303), 20, "{backend:?}");
        assert!(answers.iter().all(|answer| answer.header("location") == Some("/mailbox")));
        assert_eq!(app.count("users").await, 0, "{backend:?}");
        let emails = app.database.texts("SELECT DISTINCT email FROM address_proofs").await;
        assert_eq!(emails, [MIA], "{backend:?}: one spelling");
        assert_eq!(app.count("outbox").await, 20, "{backend:?}");
    }
}

/// RAC-01, RAC-05: ten wrong codes are checked. A right code that comes at the same time or later
/// is refused, and the link is as good as before.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_codes_at_once_ten_are_heard() {
    for backend in Backend::available() {
        let app = confirmed_app_on(backend).await;
        let mut browser = app.browser(Transport::Plain);
        request_sign_up(&mut browser, MIA).await;
        let mail = app.mailbox.wait_for_link(MIA, LINK).await;
        let wrong = |_| form_again(&browser, "/mailbox/code", &[("code", "ZZZZ-ZZZZ")]);

        let answers = send_at_once((0..30).map(wrong)).await;

        assert_eq!(count_of(&answers, 422), 30, "{backend:?}");
        let tries = "SELECT CAST(tries_left AS TEXT) FROM address_proofs";
        assert_eq!(app.database.texts(tries).await, ["0"], "{backend:?}");
        let page = browser.form("code-form").fill("code", &code_in(&mail)).submit().await;
        assert_eq!(page.status(), 422, "{backend:?}");
        assert!(page.field_error("code").is_some(), "{backend:?}");
        assert_eq!(browser.visit(&mail.link(LINK)).await.status(), 200, "{backend:?}");
    }
}

/// REG-03, RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_of_links_at_once_one_makes_the_account() {
    for backend in Backend::available() {
        let app = confirmed_app_on(backend).await;
        let links = [people::sign_up_path(&app, MIA).await, people::sign_up_path(&app, MIA).await];
        let mut browser = app.browser(Transport::Plain);
        browser.visit(&links[0]).await;
        let fields = [("name", "Mia"), ("password", PASSWORD)];
        let uses = (0..12).map(|n| form_again(&browser, &links[n % 2], &fields));

        let answers = send_at_once(uses).await;

        assert_eq!((count_of(&answers, 303), count_of(&answers, 410)), (1, 11), "{backend:?}");
        assert_eq!(app.database.texts("SELECT email FROM users").await, [MIA], "{backend:?}");
        assert_eq!(app.count("sessions").await, 1, "{backend:?}");
    }
}
