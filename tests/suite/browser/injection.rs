//! Text that users type stays text wherever it is shown: it runs no script and causes no request.

use serde_json::json;
use tests::{ServerProcess, Window};
use thirtyfour::Key;

use super::{NO_CACHE, PASSWORD, ROOT, Visitor, add_account, database, promote};
use crate::hostile_text::PAYLOADS;

/// OUT-01, OUT-02: as a name, on every page that shows names.
#[tokio::test]
async fn a_hostile_name_is_shown_as_it_was_typed() {
    let server = ServerProcess::start(&[NO_CACHE]).await;
    add_account(&server, ROOT, "Root").await;
    promote(&server, ROOT).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    let agent = json!({"userAgent": PAYLOADS.join(" ")});
    visitor.chromium().devtools("Network.setUserAgentOverride", agent).await;
    visitor.log_in(ROOT).await;
    let database = database(&server).await;

    for &payload in PAYLOADS {
        let name = payload.replace('\'', "''");
        database.execute(&format!("UPDATE users SET name = '{name}'")).await;
        visitor.open("/profile").await;
        assert!(visitor.text("h1").await.contains(payload), "{payload}");
        nothing_has_happened(&visitor, payload).await;
        visitor.open("/admin/users").await;
        assert!(visitor.text("main").await.contains(payload), "{payload}");
        nothing_has_happened(&visitor, payload).await;
        for page in ["profile", "sessions", "security", "data", "email", "password"] {
            visitor.open(&format!("/settings/{page}")).await;
            nothing_has_happened(&visitor, payload).await;
        }
    }

    super::add_account(&server, super::MIA, "Mia").await;
    let name = format!("UPDATE users SET name = '{}'", PAYLOADS[0].replace('\'', "''"));
    database.execute(&name).await;
    visitor.open("/admin/users?q=mia").await;
    visitor.open_user().await;
    nothing_has_happened(&visitor, "the page of a user").await;
    visitor.change_role("admin").await;
    visitor.wait_for("document.querySelector('[id^=role-form] [role=alert]')").await;
    nothing_has_happened(&visitor, "swapped").await;
    visitor.leave().await;
}

/// OUT-01, OUT-02: as a value that a form shows again with its errors.
#[tokio::test]
async fn hostile_input_comes_back_as_it_was_typed() {
    let server = ServerProcess::start(&[]).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.open("/signup").await;

    for &payload in PAYLOADS {
        visitor.fill("email", payload).await;
        visitor.fill("name", payload).await;
        visitor.fill("password", payload).await;
        let _noted: bool = visitor
            .eval("document.querySelector('#signup-form').dataset.mark = 'x'; return true")
            .await;
        // Uses a key, because an error message that appears at this moment could move the button.
        visitor.press(Key::Enter).await;
        visitor.wait_for("!document.querySelector('#signup-form').dataset.mark").await;
        let email = visitor.find("#email").await.value().await.unwrap();
        assert_eq!(email.as_deref(), Some(payload));
        nothing_has_happened(&visitor, payload).await;
    }
    for payload in PAYLOADS.iter().copied().take(6) {
        let query: String = url::form_urlencoded::byte_serialize(payload.as_bytes()).collect();
        visitor.open(&format!("/login?next={query}")).await;
        nothing_has_happened(&visitor, payload).await;
    }
    visitor.leave().await;
}

/// OUT-01: an account that was created with a hostile form is harmless on every later page.
#[tokio::test]
async fn a_visitor_with_a_hostile_name_signs_up_and_logs_in_as_all_do() {
    let server = ServerProcess::start(&[]).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    let name = PAYLOADS[2];
    visitor.open("/signup").await;
    visitor.fill("email", "o'hara+<b>@example.test").await;
    visitor.submit("signup-form").await;
    visitor.wait_for("document.querySelector('#email-error')").await;
    visitor.fill("email", "o'hara@example.test").await;
    visitor.fill("name", name).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("signup-form").await;
    visitor.wait_for_path("/login").await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path("/profile").await;

    assert!(visitor.text("h1").await.contains(name));
    assert!(visitor.text("main").await.contains("o'hara@example.test"));
    nothing_has_happened(&visitor, name).await;
    visitor.leave().await;
}

/// Asserts that no script has run, that only files of this site were requested, and that the
/// navigation bar is intact. An open dialog would make this query fail, and a violation of the
/// content security policy would appear in the console.
async fn nothing_has_happened(visitor: &Visitor, payload: &str) {
    visitor.wait_for("document.readyState == 'complete' && window.htmx").await;
    let harmed: bool = visitor
        .eval(
            "return 'pwned' in window || null != document.querySelector('hx-partial, base, main script') \
             || document.querySelectorAll('#nav a[href=\"/\"]').length != 1 \
             || document.querySelectorAll('h1').length != 1 \
             || performance.getEntriesByType('resource').some(it => it.name.includes('pwned'))",
        )
        .await;
    assert!(!harmed, "{payload}");
    assert_eq!(visitor.complaints().await, Vec::<String>::new(), "{payload}");
}
