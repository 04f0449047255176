//! Confirming an address while another mail is requested, on a database that locks single rows.
//! Left out without PostgreSQL.

use tests::{Answer, Backend, Browser, RawRequest, TestApp, Transport};

use super::LINK;
use crate::{
    fault_steps::{are_blocked, form_again},
    flows::{MIA, sign_up},
    people::{code_in, mails_sent},
};

/// Sends `first` and then `second` while the account is locked, and then releases the lock.
async fn queued(app: &TestApp, first: RawRequest, second: RawRequest) -> [Answer; 2] {
    let held = app.database.hold("SELECT 1 FROM users FOR UPDATE").await;
    let first = tokio::spawn(first.send());
    are_blocked(&app.database, 1).await;
    let second = tokio::spawn(second.send());
    are_blocked(&app.database, 2).await;
    held.release().await;
    [first.await.expect("it is answered"), second.await.expect("it is answered")]
}

/// Starts an app with a browser that waits for the mail and may already request another. Returns
/// the link and the code of the mail too.
async fn waiting() -> Option<(TestApp, Browser, String, String)> {
    if !Backend::available().contains(&Backend::Postgres) {
        return None;
    }
    let app = TestApp::on(Backend::Postgres, |_| {}).await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, MIA).await;
    let mail = app.mailbox.wait_for_link(MIA, LINK).await;
    mails_sent(&app).await;
    app.clock.advance(auth::RESEND_PAUSE);
    Some((app, browser, mail.link(LINK), code_in(&mail)))
}

/// RAC-01: the second of two requests is told that it is the second, and they do not deadlock.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_beside_another_mail_is_void_and_no_deadlock() {
    let Some((app, browser, link, _)) = waiting().await else { return };
    let resend = form_again(&browser, "/mailbox/resend", &[]);

    let [mailed, used] = queued(&app, resend, form_again(&browser, &link, &[])).await;

    assert_eq!((mailed.status(), used.status()), (303, 410), "{} {}", mailed.body, used.body);
}

/// RAC-01.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_beside_another_mail_is_void_and_no_deadlock() {
    let Some((app, browser, _, code)) = waiting().await else { return };
    let resend = form_again(&browser, "/mailbox/resend", &[]);
    let typed = form_again(&browser, "/mailbox/code", &[("code", &code)]);

    let [mailed, typed] = queued(&app, resend, typed).await;

    assert_eq!((mailed.status(), typed.status()), (303, 422), "{} {}", mailed.body, typed.body);
}
