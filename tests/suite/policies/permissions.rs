//! A role of a product with one permission of the admin area: it opens its own pages and no
//! others, and shows no button that it may not press.

use domain::{Permission, RoleDefinition};
use tests::{Backend, TestApp, Transport};

use crate::people::{self, MIA};

const WORKER: &str = "worker@example.test";

const ROLES: &[RoleDefinition] = &[
    role("reader", &[Permission::READ_USERS]),
    role("manager", &[Permission::MANAGE_USERS]),
    role("auditor", &[Permission::READ_EVENTS]),
    role("postmaster", &[Permission::MANAGE_MAIL]),
];

const fn role(name: &'static str, permissions: &'static [Permission]) -> RoleDefinition {
    RoleDefinition { name, label: |_| "A role", permissions }
}

/// An app in which a user has the role.
async fn scene(role: &str) -> TestApp {
    let app = TestApp::of(app::app().roles(ROLES), Backend::Sqlite, |_| {}).await;
    people::sign_up(&app, MIA).await;
    people::sign_up(&app, WORKER).await;
    people::confirm(&app, WORKER).await;
    let sql = format!("UPDATE users SET role = '{role}' WHERE email = '{WORKER}'");
    app.database.execute(&sql).await;
    app
}

/// ADM-01.
#[tokio::test]
async fn a_permission_opens_its_pages_and_no_others() {
    for (role, pages) in [
        ("reader", vec!["users", "user", "users/export"]),
        ("manager", vec!["users", "user", "users/export", "disable", "invitations"]),
        ("auditor", vec!["events"]),
        ("postmaster", vec!["mail", "mail/test"]),
    ] {
        let app = scene(role).await;
        let id = people::id_of(&app, MIA).await;
        let browser = people::logged_in(&app, Transport::Plain, WORKER).await;
        let token = browser.csrf_token();
        for (name, method, path) in [
            ("users", "GET", "/admin/users".to_owned()),
            ("user", "GET", format!("/admin/users/{id}")),
            ("events", "GET", "/admin/events".to_owned()),
            ("mail", "GET", "/admin/mail".to_owned()),
            ("invitations", "GET", "/admin/invitations".to_owned()),
            ("users/export", "POST", "/admin/users/export".to_owned()),
            ("disable", "POST", format!("/admin/users/{id}/disable")),
            ("mail/test", "POST", "/admin/mail/test".to_owned()),
        ] {
            let request = browser.raw(method, &path).same_origin();
            let request =
                if method == "POST" { request.form(&[("csrf_token", &token)]) } else { request };

            let answer = request.send().await;

            let is_open = matches!(answer.status(), 200 | 303);
            assert_eq!(is_open, pages.contains(&name), "{role} {name}: {}", answer.status());
            assert!(is_open || answer.status() == 403, "{role} {name}: {}", answer.status());
        }
    }
}

/// A link or a button that leads to a refusal is not shown.
#[tokio::test]
async fn a_page_offers_what_the_role_allows() {
    for (role, path, has_actions, pages) in [
        ("reader", "user", false, 1),
        ("manager", "user", true, 2),
        ("auditor", "/admin/events", false, 1),
    ] {
        let app = scene(role).await;
        let user = people::user_page(&app, MIA).await;
        let mut browser = people::logged_in(&app, Transport::Plain, WORKER).await;

        let page = browser.visit(if path == "user" { &user } else { path }).await;

        let forms = page.dom().select("main form[method=post]").len();
        assert_eq!(forms > 0, has_actions, "{role}");
        let links = page.dom().select("main nav.tabs a").len();
        assert_eq!(links, pages, "{role}: the way to its own pages alone");
        assert!(!page.body().contains(&format!("href=\"{user}\"")), "{role}");
    }
}
