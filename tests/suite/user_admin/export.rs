//! The list of users as a file.

use tests::{Answer, Browser, TestApp, Transport};

use super::make_confirmed;
use crate::flows::{ADA, MIA, PASSWORD, logged_in, make_admin, post};

const PATH: &str = "/admin/users/export";

async fn scene() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    make_confirmed(&app, MIA).await;
    let mut admin = logged_in(&app, Transport::Plain, ADA).await;
    admin.visit("/admin/users").await;
    (app, admin)
}

fn lines(answer: &Answer) -> Vec<&str> {
    answer.body.split("\r\n").filter(|line| !line.is_empty()).collect()
}

/// ADM-05.
#[tokio::test]
async fn the_file_has_the_users_of_the_list_and_no_secret() {
    let (app, admin) = scene().await;

    let all = post(&admin, PATH, &[]).await;
    let found = post(&admin, PATH, &[("q", "mia"), ("filter", "")]).await;
    let admins = post(&admin, PATH, &[("filter", "admins"), ("sort", "last-seen")]).await;

    assert_eq!(all.status(), 200);
    assert_eq!(all.header("content-type"), Some("text/csv; charset=utf-8"));
    let disposition = "attachment; filename=\"latchkey-users.csv\"";
    assert_eq!(all.header("content-disposition"), Some(disposition));
    assert_eq!(all.header("cache-control"), Some("no-store"));
    assert_eq!(lines(&all).len(), 3, "{}", all.body);
    assert!(lines(&found).len() == 2 && found.body.contains(MIA), "{}", found.body);
    assert!(lines(&admins).len() == 2 && admins.body.contains(ADA), "{}", admins.body);
    assert!(!all.body.contains("argon2"));
    let recorded = "SELECT event FROM security_events WHERE event = 'users_exported'";
    assert_eq!(app.database.texts(recorded).await.len(), 3);
}

/// ADM-10: a spreadsheet runs no name that a user chose (CWE-1236).
#[tokio::test]
async fn a_name_is_no_formula() {
    let (app, admin) = scene().await;
    for name in ["=1+1", "+1", "-1", "=HYPERLINK(\"x\",\"y\")"] {
        let sql = format!("UPDATE users SET name = '{name}' WHERE email = '{MIA}'");
        app.database.execute(&sql).await;

        let file = post(&admin, PATH, &[("q", "mia")]).await;

        let cell = format!("\"'{}\"", name.replace('"', "\"\""));
        assert!(file.body.contains(&cell), "{}", file.body);
    }
}

/// ADM-01: the list in one piece is for those who gave their password a short time ago.
#[tokio::test]
async fn the_password_is_asked_for_before_the_download() {
    let (app, mut admin) = scene().await;
    app.clock.advance(std::time::Duration::from_mins(15));

    let answer = post(&admin, PATH, &[]).await;
    assert_eq!(answer.header("location"), Some("/sudo?next=%2Fadmin%2Fusers"));
    admin.visit("/sudo?next=%2Fadmin%2Fusers").await;
    let page = admin.form("sudo-form").fill("password", PASSWORD).submit().await;

    assert_eq!(page.path(), "/admin/users");
    assert_eq!(post(&admin, PATH, &[]).await.status(), 200);
}
