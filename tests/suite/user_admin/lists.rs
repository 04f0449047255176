//! The filters, the counts and the orders of the list of users.

use std::time::Duration;

use tests::{Backend, Browser, TestApp, Transport};

use super::{listed, make_confirmed};
use crate::flows::{ADA, MIA, logged_in, make_admin, make_user};

const MINUTE: Duration = Duration::from_mins(1);

/// Users of each kind: Ida is disabled, Zoe unconfirmed, and Noah is to be deleted.
async fn scene(backend: Backend) -> (TestApp, Browser) {
    let app = TestApp::on(backend, |_| {}).await;
    make_admin(&app, ADA).await;
    for email in ["ida@example.test", "noah@example.test", MIA] {
        app.clock.advance(MINUTE);
        make_confirmed(&app, email).await;
    }
    app.clock.advance(MINUTE);
    make_user(&app, "zoe@example.test").await;
    for (state, name) in [("disabled_at", "ida"), ("delete_after", "noah")] {
        let sql = format!("UPDATE users SET {state} = 1 WHERE email LIKE '{name}@%'");
        app.database.execute(&sql).await;
    }
    app.clock.advance(MINUTE);
    logged_in(&app, Transport::Plain, MIA).await;
    app.clock.advance(MINUTE);
    let browser = logged_in(&app, Transport::HtmxPartial, ADA).await;
    (app, browser)
}

/// The addresses in the list, without what is marked.
async fn names(browser: &mut Browser, path: &str) -> Vec<String> {
    let page = browser.visit(path).await;
    assert_eq!(page.status(), 200, "{path}");
    let first = |text: String| text.split('@').next().unwrap_or_default().to_owned();
    listed(page).into_iter().map(first).collect()
}

#[tokio::test]
async fn a_filter_shows_its_users_and_how_many_there_are() {
    for backend in Backend::available() {
        let (_app, mut browser) = scene(backend).await;
        browser.visit("/admin/users").await;
        for (link, query, found) in [
            ("All 5", "", vec!["zoe", "mia", "noah", "ida", "ada"]),
            ("Admins 1", "?filter=admins", vec!["ada"]),
            ("Unconfirmed 1", "?filter=unconfirmed", vec!["zoe"]),
            ("Disabled 1", "?filter=disabled", vec!["ida"]),
            ("To be deleted 1", "?filter=to-be-deleted", vec!["noah"]),
        ] {
            let page = browser.click(link).await;
            assert_eq!(page.path(), format!("/admin/users{query}"));
            assert_eq!(names(&mut browser, &format!("/admin/users{query}")).await, found);
            let current = browser.page().dom().select(".filters [aria-current]");
            assert_eq!(current.len(), 1, "{link}");
        }
    }
}

#[tokio::test]
async fn users_are_sorted_by_their_last_use() {
    for backend in Backend::available() {
        let (_app, mut browser) = scene(backend).await;
        browser.visit("/admin/users").await;

        let page = browser.click("Last seen").await;

        assert_eq!(page.path(), "/admin/users?sort=last-seen");
        let found = names(&mut browser, "/admin/users?sort=last-seen").await;
        assert_eq!(found[..2], ["ada", "mia"]);
        assert_eq!(found.len(), 5, "those who never logged in come last");
        assert!(browser.text().contains("Never"));
    }
}

/// Contract, "Routes": each order and its reverse, page by page.
#[tokio::test]
async fn users_are_sorted_in_both_directions() {
    for backend in Backend::available() {
        let (_app, mut browser) = scene(backend).await;
        for (link, sort, found) in [
            ("Oldest first", "?sort=oldest", vec!["ada", "ida", "noah", "mia", "zoe"]),
            ("Newest first", "", vec!["zoe", "mia", "noah", "ida", "ada"]),
        ] {
            browser.visit("/admin/users").await;
            let page = browser.click(link).await;
            assert_eq!(page.path(), format!("/admin/users{sort}"), "{backend:?}");
            assert_eq!(names(&mut browser, &page_of(sort)).await, found, "{backend:?}");
        }
        let found = names(&mut browser, "/admin/users?sort=longest-unseen&q=example").await;
        assert_eq!(found[3..], ["mia", "ada"], "{backend:?}: those who never logged in come first");
    }
}

fn page_of(sort: &str) -> String {
    format!("/admin/users{sort}")
}

/// A search stays within its filter and order, and a filter keeps the search.
#[tokio::test]
async fn search_filter_and_order_go_together() {
    let (_app, mut browser) = scene(Backend::Sqlite).await;
    let found = names(&mut browser, "/admin/users?filter=disabled&q=example").await;
    assert_eq!(found, ["ida"]);

    let page = browser.click("All 5").await;
    assert_eq!(page.path(), "/admin/users?q=example");
    let page = browser.click("Last seen").await;
    assert_eq!(page.path(), "/admin/users?q=example&sort=last-seen");
    let kept = page.dom().find("form.search input[type=hidden][name=sort]");
    assert_eq!(kept.and_then(|input| input.attr("value")), Some("last-seen"));
}

#[tokio::test]
async fn the_pager_keeps_filter_and_order() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    for n in 0..55 {
        make_user(&app, &format!("goose{n}@example.test")).await;
    }
    let mut browser = logged_in(&app, Transport::Plain, ADA).await;
    let place = "/admin/users?filter=unconfirmed&sort=last-seen";
    let mut seen = names(&mut browser, place).await;
    assert_eq!(seen.len(), 50);

    let page = browser.click("Older").await;

    assert!(page.path().starts_with(&format!("{place}&page=")), "{}", page.path());
    seen.extend(listed(page).into_iter().map(|name| name.replace("@example.test Unconfirmed", "")));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 55);
}
