//! Many answers to one challenge at once: one of them counts.

use std::time::Duration;

use tests::{Backend, TestApp, Transport};

use super::{NEW, app_with_mia, app_with_passkey, options};
use crate::fault_steps::{count_of, form_again, race_rounds, send_at_once};

/// MFA-07, Better Auth #9622: twenty answers, half of them at another server.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_answers_to_a_challenge_on_two_servers_one_logs_in() {
    for backend in Backend::available() {
        let (app, mut authenticator) = app_with_passkey(TestApp::on(backend, |_| {}).await).await;
        let twin = app.twin().await;
        for _ in 0..race_rounds(3) {
            app.clock.advance(Duration::from_hours(1));
            app.database.execute("DELETE FROM sessions").await;
            let mut browser = app.browser(Transport::Plain);
            browser.visit("/login").await;
            let answer = authenticator.get(&options(browser.page()));
            let ceremony = browser.page().field("login-form", "ceremony").unwrap().value;
            let mut there = twin.browser(Transport::Plain);
            *there.cookies_mut() = browser.cookies().clone();
            let before = app.count("sessions").await;
            let token = browser.csrf_token();
            let fields = [("csrf_token", &*token), ("passkey", &*answer), ("ceremony", &*ceremony)];
            let forms = (0..20).map(|n| {
                let at = if n % 2 == 0 { &browser } else { &there };
                at.raw("POST", "/login").same_origin().form(&fields)
            });

            let answers = send_at_once(forms).await;

            assert_eq!((count_of(&answers, 303), count_of(&answers, 422)), (1, 19), "{backend:?}");
            assert_eq!(app.count("sessions").await, before + 1, "{backend:?}");
        }
    }
}

/// MFA-07, PSK-02.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_answers_to_one_request_for_a_new_passkey_one_adds_it() {
    for backend in Backend::available() {
        let (app, mut browser) =
            app_with_mia(TestApp::on(backend, |_| {}).await, Transport::Plain).await;
        let mut authenticator = tests::Authenticator::new(app.public_url());
        let answer = authenticator.create(&options(browser.visit(NEW).await));
        let ceremony = browser.page().field("new-passkey-form", "ceremony").unwrap().value;
        let fields = [("passkey", &*answer), ("ceremony", &*ceremony)];
        let forms = (0..20).map(|_| form_again(&browser, NEW, &fields));

        let answers = send_at_once(forms).await;

        // The session of the one goes on under another id, which the others do not have.
        assert!(answers.iter().all(|answer| answer.status() < 500), "{backend:?}");
        assert_eq!(app.count("passkeys").await, 1, "{backend:?}");
    }
}
