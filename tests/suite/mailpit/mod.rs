//! What only a foreign mail server can tell, here a real Mailpit: whether another program
//! reads our mails as we mean them, what a scanner's visit spends, and how we bear with a
//! server that refuses, goes away or proves nothing. Without Mailpit these tests pass
//! without a look; `cargo xtask test` says so.

mod causes;
mod chaos;
mod flows;
mod letters;
mod outages;
mod scanners;

use std::time::{Duration, Instant};

use auth::SignupMode;
use domain::Language;
use tests::{Browser, Mail, TestApp};

use crate::{fault_steps::PATIENCE, flows::make_admin, people};

/// An app in which addresses have to be confirmed first, beside a Mailpit.
async fn confirmed_app() -> Option<TestApp> {
    let confirmed = |settings: &mut web::Settings| {
        settings.accounts.signup = SignupMode::Confirmed;
    };
    TestApp::with_mailpit(&[], confirmed).await
}

/// Makes an account with a confirmed address.
async fn make_member(app: &TestApp, email: &str, language: Language) {
    make_admin(app, email).await;
    people::demote(app, email).await;
    let (tag, member) = (language.tag(), "confirmed_at = created_at");
    let sql = format!("UPDATE users SET language = '{tag}', {member} WHERE email = '{email}'");
    app.database.execute(&sql).await;
}

/// Requests another address as the logged-in user.
async fn ask_for_email(browser: &mut Browser, new: &str) {
    browser.visit("/settings/email").await;
    browser.form("email-form").fill("email", new).submit().await;
}

/// Opens the link of this kind in the newest mail to `email` that has one.
async fn follow(app: &TestApp, browser: &mut Browser, email: &str, prefix: &str) {
    people::mails_sent(app).await;
    let path = people::newest_link(app, email, prefix).await;
    assert_eq!(browser.visit(&path).await.status(), 200, "{path}");
}

/// Lets time pass until no mail is owed; those to `email`.
async fn sent_in_time(app: &TestApp, email: &str) -> Vec<Mail> {
    in_time(app, "due_at IS NOT NULL", 0).await;
    app.mailbox.all_to(email).await
}

/// Lets time pass until there are so many mails of which this is true in the outbox; so
/// slowly that no try outlives its lease, which would be another.
async fn in_time(app: &TestApp, what: &str, count: usize) {
    let deadline = Instant::now() + PATIENCE;
    let mails = format!("SELECT subject FROM outbox WHERE {what}");
    while app.database.texts(&mails).await.len() != count {
        assert!(Instant::now() < deadline, "not {count} mails with {what}");
        app.clock.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
