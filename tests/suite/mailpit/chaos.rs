//! A mail server that refuses, for now or for good, at each step at which Mailpit can.

use auth::{RESEND_PAUSE, SignupMode};
use tests::{Browser, TestApp, Transport};
use tokio::time::timeout;

use super::{in_time, sent_in_time};
use crate::{
    fault_steps::{PROMPT, at_once},
    flows::{MIA, request_sign_up},
};

/// Mailpit lets everybody log in.
const LOG_IN: &[&str] = &["--smtp-auth-accept-any", "--smtp-auth-allow-insecure"];

/// An app that logs in to its Mailpit, and in which addresses have to be confirmed.
async fn app() -> Option<TestApp> {
    let log_in = |settings: &mut web::Settings| {
        settings.accounts.signup = SignupMode::Confirmed;
        let (host, port) = (settings.mail.url.host(), settings.mail.url.port());
        settings.mail.url = format!("smtp://mia:s3cret@{host}:{port}").parse().expect("a mail URL");
    };
    TestApp::with_mailpit(LOG_IN, log_in).await
}

/// Signs up as fast as if nothing were wrong; the browser then waits for the mail.
async fn sign_up_promptly(browser: &mut Browser) {
    let signed_up = timeout(PROMPT, request_sign_up(browser, MIA)).await;
    assert!(signed_up.is_ok(), "the sign-up waits for the mail server");
    assert_eq!((browser.page().status(), browser.path().as_str()), (200, "/mailbox"));
}

/// The mail is tried repeatedly, arrives once, and the page that waits shows the reason.
async fn outlast(transport: Transport, stage: &str, code: u16) {
    let Some(app) = app().await else { return };
    app.mailbox.mailpit().refuse_at(stage, Some(code)).await;
    let mut browser = app.browser(transport);
    sign_up_promptly(&mut browser).await;
    in_time(&app, "attempts >= 3 AND last_error IS NOT NULL", 1).await;
    let error = app.database.texts("SELECT last_error FROM outbox").await;
    let expected = format!("the mail server replied {code}");
    assert!(error.concat().starts_with(&expected), "{stage}: {error:?}");
    let told = browser.visit("/mailbox").await.visible_text();
    assert!(told.contains("does not accept it yet. We keep trying."), "{stage} {code}: {told}");
    assert_eq!(app.mailbox.all().await.len(), 0, "{stage} {code}");

    app.mailbox.mailpit().refuse_at(stage, None).await;

    assert_eq!(sent_in_time(&app, MIA).await.len(), 1, "{stage} {code}");
    let told = browser.visit("/mailbox").await.visible_text();
    assert!(told.contains("Email sent"), "{stage} {code}: {told}");
}

/// OTG-03, RAC-06, MAI-01: also a log-in or a sender that is refused for good, which says
/// nothing against the mail.
#[tokio::test]
async fn a_mail_that_is_refused_for_now_comes_once_when_it_no_longer_is() {
    let refusals = [
        ("Sender", 451),
        ("Sender", 550),
        ("Recipient", 450),
        ("Authentication", 454),
        ("Authentication", 535),
    ];
    let each = refusals.into_iter().zip(Transport::ALL.into_iter().cycle());
    at_once(each.map(|((stage, code), transport)| outlast(transport, stage, code))).await;
}

/// OTG-03, CRA-06: the page that waits says so, and another mail can be requested.
#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up_and_can_be_asked_for_again() {
    let stages = [("Recipient", Transport::Plain), ("Recipient", Transport::HtmxPartial)];
    at_once(stages.map(async |(stage, transport)| {
        let Some(app) = app().await else { return };
        app.mailbox.mailpit().refuse_at(stage, Some(550)).await;
        let mut browser = app.browser(transport);
        sign_up_promptly(&mut browser).await;
        in_time(&app, "failed_at IS NOT NULL", 1).await;
        let told = browser.visit("/mailbox").await.visible_text();
        assert!(told.contains("could not be delivered"), "{stage}: {told}");
        app.mailbox.mailpit().refuse_at(stage, None).await;
        app.clock.advance(RESEND_PAUSE);

        browser.form("resend-proof-form").submit().await;

        assert_eq!(sent_in_time(&app, MIA).await.len(), 1, "{stage}: the other one alone");
    }))
    .await;
}
