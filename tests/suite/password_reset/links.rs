//! The links that set a password: once, in time, for any holder.

use std::time::{Duration, Instant};

use tests::{TestApp, Transport};
use tokio::task::JoinSet;

use crate::flows::{ADA, MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user};

use super::{HOUR, SECOND, nth_link, reset};

const ALMOST_AN_HOUR: Duration = Duration::from_secs(3_599);

/// RST-06: a newer link voids the older.
#[tokio::test]
async fn the_newest_link_is_the_only_one_that_works() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let older = nth_link(&app, 1).await;
    let newer = nth_link(&app, 2).await;
    assert_ne!(older, newer);

    assert_eq!(reset(&app, &older, NEW_PASSWORD).await, 410);
    assert!(can_log_in(&app, MIA, PASSWORD).await);
    assert_eq!(reset(&app, &newer, NEW_PASSWORD).await, 303);
}

/// RST-03.
#[tokio::test]
async fn a_link_is_good_for_an_hour_and_no_longer() {
    for (age, status) in [(ALMOST_AN_HOUR, 303), (HOUR, 410), (HOUR + SECOND, 410)] {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let link = nth_link(&app, 1).await;

        app.clock.advance(age);

        let page = app.browser(Transport::Plain).raw("GET", &link).send().await;
        assert_eq!(page.status(), if status == 303 { 200 } else { 410 }, "{age:?}");
        assert_eq!(reset(&app, &link, NEW_PASSWORD).await, status, "{age:?}");
        assert_eq!(can_log_in(&app, MIA, PASSWORD).await, status == 410, "{age:?}");
    }
}

#[tokio::test]
async fn a_link_works_once() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let link = nth_link(&app, 1).await;
        let mut browser = app.browser(transport);
        browser.visit(&link).await;
        let mut other_tab = app.browser(transport);
        other_tab.visit(&link).await;
        browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;

        let form = other_tab.form("reset-password-form").fill("password", "three swans in vans");
        let page = form.submit().await;

        assert_eq!(page.status(), 410, "{transport:?}");
        assert_eq!(page.link("Get a new link").as_deref(), Some("/forgot-password"));
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
        assert_eq!(browser.visit(&link).await.status(), 410, "{transport:?}");
    }
}

/// RST-04, RAC-01 (better-auth #9993).
#[tokio::test]
async fn of_many_uses_of_a_link_at_once_one_succeeds() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let link = nth_link(&app, 1).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();

    let mut answers = JoinSet::new();
    for n in 0..50 {
        let password = format!("{n} swans in as many vans");
        let fields = [("csrf_token", token.as_str()), ("password", &password)];
        let request = browser.raw("POST", &link).same_origin().form(&fields);
        answers.spawn(async move { (request.send().await.status(), password) });
    }
    let answers = answers.join_all().await;

    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(status, _)| *status == 303);
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|(status, _)| matches!(status, 410 | 503)), "{lost:?}");
    assert!(can_log_in(&app, MIA, &won[0].1).await);
}

/// RST-05: mail scanners open links.
#[tokio::test]
async fn looking_at_the_link_does_not_spend_it() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let link = nth_link(&app, 1).await;
    let scanner = app.browser(Transport::Plain);
    let before = app.database.rows("tokens").await;

    for method in ["GET", "HEAD"].into_iter().cycle().take(20) {
        let answer = scanner.raw(method, &link).send().await;
        assert_eq!(answer.status(), 200, "{method}");
        assert!(!answer.body.contains("http-equiv"), "nothing sends the form by itself");
    }

    assert_eq!(app.database.rows("tokens").await, before);
    assert_eq!(reset(&app, &link, NEW_PASSWORD).await, 303);
}

/// RST-07: the link is for its owner's account, and not for a user who is logged in where it is opened.
#[tokio::test]
async fn a_link_opened_by_another_user_changes_its_owners_password_alone() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        for email in [MIA, ADA] {
            make_user(&app, email).await;
        }
        let link = nth_link(&app, 1).await;
        let mut browser = logged_in(&app, transport, ADA).await;
        browser.visit(&link).await;
        let form = browser.form("reset-password-form").fill("password", NEW_PASSWORD);

        let page = form.submit().await;

        assert_eq!(page.path(), "/login", "{transport:?}");
        assert!(!page.is_logged_in() && browser.cookies().session().is_none(), "{transport:?}");
        assert_eq!(app.count("sessions").await, 0, "{transport:?}");
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await);
        assert!(can_log_in(&app, ADA, PASSWORD).await);
        assert!(!can_log_in(&app, ADA, NEW_PASSWORD).await);
    }
}

/// RST-10: the address of the page is a secret.
#[tokio::test]
async fn the_page_of_a_link_is_neither_stored_nor_listed_nor_told_on() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let link = nth_link(&app, 1).await;
    let mut browser = app.browser(Transport::Plain);
    for (path, status) in [(link.as_str(), 200), ("/reset-password/unknown", 410)] {
        let page = browser.visit(path).await;

        assert_eq!(page.status(), status);
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{status}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{status}");
        let robots = page.dom().find("meta[name=robots]").and_then(|meta| meta.attr("content"));
        let robots = robots.or(page.header("x-robots-tag"));
        assert!(robots.is_some_and(|robots| robots.contains("noindex")), "{status}");
        for element in page.dom().select("[src], link[href]") {
            let url = element.attr("src").or(element.attr("href")).unwrap();
            assert!(url.starts_with('/') && !url.starts_with("//"), "{url}");
        }
    }
}

/// RST-13, ENU-06: unknown, mangled, used and expired links lead to one page, which names no one.
#[tokio::test]
async fn whatever_is_wrong_with_a_link_the_page_is_the_same() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let used = nth_link(&app, 1).await;
    reset(&app, &used, NEW_PASSWORD).await;
    app.mailbox.nth_to(MIA, 2).await;
    let good = nth_link(&app, 3).await;
    let (_, token) = good.rsplit_once('/').unwrap();
    let swapped =
        |c: char| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let recased: String = token.chars().map(swapped).collect();
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let mut pages = vec![browser.raw("GET", &used).send().await];
    for wrong in [
        &token[1..],
        &token[..token.len() - 1],
        &format!("{token}A"),
        &format!("{token}%00"),
        &recased,
        "%F0%9F%94%91",
        "..%2f..",
        "' OR 1=1 --".replace(' ', "%20").as_str(),
        &"A".repeat(10_000),
    ] {
        let begun = Instant::now();
        pages.push(browser.raw("GET", &format!("/reset-password/{wrong}")).send().await);
        assert!(begun.elapsed() < SECOND, "{wrong}: {:?}", begun.elapsed());
    }
    app.clock.advance(HOUR);
    pages.push(browser.raw("GET", &good).send().await);

    for page in &pages {
        assert_eq!((page.status(), &page.body), (410, &pages[0].body));
        assert!(!page.body.contains(MIA) && page.body.contains("/forgot-password"));
    }
}

/// LOG-06, RST-06: an account that is gone takes its link along.
#[tokio::test]
async fn the_link_of_an_account_that_is_gone_is_void() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let link = nth_link(&app, 1).await;

    app.database.execute("DELETE FROM users").await;

    assert_eq!(reset(&app, &link, NEW_PASSWORD).await, 410);
}
