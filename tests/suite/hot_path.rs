//! What a page of a signed-in visitor costs: one statement, and none for a moment
//! after (design.md, the hot path).

use std::time::Duration;

use tests::{Backend, Browser, TestApp, Transport};

use crate::{
    factors,
    people::{self, MIA},
};

/// Long enough that no test outlives it.
const WARM: Duration = Duration::from_mins(10);

async fn scene(backend: Backend, cache_ttl: Duration) -> (TestApp, Browser) {
    let app = TestApp::on(backend, |settings| settings.session.cache_ttl = cache_ttl).await;
    people::sign_up(&app, MIA).await;
    let browser = people::logged_in(&app, Transport::Plain, MIA).await;
    if backend == Backend::Postgres {
        // Nothing is cached before the line to the other nodes stands.
        while statements_of(&app, &browser, "/profile").await > 0 && !cache_ttl.is_zero() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    (app, browser)
}

/// The statements that one GET takes: the fewest of several, because the worker of
/// the outbox looks for mails between them, once a second.
async fn statements_of(app: &TestApp, browser: &Browser, path: &str) -> u64 {
    let mut fewest = u64::MAX;
    for _ in 0..5 {
        let before = app.accounts().operations().statement_count();
        assert_eq!(browser.raw("GET", path).send().await.status(), 200);
        fewest = fewest.min(app.accounts().operations().statement_count() - before);
    }
    fewest
}

#[tokio::test]
async fn a_page_of_ones_own_takes_one_statement_and_no_write() {
    for backend in Backend::available() {
        let (app, browser) = scene(backend, Duration::ZERO).await;
        let before = app.database_digest().await;

        assert_eq!(statements_of(&app, &browser, "/profile").await, 1, "{backend:?}");
        assert_eq!(app.database_digest().await, before, "{backend:?}");
    }
}

#[tokio::test]
async fn a_page_of_ones_own_takes_no_statement_for_a_moment_after() {
    for backend in Backend::available() {
        let (app, browser) = scene(backend, WARM).await;
        browser.raw("GET", "/profile").send().await;
        let before = app.database_digest().await;

        assert_eq!(statements_of(&app, &browser, "/profile").await, 0, "{backend:?}");
        assert_eq!(app.database_digest().await, before, "{backend:?}");
    }
}

/// Over many requests nothing adds up but the looks of the outbox.
#[tokio::test]
async fn a_hundred_warm_pages_take_no_statement() {
    let (app, browser) = scene(Backend::Sqlite, WARM).await;
    browser.raw("GET", "/profile").send().await;
    let (started, before) =
        (std::time::Instant::now(), app.accounts().operations().statement_count());
    for _ in 0..100 {
        browser.raw("GET", "/profile").send().await;
    }
    let looks = started.elapsed().as_secs() + 1;

    let statements = app.accounts().operations().statement_count() - before;
    assert!(statements <= looks, "{statements} statements in {looks} s");
}

/// Who has a second factor, and how the session began, is read with the session.
#[tokio::test]
async fn a_page_of_a_protected_account_takes_no_statement_more() {
    for backend in Backend::available() {
        let (app, protection) = factors::protected(backend).await;
        let app = app.restart_with(|it| it.session.cache_ttl = Duration::ZERO).await;
        let browser = factors::logged_in_by_code(&app, Transport::Plain, &protection).await;

        assert_eq!(statements_of(&app, &browser, "/profile").await, 1, "{backend:?}");
    }
}

#[tokio::test]
async fn a_visitor_without_a_session_asks_nothing_of_the_database() {
    let (app, _) = scene(Backend::Sqlite, Duration::ZERO).await;
    let browser = app.browser(Transport::Plain);
    for path in ["/", "/login", "/signup", "/forgot-password", "/livez", "/robots.txt"] {
        assert_eq!(statements_of(&app, &browser, path).await, 0, "{path}");
    }
}

/// What is remembered is dropped by what this server changes.
#[tokio::test]
async fn a_warm_page_ends_with_its_session() {
    for backend in Backend::available() {
        let (_app, mut browser) = scene(backend, WARM).await;
        let id = browser.cookies().session().expect("a session").value.clone();
        browser.visit("/profile").await;

        browser.form("logout-form").submit().await;

        browser.cookies_mut().plant(people::SESSION, &id);
        assert_eq!(browser.raw("GET", "/profile").send().await.status(), 303, "{backend:?}");
    }
}

/// An admin's page asks anew, whatever is remembered.
#[tokio::test]
async fn a_permission_is_read_anew_at_each_request() {
    let app = TestApp::with(|settings| settings.session.cache_ttl = WARM).await;
    people::seed_admin(&app, people::ADA).await;
    let browser = people::logged_in(&app, Transport::Plain, people::ADA).await;
    assert_eq!(browser.raw("GET", "/admin/users").send().await.status(), 200);

    app.database.execute("UPDATE users SET role = 'user'").await;

    assert_eq!(browser.raw("GET", "/admin/users").send().await.status(), 403);
}
