//! Forms in a tab that is out of date because of another tab or the browser's settings.

use serde_json::json;
use tests::Window;

use super::{MIA, PASSWORD, ROOT, Visitor, site, site_with_admin};

/// LOG-05: a visitor who logs in in a stale tab is told which user is logged in, and switches with
/// one button.
#[tokio::test]
async fn a_log_in_in_a_stale_tab_offers_to_switch() {
    let server = site_with_admin().await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    let driver = visitor.chromium().driver();
    visitor.open("/login").await;
    let first = driver.window().await.unwrap();
    let second = driver.new_tab().await.unwrap();
    driver.switch_to_window(second).await.unwrap();
    visitor.log_in(ROOT).await;
    driver.switch_to_window(first).await.unwrap();
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;

    visitor.submit("login-form").await;

    visitor.wait_for("document.querySelector('#switch-user-form')").await;
    assert!(visitor.text("main").await.contains(ROOT));
    visitor.submit("switch-user-form").await;
    visitor.wait_for("document.querySelector('#login-form')").await;
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path("/profile").await;
    assert!(visitor.text("h1").await.contains("Mia"));
    visitor.leave().await;
}

/// CSRF-08: a browser that stores no cookies is told so.
#[tokio::test]
async fn a_browser_without_cookies_is_told_that_they_are_needed() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/login").await;
    for told in ["open for too long", "Allow cookies"] {
        visitor.chromium().devtools("Network.clearBrowserCookies", json!({})).await;
        visitor.fill("email", MIA).await;
        visitor.fill("password", PASSWORD).await;
        visitor.submit("login-form").await;
        let error = "document.querySelector('#login-form-error')?.innerText";
        visitor.wait_for(&format!("{error}?.includes({})", json!(told))).await;
    }
    visitor.leave().await;
}
