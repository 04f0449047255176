//! Forms that check a password, and the one count that they share.

use tests::Transport;

use super::{WRONG, open};
use crate::{
    flows::post,
    people::{self, MIA, PASSWORD},
};

/// Tries of an account, in a browser that it knows.
const TRIES: usize = 10;

/// RTL-01, CVE-2026-43914: no form is a way around the limit of another.
#[tokio::test]
async fn every_form_that_checks_a_password_uses_up_the_same_tries() {
    let app = open(|_| {}).await;
    people::sign_up(&app, MIA).await;
    let link = people::proof(&app, MIA).await.path;
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    let runs = || app.accounts().operations().hash_count();
    let settings = [("current_password", WRONG), ("password", "three mice in the rice")];
    let before = runs();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(post(&browser, "/sudo", &[("password", WRONG)]).await.status());
        statuses.push(post(&browser, "/settings/password", &settings).await.status());
    }
    browser.form("logout-form").submit().await;
    browser.visit("/login").await;
    let log_in = |password| [("email", MIA), ("password", password)];
    for _ in 0..2 {
        statuses.push(post(&browser, "/login", &log_in(WRONG)).await.status());
        statuses.push(post(&browser, &link, &[("password", WRONG)]).await.status());
    }
    assert_eq!(statuses, [422; TRIES]);
    assert_eq!(runs() - before, 10, "each was checked");

    let answers = [
        post(&browser, "/login", &log_in(PASSWORD)).await.status(),
        post(&browser, &link, &[("password", PASSWORD)]).await.status(),
    ];

    assert_eq!(answers, [429, 429]);
    assert_eq!(runs() - before, 10, "no further one was checked");
}
