//! The page around the form: address, title, navigation bar, focus and Back, without a reload.

use serde_json::json;
use tests::{Colours, Scripts, Window};

use super::{MIA, NO_CACHE, PASSWORD, Visitor, database, site, site_with};

#[tokio::test]
async fn logging_in_and_out_changes_the_page_without_a_reload() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/login").await;
    visitor.mark().await;

    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path("/profile").await;
    visitor.wait_for_log_in(true).await;
    visitor.wait_for("document.activeElement.id == 'main'").await;
    assert_eq!(visitor.eval::<String>("return document.title").await, "Profile · Latchkey");
    assert!(visitor.text("h1").await.contains("Mia"));
    assert!(!visitor.text("#flash").await.is_empty());
    let current = "return document.querySelector('#nav [aria-current=page]').pathname";
    assert_eq!(visitor.eval::<String>(current).await, "/profile");

    visitor.log_out().await;
    visitor.wait_for_path("/").await;
    visitor.wait_for("document.activeElement.id == 'main'").await;
    assert_eq!(visitor.eval::<String>("return document.title").await, "Home · Latchkey");
    assert_eq!(visitor.eval::<String>(current).await, "/");
    assert!(visitor.is_marked().await, "the page was loaded anew");
    visitor.leave().await;
}

/// OUT-05: with scripts, by htmx's history, and without, by the browser's history.
#[tokio::test]
async fn back_shows_nothing_private_after_logging_out() {
    let server = site().await;
    for scripts in [Scripts::On, Scripts::Off] {
        let window = Window { scripts, ..Window::moving() };
        let Some(visitor) = Visitor::at(&server, window).await else { return };
        visitor.log_in(MIA).await;
        visitor.open("/profile").await;
        visitor.log_out().await;

        visitor.back().await;
        visitor.wait_for_path("/login?next=%2Fprofile").await;
        assert!(!visitor.text("body").await.contains("Mia"), "{scripts:?}");
        visitor.leave().await;
    }
}

/// OUT-05: the browser does not show a cached page to the next person.
#[tokio::test]
async fn back_from_another_page_shows_nothing_private_once_the_session_has_ended() {
    let server = site_with(&[NO_CACHE]).await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.log_in(MIA).await;
    visitor.open("/profile").await;
    visitor.open("/assets/").await;
    database(&server).await.execute("DELETE FROM sessions").await;

    visitor.back().await;

    visitor.wait_for_path("/login?next=%2Fprofile").await;
    assert!(!visitor.text("body").await.contains("Mia"));
    let stored: [usize; 2] =
        visitor.eval("return [localStorage.length, sessionStorage.length]").await;
    assert_eq!(stored, [0, 0]);
    visitor.leave().await;
}

/// RED-05.
#[tokio::test]
async fn a_visitor_who_has_to_log_in_first_comes_back_to_where_they_were_going() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::moving()).await else { return };
    visitor.open("/profile?from=mail").await;
    visitor.wait_for_path("/login?next=%2Fprofile%3Ffrom%3Dmail").await;

    visitor.fill("email", MIA).await;
    visitor.fill("password", "not the password").await;
    visitor.submit("login-form").await;
    visitor.wait_for("document.querySelector('#login-form-error')").await;
    visitor.wait_for("document.activeElement.id == 'password'").await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;

    visitor.wait_for_path("/profile?from=mail").await;
    visitor.leave().await;
}

/// Uses a wide page in dark mode, where a newly loaded style sheet is easiest to miss.
#[tokio::test]
async fn a_page_that_htmx_made_looks_like_the_one_that_is_loaded() {
    let server = site().await;
    let window = Window { colours: Colours::Dark, ..Window::moving() };
    let Some(visitor) = Visitor::at(&server, window).await else { return };
    let outline = "return [...document.querySelectorAll('header *, main *')]\
        .map(it => it.localName + it.className + it.id + \
        Object.values(it.getBoundingClientRect().toJSON()))";
    visitor.log_in(MIA).await;
    visitor.wait_for_path("/profile").await;
    visitor.wait_for("!document.querySelector('.htmx-request')").await;
    let _removed: serde_json::Value =
        visitor.eval("return document.querySelector('#flash').replaceChildren()").await;
    let made: Vec<String> = visitor.eval(outline).await;

    visitor.open("/profile").await;

    assert_eq!(json!(made), json!(visitor.eval::<Vec<String>>(outline).await));
    visitor.leave().await;
}
