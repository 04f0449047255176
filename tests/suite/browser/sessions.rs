//! Sessions in a real browser.

use serde_json::Value;
use tests::Window;

use super::{MIA, NO_CACHE, PASSWORD, Visitor, database, promote, site, site_with};

/// SES-01, SES-06: the content of the browser's own cookie jar.
#[tokio::test]
async fn the_jar_holds_the_session_until_it_is_ended() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };

    visitor.log_in(MIA).await;
    let cookie = session(&visitor).await.expect("a session cookie");
    let flags = ["httpOnly", "session"].map(|flag| cookie[flag].as_bool().unwrap());
    assert_eq!(flags, [true, true]);
    assert_eq!((cookie["sameSite"].as_str(), cookie["path"].as_str()), (Some("Lax"), Some("/")));
    assert_eq!(visitor.eval::<String>("return document.cookie").await, "");

    visitor.log_out().await;
    assert_eq!(session(&visitor).await, None);
    assert_eq!(database(&server).await.count("sessions").await, 0);

    visitor.open("/login").await;
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.click("#remember").await;
    visitor.submit("login-form").await;
    visitor.wait_for_log_in(true).await;
    let cookie = session(&visitor).await.expect("a session cookie");
    assert_eq!(cookie["session"].as_bool(), Some(false));
    visitor.leave().await;
}

/// OUT-07: leads to the log-in page and back, never inside a form.
#[tokio::test]
async fn a_session_that_has_ended_leads_to_the_log_in_page_and_back() {
    let server = site_with(&[NO_CACHE]).await;
    super::add_account(&server, super::ROOT, "Root").await;
    promote(&server, super::ROOT).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(super::ROOT).await;
    visitor.open("/admin/users?q=mia").await;
    visitor.open_user().await;
    let page: String = visitor.eval("return location.pathname").await;
    database(&server).await.execute("DELETE FROM sessions").await;

    visitor.change_role("user").await;

    visitor.wait_for_path(&format!("/login?next={}", page.replace('/', "%2F"))).await;
    let parts: [usize; 3] = visitor
        .eval("return ['h1', 'nav', 'main form'].map(it => document.querySelectorAll(it).length)")
        .await;
    assert_eq!(parts, [1, 1, 1]);
    visitor.fill("email", super::ROOT).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path(&page).await;
    visitor.leave().await;
}

/// CSRF-08: two tabs, one of which has logged in and out in the meantime.
#[tokio::test]
async fn a_form_from_before_another_tab_logged_in_can_be_sent_again() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    let driver = visitor.chromium().driver();
    visitor.open("/forgot-password").await;
    visitor.fill("email", MIA).await;
    let first = driver.window().await.unwrap();
    let second = driver.new_tab().await.unwrap();
    driver.switch_to_window(second).await.unwrap();
    visitor.log_in(MIA).await;
    driver.switch_to_window(first).await.unwrap();
    visitor.mark().await;

    visitor.submit("forgot-password-form").await;
    visitor.wait_for("document.querySelector('#forgot-password-form [role=alert]')").await;
    let email = visitor.find("#email").await.value().await.unwrap();
    assert_eq!(email.as_deref(), Some(MIA));
    visitor.submit("forgot-password-form").await;

    visitor.wait_for_path("/forgot-password/sent").await;
    assert!(visitor.is_marked().await);
    visitor.leave().await;
}

/// SES-12, OUT-05: a page in another tab stops showing private data soon after the log-out.
#[tokio::test]
async fn logging_out_reaches_the_other_tabs() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    let driver = visitor.chromium().driver();
    visitor.log_in(MIA).await;
    visitor.open("/settings/profile").await;
    let first = driver.window().await.unwrap();
    let second = driver.new_tab().await.unwrap();
    driver.switch_to_window(second).await.unwrap();
    visitor.open("/profile").await;

    visitor.log_out().await;

    driver.switch_to_window(first).await.unwrap();
    visitor.wait_for_path("/login?next=%2Fsettings%2Fprofile").await;
    assert!(visitor.text(".lead").await.contains("Log in to continue"));
    visitor.leave().await;
}

/// SES-12: the session was ended on another device.
#[tokio::test]
async fn an_open_page_leaves_when_its_session_has_ended_but_not_what_is_being_typed() {
    let server = site_with(&[NO_CACHE]).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(MIA).await;
    visitor.open("/settings/profile").await;
    let look = "return fetch('/session', { redirect: 'manual' }).then(it => it.status)";
    let come_back = "return document.dispatchEvent(new Event('visibilitychange'))";
    assert_eq!(visitor.eval::<u16>(look).await, 204);
    visitor.fill("name", "Mia Mu").await;
    database(&server).await.execute("DELETE FROM sessions").await;

    let _sent: bool = visitor.eval(come_back).await;
    assert_eq!(visitor.eval::<u16>(look).await, 0);
    let typed = visitor.find("#name").await.value().await.unwrap();
    assert_eq!(typed.as_deref(), Some("Mia Mu"));

    visitor.fill("name", "Mia").await;
    let _sent: bool = visitor.eval(come_back).await;
    visitor.wait_for_path("/login?next=%2Fsettings%2Fprofile").await;
    visitor.leave().await;
}

async fn session(visitor: &Visitor) -> Option<Value> {
    let cookies = visitor.cookies().await;
    cookies.into_iter().find(|cookie| cookie["name"] == "latchkey-session")
}
