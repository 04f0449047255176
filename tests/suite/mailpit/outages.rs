//! A mail server that goes away and comes back, and one with an untrusted certificate.

use std::{collections::BTreeSet, time::Duration};

use auth::SignupMode;
use tests::{TestApp, Transport};
use tokio::time::timeout;

use super::sent_in_time;
use crate::{
    fault_steps::{PROMPT, wait_for_text},
    flows::{MIA, ask_for_reset, request_sign_up},
};

/// Arguments with which Mailpit makes itself an untrusted certificate.
const SELF_SIGNED: &[&str] =
    &["--smtp-tls-cert", "sans:localhost", "--smtp-tls-key", "sans:localhost"];
const WRITTEN_TO: usize = 5;

/// Waits until this many mails of the queue have an error.
async fn wait_for_failures(app: &TestApp, count: usize) {
    let sql = "SELECT CAST(COUNT(last_error) AS TEXT) FROM outbox";
    wait_for_text(&app.database, sql, &count.to_string()).await;
}

/// OTG-03, OTG-04, RAC-06.
#[tokio::test]
async fn what_was_queued_while_the_server_was_away_comes_once_when_it_is_back() {
    let Some(mut app) = TestApp::with_mailpit(&[], |_| {}).await else { return };
    let mut browser = app.browser(Transport::Plain);
    ask_for_reset(&mut browser, MIA).await;
    assert_eq!(sent_in_time(&app, MIA).await.len(), 1);
    app.mailbox.mailpit_mut().stop();

    for number in 0..WRITTEN_TO {
        let email = format!("mia{number}@example.test");
        timeout(PROMPT, ask_for_reset(&mut browser, &email))
            .await
            .expect("the answer does not wait for the mail server");
        assert_eq!(browser.path(), "/forgot-password/sent", "{}", browser.text());
    }
    wait_for_failures(&app, WRITTEN_TO).await;
    app.clock.advance(Duration::from_mins(30));
    app.mailbox.mailpit_mut().restart().await;

    for number in 0..WRITTEN_TO {
        let mails = sent_in_time(&app, &format!("mia{number}@example.test")).await;
        assert_eq!(mails.len(), 1, "{number}");
    }
    app.mailbox.mailpit_mut().stop();
    app.mailbox.mailpit_mut().restart().await;
    let mails = app.mailbox.all().await;
    let ids: BTreeSet<_> = mails.iter().map(|mail| mail.header("message-id")).collect();
    assert_eq!((mails.len(), ids.len()), (1 + WRITTEN_TO, 1 + WRITTEN_TO));
}

/// Signs up with a Mailpit that has these arguments, where `mail.url` has this scheme. Asserts that
/// no mail was delivered, and returns the error of the one in the queue.
async fn error_without_delivery(arguments: &[&str], scheme: &str) -> Option<String> {
    let arguments = [SELF_SIGNED, arguments].concat();
    let change = |settings: &mut web::Settings| {
        settings.accounts.signup = SignupMode::Confirmed;
        let (host, port) = (settings.mail.url.host(), settings.mail.url.port());
        settings.mail.url = format!("{scheme}://{host}:{port}").parse().expect("a mail URL");
    };
    let app = TestApp::with_mailpit(&arguments, change).await?;
    let mut browser = app.browser(Transport::Plain);
    request_sign_up(&mut browser, MIA).await;
    wait_for_failures(&app, 1).await;
    let told = browser.visit("/mailbox").await.visible_text();
    assert!(told.contains("We keep trying."), "{scheme}: {told}");
    assert_eq!(app.mailbox.all().await.len(), 0, "{scheme}");
    Some(app.database.texts("SELECT last_error FROM outbox").await.concat())
}

/// HDR-05, OTG-03: the last server asks for encryption that the settings do not offer.
#[tokio::test]
async fn a_mail_stays_queued_while_its_server_is_untrusted_or_wants_encryption() {
    let unproven = "invalid peer certificate: UnknownIssuer";
    for (arguments, scheme, expected) in [
        (&[][..], "smtp+starttls", unproven),
        (&["--smtp-require-starttls"][..], "smtp+starttls", unproven),
        (&["--smtp-require-tls"][..], "smtps", unproven),
        (&["--smtp-require-starttls"][..], "smtp", "the mail server replied 530"),
    ] {
        let reason = error_without_delivery(arguments, scheme).await;
        let Some(reason) = reason else { return };
        assert!(reason.contains(expected), "{scheme} {arguments:?}: {reason}");
    }
}
