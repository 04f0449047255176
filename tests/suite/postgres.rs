//! Two servers on one PostgreSQL behave as one. Skipped where there is none.

#![expect(clippy::expect_used, reason = "an expectation that does not hold is a failed test")]

use std::time::{Duration, Instant};

use auth::Rate;
use tests::{Backend, Browser, TestApp, Transport};

use crate::people::{self, ADA, MIA, PASSWORD};

/// A cache that would be believed for as long as any test runs.
const LONG: Duration = Duration::from_mins(10);
/// How long word from one server to the other may take.
const SOON: Duration = Duration::from_secs(5);

/// Two servers that remember sessions for long, and a user.
async fn scene() -> Option<(TestApp, TestApp)> {
    if !Backend::available().contains(&Backend::Postgres) {
        return None;
    }
    let one = TestApp::on(Backend::Postgres, |settings| settings.session.cache_ttl = LONG);
    let one = Box::pin(one).await;
    let two = Box::pin(one.twin()).await;
    people::sign_up(&one, MIA).await;
    Some((one, two))
}

/// The same browser, sent to the other server.
fn moved(browser: &Browser, to: &TestApp) -> Browser {
    let mut moved = to.browser(browser.transport());
    for cookie in browser.cookies().sent_to("/") {
        moved.cookies_mut().plant(&cookie.name, &cookie.value);
    }
    moved
}

