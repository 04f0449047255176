//! Other ways to write the path of a page for admins.

use tests::{Browser, TestApp, Transport};

use super::{HIDDEN, Visitor, browser, scene};
use crate::people::{self, ADA, MIA, PASSWORD};

/// ADM-08.
#[tokio::test]
async fn no_spelling_of_a_path_gets_around_its_policy() {
    let app = scene().await;
    let admin = browser(&app, Visitor::Admin).await;
    let user = browser(&app, Visitor::User).await;
    let cookie = |browser: &Browser| browser.cookies().header("/").unwrap_or_default();

    for path in [
        "//admin/users",
        "///admin/users",
        "/admin//users",
        "/admin/users/",
        "/admin/users//",
        "/ADMIN/users",
        "/Admin/Users",
        "/%61dmin/users",
        "/admin%2Fusers",
        "/admin%2fusers",
        "/admin/users%2F..",
        "/x/../admin/users",
        "/./admin/users",
        "/admin/./users",
        "/%2e/admin/users",
        "/x/%2e%2e/admin/users",
        "/admin;x/users",
        "/admin/users;x",
        "/admin/users%00",
        "/admin/users%20",
        "/admin/users/.",
        "/admin\\users",
        "/admin/users.html",
        "/assets/../admin/users",
        "admin/users",
        "http://latchkey.test//admin/users",
        "http://latchkey.test/admin/users/",
    ] {
        for who in [String::new(), cookie(&user), cookie(&admin)] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: latchkey.test\r\nCookie: {who}\r\n\
                 Connection: close\r\n\r\n"
            );
            let answer = app.exchange(request.as_bytes()).await;
            let text = String::from_utf8_lossy(&answer);
            // With a segment more it is the page of a user, which has the same policy and no such user.
            let expected = |status| match status {
                400 | 404 => true,
                303 | 403 => path.starts_with("/admin/users/") && who != cookie(&admin),
                _ => false,
            };
            assert!(expected(people::status_of(&answer)), "{path}: {text}");
            assert!(!text.contains(HIDDEN) && !text.contains(PASSWORD), "{path}: {text}");
        }
    }
    let exact = admin.raw("GET", "/admin/users?q=hidden").send().await;
    assert!(exact.status() == 200 && exact.body.contains(HIDDEN));
}

/// ADM-08, HDR-06: the policy is checked in the route that matched, so that no spelling gets around
/// it, and nothing but routes is served. The exact path shows the texts that the others must not.
#[tokio::test]
async fn no_spelling_of_a_path_is_another_way_in() {
    let app = TestApp::start().await;
    people::seed_admin(&app, ADA).await;
    people::sign_up(&app, MIA).await;
    let admin = people::logged_in(&app, Transport::Plain, ADA).await;
    for path in [
        "/admin/users",
        "//admin/users",
        "/admin/users/",
        "/ADMIN/USERS",
        "/%61dmin%2Fusers",
        "/admin%2Fusers",
        "/admin/users;x",
        "/admin/users%00",
        "/admin//users",
        "/.git/config",
        "/.env",
        "/Cargo.toml",
        "/assets/..%2fCargo.toml",
        "/assets/nothing.css",
        "/dev/mail",
    ] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: latchkey.test\r\nCookie: {}\r\nConnection: close\r\n\r\n",
            admin.cookies().header("/").unwrap()
        );

        let answer = app.exchange(request.as_bytes()).await;

        let answer = String::from_utf8_lossy(&answer);
        let (shows_user, shows_table) = (answer.contains(MIA), answer.contains("<table"));
        if path == "/admin/users" {
            assert!(shows_user && shows_table, "{answer}");
            continue;
        }
        let is_refused = answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 ");
        assert!(is_refused, "{path}: {}", answer.lines().next().unwrap_or_default());
        assert!(!shows_user && !shows_table, "{path}");
    }
}
