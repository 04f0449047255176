//! What happened to one's account, as its owner reads it.

use std::time::Duration;

use tests::{Page, TestApp, Transport};

use crate::flows::{ADA, MIA, logged_in, make_admin, make_user, post};

const PATH: &str = "/settings/security";
const MINUTE: Duration = Duration::from_mins(1);

fn rows(page: &Page) -> Vec<String> {
    let rows = page.dom().select("main tbody tr").into_iter();
    rows.map(|row| row.text().collect::<Vec<_>>().join(" ")).collect()
}

/// LGG-04.
#[tokio::test]
async fn the_timeline_tells_what_when_where_and_by_whom() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    crate::people::confirm(&app, MIA).await;
    make_admin(&app, ADA).await;
    app.clock.advance(MINUTE);
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    app.clock.advance(MINUTE);
    crate::people::reset_path(&app, MIA).await;
    app.clock.advance(MINUTE);
    let admin = logged_in(&app, Transport::Plain, ADA).await;
    let path = format!("/admin/users/{}/role", crate::people::id_of(&app, MIA).await);
    assert_eq!(post(&admin, &path, &[("role", "admin")]).await.status(), 303);

    let rows = rows(browser.visit(PATH).await);

    let day = "15 January 2027";
    assert_eq!(
        rows,
        [
            format!("Role changed to admin {day}, 08:03 UTC Not shown An admin"),
            format!(
                "Password reset requested {day}, 08:02 UTC \
                 Unknown browser, 192.0.2.1 A visitor who was not logged in"
            ),
            format!("Logged in {day}, 08:01 UTC Unknown browser on Linux, 127.0.0.1 You"),
            format!("Account created {day}, 08:00 UTC Unknown browser, 127.0.0.1 You"),
        ]
    );
}

#[tokio::test]
async fn a_long_timeline_is_read_page_by_page_the_newest_first() {
    for transport in [Transport::Plain, Transport::HtmxFull] {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        app.clock.advance(MINUTE);
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/profile").await;
        for n in 0..33 {
            app.clock.advance(MINUTE);
            let name = format!("Mia {n}");
            assert!(post(&browser, "/settings/profile", &[("name", &name)]).await.status() < 400);
        }

        let first = rows(browser.visit(PATH).await);
        assert!(browser.page().link("Newest").is_none());
        let second = rows(browser.click("Older").await);

        assert_eq!((first.len(), second.len()), (30, 5), "{transport:?}");
        assert!(first[0].contains("08:34 UTC") && first[29].contains("08:05 UTC"), "{first:?}");
        assert!(second[0].contains("08:04 UTC") && second[4].starts_with("Account created"));
        assert!(browser.page().link("Older").is_none());
        assert_eq!(rows(browser.click("Newest").await), first, "{transport:?}");
        for garbage in ["x", "%00", "AAAA", "%27--"] {
            let page = browser.visit(&format!("{PATH}?page={garbage}")).await;
            assert_eq!(rows(page), first, "{garbage}");
        }
    }
}

/// OUT-02: what a browser calls itself is not repeated.
#[tokio::test]
async fn the_timeline_is_ones_own_and_repeats_nothing_that_was_sent() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    make_user(&app, "leo@example.test").await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/profile").await;
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("name", "Mia Muster")];
    let request = browser.raw("POST", "/settings/profile").same_origin().form(&fields);
    request.header("user-agent", "<img src=x> goose/1").send().await;
    logged_in(&app, Transport::Plain, "leo@example.test").await;

    let page = browser.visit(PATH).await;

    assert_eq!(rows(page).len(), 3);
    assert!(!page.body().contains("goose/1") && page.dom().find("main img").is_none());
}
