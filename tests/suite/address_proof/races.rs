//! Many simultaneous requests that confirm the same address or ask for its confirmation.

use tests::{Backend, TestApp, Transport};

use super::LINK;
use crate::{
    fault_steps::{form_again, send_at_once},
    flows::{MIA, sign_up},
    people::code_in,
};

/// RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_of_a_link_and_a_code_at_once_one_confirms() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let mut browser = app.browser(Transport::Plain);
        sign_up(&mut browser, MIA).await;
        let mail = app.mailbox.wait_for_link(MIA, LINK).await;
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
