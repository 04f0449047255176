//! The site is usable with keys alone: Tab follows the reading order, the focus is always visible,
//! and Enter sends forms.

use tests::Window;
use thirtyfour::Key;

use super::{PASSWORD, Visitor, site};

#[tokio::test]
async fn a_visitor_with_a_keyboard_alone_signs_up_logs_in_and_logs_out() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };

    visitor.open("/").await;
    tab_to(&visitor, "a[href='/signup']").await;
    visitor.press(Key::Enter).await;
    visitor.wait_for_path("/signup").await;
    assert_eq!(visitor.focused().await, "email");

    visitor.press("keys@example.test" + Key::Tab).await;
    assert_eq!(visitor.focused().await, "name");
    visitor.press("Keys" + Key::Tab).await;
    assert_eq!(visitor.focused().await, "password");
    visitor.press(PASSWORD + Key::Enter).await;
    visitor.wait_for_path("/login").await;

    visitor.wait_for("document.activeElement.id == 'password'").await;
    assert_eq!(visitor.find("#email").await.value().await.unwrap().unwrap(), "keys@example.test");
    visitor.press(PASSWORD + Key::Enter).await;
    visitor.wait_for_path("/profile").await;

    visitor.wait_for("document.activeElement.id == 'main'").await;
    visitor.open("/profile").await;
    tab_to(&visitor, "#account-menu summary").await;
    visitor.press(Key::Enter).await;
    tab_to(&visitor, "#logout-form button").await;
    visitor.press(Key::Escape).await;
    assert!(visitor.eval::<bool>("return document.activeElement.matches('summary')").await);
    assert!(visitor.eval::<bool>("return !document.querySelector('#account-menu').open").await);
    visitor.press(Key::Enter).await;
    tab_to(&visitor, "#logout-form button").await;
    visitor.press(Key::Space).await;
    visitor.wait_for_path("/").await;
    visitor.wait_for_log_in(false).await;
    visitor.leave().await;
}

/// The skip link is first and leads past the navigation bar.
#[tokio::test]
async fn the_first_key_offers_the_way_to_the_content() {
    let server = site().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.open("/").await;

    visitor.press(Key::Tab).await;
    assert_eq!(visitor.eval::<String>("return document.activeElement.hash").await, "#main");
    let corner: f64 =
        visitor.eval("return document.activeElement.getBoundingClientRect().height").await;
    assert!(corner >= 24.0, "{corner}");

    visitor.press(Key::Enter).await;
    visitor.press(Key::Tab).await;
    assert!(visitor.eval::<bool>("return document.activeElement.matches('main *')").await);
    visitor.leave().await;
}

/// Presses Tab until the focus is on `selector`. The focus must be visible at every stop.
async fn tab_to(visitor: &Visitor, selector: &str) {
    for _ in 0..20 {
        visitor.press(Key::Tab).await;
        let seen: bool = visitor
            .eval(
                "const s = getComputedStyle(document.activeElement); \
                 return s.outlineStyle != 'none' && parseFloat(s.outlineWidth) >= 2",
            )
            .await;
        assert!(seen, "{} does not show its focus", visitor.focused().await);
        let matches = format!("return document.activeElement.matches({selector:?})");
        if visitor.eval(&matches).await {
            return;
        }
    }
    panic!("Tab does not reach {selector}");
}
