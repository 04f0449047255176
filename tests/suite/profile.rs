//! The profile page.

use tests::{TestApp, Transport};

use crate::flows::{ADA, MIA, logged_in, make_admin, make_user};

#[tokio::test]
async fn the_profile_greets_by_name_and_tells_address_and_role() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    make_admin(&app, ADA).await;
    for (email, name, role) in [(MIA, "mia", "User"), (ADA, "ada", "Admin")] {
        let browser = logged_in(&app, Transport::Plain, email).await;
        let page = browser.page();

        assert_eq!(page.h1(), format!("Hello, {name}"));
        let text = page.visible_text();
        assert!(text.contains(email) && text.contains(role), "{text}");
        assert!(text.contains("Member since 15 January 2027"), "{text}");
        assert_eq!(text.contains("Confirm your email address"), role == "User", "{text}");
        assert_eq!(text.contains("You’re all set."), role == "Admin", "{text}");
    }
}

/// OUT-05: no cache keeps a page about a person.
#[tokio::test]
async fn the_profile_is_stored_nowhere() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    for transport in [Transport::Plain, Transport::HtmxPartial] {
        let browser = logged_in(&app, transport, MIA).await;
        let request = browser.raw("GET", "/profile");
        let is_partial = transport == Transport::HtmxPartial;
        let request = if is_partial { request.htmx_partial() } else { request };

        let answer = request.send().await;

        assert_eq!(answer.status(), 200);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{transport:?}");
        let vary = answer.header("vary").unwrap().to_lowercase();
        assert!(vary.contains("hx-request-type") && vary.contains("cookie"), "{vary}");
    }
}

#[tokio::test]
async fn the_navbar_offers_what_the_visitor_may_use() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    make_admin(&app, ADA).await;
    let mut stranger = app.browser(Transport::Plain);
    assert_eq!(stranger.visit("/").await.nav_links(), ["/", "/login", "/signup"]);
    assert!(!stranger.page().has_form("logout-form"));

    let user = logged_in(&app, Transport::HtmxPartial, MIA).await;
    assert_eq!(user.page().nav_links(), ["/", "/profile"]);
    assert!(user.page().has_form("logout-form"));
    let admin = logged_in(&app, Transport::HtmxPartial, ADA).await;
    let mut links = admin.page().nav_links();
    links.sort();
    assert_eq!(links, ["/", "/admin/users", "/profile"]);
}

/// A name is text wherever it is printed (OUT-02).
#[tokio::test]
async fn a_name_that_looks_like_markup_is_shown_as_typed() {
    let app = TestApp::start().await;
    let name = "<img src=x onerror=alert(1)>\" hx-get=\"/x\" hx-trigger=\"load";
    for transport in Transport::ALL {
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;
        let email = format!("{transport:?}@example.test").to_lowercase();
        let form = browser.form("signup-form").fill("email", &email).fill("name", name);
        form.fill("password", crate::flows::PASSWORD).submit().await;
        let form = browser.form("login-form").fill("password", crate::flows::PASSWORD);

        let page = form.submit().await;

        assert_eq!(page.h1(), format!("Hello, {name}"), "{transport:?}");
        assert!(page.dom().find("main img").is_none() && page.dom().find("[hx-get]").is_none());
    }
}
