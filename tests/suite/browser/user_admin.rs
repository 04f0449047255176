//! The list of users in the browser of an admin.

use tests::Window;

use super::{ROOT, Visitor, database, site_with_admin};

#[tokio::test]
async fn an_administrator_changes_a_role_without_a_reload() {
    let server = site_with_admin().await;
    database(&server).await.execute("UPDATE users SET confirmed_at = created_at").await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(ROOT).await;
    visitor.open("/admin/users").await;
    visitor.fill("q", "mia").await;
    visitor.click("search [type=submit]").await;
    visitor.wait_for_path("/admin/users?q=mia").await;
    visitor.mark().await;

    visitor.change_role("admin").await;
    visitor.wait_for("document.querySelector('#flash').innerText").await;

    assert!(visitor.is_marked().await);
    let roles = database(&server).await.texts("SELECT DISTINCT role FROM users").await;
    assert_eq!(roles, ["admin"]);
    let chosen = "return document.querySelector('main select').value";
    assert_eq!(visitor.eval::<String>(chosen).await, "admin");
    visitor.leave().await;
}

#[tokio::test]
async fn the_last_administrator_stays_one_and_is_told_so_in_place() {
    let server = site_with_admin().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(ROOT).await;
    visitor.open("/admin/users?q=root").await;
    visitor.mark().await;

    visitor.change_role("user").await;
    visitor.wait_for("document.querySelector('main form [role=alert]')").await;

    assert!(visitor.is_marked().await);
    assert!(visitor.text("main").await.contains("Admin"));
    visitor.leave().await;
}
