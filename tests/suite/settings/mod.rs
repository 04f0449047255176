//! The settings of the account: the pages, the way between them, and the name.

mod password;
mod races;
mod sessions;
mod timeline;

use tests::{Backend, TestApp, Transport};

use crate::flows::{MIA, logged_in, make_user};

/// Whether this has happened to the account once: the event and who made it happen.
async fn has_event(app: &TestApp, email: &str, event: &str) -> bool {
    let sql = format!(
        "SELECT e.event || ' ' || e.actor FROM security_events e JOIN users u ON u.id = e.user_id \
         WHERE u.email = '{email}'"
    );
    app.database.texts(&sql).await.iter().filter(|other| *other == event).count() == 1
}

#[tokio::test]
async fn every_page_of_the_settings_leads_to_every_other() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.click("Settings").await;
    assert_eq!(browser.path(), "/profile");
    browser.click("Change Name").await;
    assert_eq!(browser.path(), "/settings/profile");
    assert_eq!(browser.visit("/settings").await.path(), "/profile");

    let pages = ["Profile", "Email", "Password", "Sessions", "Activity", "Data"];
    for from in pages {
        for to in pages {
            browser.click(from).await;
            let page = browser.click(to).await;

            let path = match to {
                "Profile" => "/profile".to_owned(),
                "Activity" => "/settings/security".to_owned(),
                _ => format!("/settings/{}", to.to_lowercase()),
            };
            assert_eq!(page.path(), path, "{from} {to}");
            let current = page.dom().select("nav[aria-label=Settings] a[aria-current=page]");
            let current: Vec<_> = current.iter().filter_map(|link| link.attr("href")).collect();
            assert_eq!(current, [page.path()], "{from} {to}");
        }
    }
}

#[tokio::test]
async fn a_new_name_is_shown_everywhere_at_once() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut elsewhere = logged_in(&app, Transport::Plain, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/profile").await;
        assert_eq!(browser.page().field("profile-form", "name").unwrap().value, "mia");

        let form = browser.form("profile-form").fill("name", " Mia  Zoë <b> ");
        let page = form.submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/settings/profile"));
        assert_eq!(page.flash(), "Name saved.", "{transport:?}");
        assert_eq!(page.field("profile-form", "name").unwrap().value, "Mia  Zoë <b>");
        let nav = page.dom().find("nav#nav").unwrap().text().collect::<String>();
        assert!(nav.contains("Mia  Zoë <b>"), "{transport:?}: {nav}");
        assert!(elsewhere.visit("/profile").await.h1().contains("Zoë <b>"), "{transport:?}");
        assert!(has_event(&app, MIA, "name_changed owner").await, "{transport:?}");
    }
}

#[tokio::test]
async fn a_name_that_stays_as_it_was_is_no_event() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, Transport::Plain, MIA).await;
        let before = app.database_digest().await;
        browser.visit("/settings/profile").await;

        assert_eq!(browser.form("profile-form").submit().await.status(), 200);

        assert_eq!(app.database_digest().await, before, "{backend:?}");
    }
}

/// TXT-02, TXT-04.
#[tokio::test]
async fn a_name_that_cannot_be_is_told_at_its_field() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/profile").await;
        for (wrong, reason) in [
            ("  ", "Enter a name"),
            ("\u{3164}", "Enter a name"),
            ("bit.ly/abc", "can’t contain a web address"),
            (&*"x".repeat(81), "at most 80"),
        ] {
            let page = browser.form("profile-form").fill("name", wrong).submit().await;

            assert_eq!(page.status(), 422, "{transport:?}");
            assert!(page.field_error("name").unwrap().contains(reason), "{transport:?}");
            assert_eq!(page.field("profile-form", "name").unwrap().value, wrong);
        }
        assert!(!has_event(&app, MIA, "name_changed owner").await, "{transport:?}");
    }
}