/// Asks until the server remembers the session, which it does once it hears the other.
async fn warm(app: &TestApp, browser: &Browser) {
    let deadline = Instant::now() + SOON;
    loop {
        let before = app.accounts().operations().statement_count();
        assert_eq!(browser.raw("GET", "/profile").send().await.status(), 200);
        if app.accounts().operations().statement_count() == before {
            return;
        }
        assert!(Instant::now() < deadline, "nothing is ever remembered");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Returns the new session id. The role counts from the first request on, and the id follows once
/// the server hears of the change.
async fn renewed_id(browser: &Browser, path: &str) -> String {
    let deadline = Instant::now() + SOON;
    loop {
        let answer = browser.raw("GET", path).send().await;
        assert_eq!(answer.status(), 200);
        if let Some(cookie) = answer.cookies().iter().find(|cookie| cookie.name == people::SESSION)
        {
            return cookie.value.clone();
        }
        assert!(Instant::now() < deadline, "no new id after a change of role");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until `path` answers with `status`.
async fn becomes(browser: &Browser, path: &str, status: u16) {
    let deadline = Instant::now() + SOON;
    loop {
        let answer = browser.raw("GET", path).send().await;
        if answer.status() == status {
            return;
        }
        assert!(Instant::now() < deadline, "{path} stays {}", answer.status());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_session_of_one_server_is_one_of_the_other_and_ends_on_both() {
    let Some((one, two)) = scene().await else { return };
    let mut here = people::logged_in(&one, Transport::Plain, MIA).await;
    let there = moved(&here, &two);
    warm(&two, &there).await;

    here.form("logout-form").submit().await;

    becomes(&there, "/profile", 303).await;
    let token = there.raw("GET", "/login").send().await;
    assert_eq!(token.status(), 200, "nobody is logged in any more");
}

/// What changes something never relies on what was remembered.
#[tokio::test]
async fn an_action_on_the_other_server_sees_at_once_that_the_session_ended() {
    let Some((one, two)) = scene().await else { return };
    let mut here = people::logged_in(&one, Transport::Plain, MIA).await;
    let mut there = moved(&here, &two);
    there.visit("/profile").await;
    warm(&two, &there).await;
    let token = there.csrf_token();

    here.form("logout-form").submit().await;

    let request = there.raw("POST", "/logout").same_origin().form(&[("csrf_token", &token)]);
    let answer = request.send().await;
    assert_eq!(answer.header("location"), Some("/login"));
}

/// ADM-02.
#[tokio::test]
async fn a_role_given_on_one_server_counts_on_the_other() {
    let Some((one, two)) = scene().await else { return };
    people::seed_admin(&one, ADA).await;
    people::confirm(&one, MIA).await;
    let mut admin = people::logged_in(&one, Transport::Plain, ADA).await;
    let user = people::logged_in(&two, Transport::Plain, MIA).await;
    warm(&two, &user).await;
    let form = format!("role-form-{}", people::id_of(&one, MIA).await);
    let page = people::user_page(&one, MIA).await;
    admin.visit(&page).await;

    admin.form(&form).choose("role", "admin").submit().await;

    let renewed = renewed_id(&user, "/admin/users").await;
    let old = user.cookies().session().expect("a session").value.clone();
    assert_ne!(renewed, old);
    let mut user = moved(&user, &one);
    assert_eq!(user.raw("GET", "/profile").send().await.status(), 303, "the old id is dead");
    user.cookies_mut().plant(people::SESSION, &renewed);
    assert_eq!(user.raw("GET", "/admin/users").send().await.status(), 200);

    admin.visit(&page).await;
    admin.form(&form).choose("role", "user").submit().await;
    assert_eq!(user.raw("GET", "/admin/users").send().await.status(), 403);
}

/// RST-09: a reset on one server ends the sessions on the other.
#[tokio::test]
async fn a_reset_on_one_server_ends_the_sessions_on_the_other() {
    let Some((one, two)) = scene().await else { return };
    let user = people::logged_in(&two, Transport::Plain, MIA).await;
    warm(&two, &user).await;
    let client = auth::Client::new([192, 0, 2, 1].into(), "tests");
    let address = domain::EmailAddress::parse(MIA).unwrap();
    one.accounts().credentials().request_password_reset(&address, &client).await.unwrap();
    let path = reset_path(&one, &two).await;
    let mut owner = one.browser(Transport::Plain);
    owner.visit(&path).await;

    let form = owner.form("reset-password-form").fill("password", "a horse of another colour");
    form.submit().await;

    becomes(&user, "/profile", 303).await;
}

/// RAC-06: two workers and one outbox.
#[tokio::test]
async fn each_mail_is_sent_once_by_one_of_the_servers() {
    let Some((one, two)) = scene().await else { return };
    let client = auth::Client::new([192, 0, 2, 1].into(), "tests");
    for n in 0..30 {
        let address = domain::EmailAddress::parse(&format!("user{n}@example.test")).unwrap();
        let app = if n % 2 == 0 { &one } else { &two };
        app.accounts().credentials().request_password_reset(&address, &client).await.unwrap();
    }

    people::mails_sent(&one).await;

    let mut sent = one.mailbox.all().await;
    sent.extend(two.mailbox.all().await);
    let mut recipients: Vec<String> = sent.into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(recipients.len(), 30, "{recipients:?}");
    recipients.sort();
    recipients.dedup();
    assert_eq!(recipients.len(), 30, "{recipients:?}");
}

/// RST-04, RAC-01.
#[tokio::test]
async fn a_token_is_spent_once_over_both_servers() {
    let Some((one, two)) = scene().await else { return };
    let client = auth::Client::new([192, 0, 2, 1].into(), "tests");
    let address = domain::EmailAddress::parse(MIA).unwrap();
    one.accounts().credentials().request_password_reset(&address, &client).await.unwrap();
    let path = reset_path(&one, &two).await;
    let mut tries = Vec::new();
    for (n, app) in [&one, &two].into_iter().cycle().take(30).enumerate() {
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let token = browser.csrf_token();
        let password = format!("a horse of colour number {n}");
        let fields = [("csrf_token", token.as_str()), ("password", &password)];
        tries.push(browser.raw("POST", &path).same_origin().form(&fields));
    }

    let tasks: Vec<_> = tries.into_iter().map(|request| tokio::spawn(request.send())).collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.expect("an answer").status());
    }

    statuses.sort_unstable();
    assert_eq!(statuses[0], 303, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| *status == 410), "{statuses:?}");
}

/// RTL-07, RTL-01: at once on both.
#[tokio::test]
async fn tries_on_both_servers_at_once_count_together() {
    let Some((one, _)) = scene().await else { return };
    let one = {
        drop(one);
        TestApp::on(Backend::Postgres, |settings| {
            settings.limits.enabled = true;
            settings.limits.login_per_client = Rate::OFF;
        })
        .await
    };
    let two = one.twin().await;
    let mut tasks = Vec::new();
    for app in [&one, &two] {
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let token = browser.csrf_token();
        let fields = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];
        for _ in 0..25 {
            let request = browser.raw("POST", "/login").same_origin().form(&fields);
            tasks.push(tokio::spawn(request.send()));
        }
    }

    let mut looked_at = 0;
    for task in tasks {
        looked_at += usize::from(task.await.expect("an answer").status() == 422);
    }

    assert_eq!(looked_at, 10);
    let hashed =
        one.accounts().operations().hash_count() + two.accounts().operations().hash_count();
    assert_eq!(hashed, 10);
}

/// REG-03 over two servers.
#[tokio::test]
async fn of_sign_ups_on_both_servers_at_once_one_succeeds() {
    let Some((one, two)) = scene().await else { return };
    let mut tasks = Vec::new();
    for (n, app) in [&one, &two].into_iter().cycle().take(20).enumerate() {
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/signup").await;
        let token = browser.csrf_token();
        let email = ["noah@example.test", "NOAH@example.test", "Noah@EXAMPLE.test"][n % 3];
        let fields = [
            ("csrf_token", token.as_str()),
            ("email", email),
            ("name", "Noah"),
            ("password", PASSWORD),
        ];
        let request = browser.raw("POST", "/signup").same_origin().form(&fields);
        tasks.push(tokio::spawn(request.send()));
    }

    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.expect("an answer").status());
    }

    statuses.sort_unstable();
    assert_eq!(statuses[0], 303, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| *status == 422), "{statuses:?}");
    assert_eq!(one.count("users").await, 2);
}

/// Whichever server sent the link.
async fn reset_path(one: &TestApp, two: &TestApp) -> String {
    people::mails_sent(one).await;
    let mut mails = one.mailbox.all_to(MIA).await;
    mails.extend(two.mailbox.all_to(MIA).await);
    mails.first().expect("a mail").link("/reset-password/")
}
