//! Other ways to write the path of a page for admins.

use tests::Browser;

use super::{HIDDEN, Visitor, browser, scene};
use crate::people::{self, PASSWORD};

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
            assert!(matches!(people::status_of(&answer), 400 | 404), "{path}: {text}");
            assert!(!text.contains(HIDDEN) && !text.contains(PASSWORD), "{path}: {text}");
        }
    }
    let exact = admin.raw("GET", "/admin/users?q=hidden").send().await;
    assert!(exact.status() == 200 && exact.body.contains(HIDDEN));
}
