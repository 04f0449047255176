//! Sign-up, log-in, log-out and a new password, with JavaScript disabled.

use tests::{Mailbox, Scripts, ServerProcess, Window};

use super::{PASSWORD, Visitor};

const EMAIL: &str = "plain@example.test";
const NEW: &str = "two geese on the lake";

#[tokio::test]
async fn an_account_is_made_used_and_recovered_without_scripts() {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let server = ServerProcess::start(&[("LATCHKEY__MAIL__URL", &mail)]).await;
    let off = Window { scripts: Scripts::Off, ..Window::default() };
    let Some(visitor) = Visitor::at(&server, off).await else { return };

    visitor.open("/signup").await;
    assert!(!visitor.eval::<bool>("return document.documentElement.matches('.js')").await);
    assert!(!visitor.find("[data-reveal]").await.is_displayed().await.unwrap());
    visitor.fill("email", EMAIL).await;
    visitor.submit("signup-form").await;
    visitor.wait_for("document.querySelector('#name-error')").await;
    assert_eq!(visitor.focused().await, "name");
    visitor.fill("name", "Plain").await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("signup-form").await;
    visitor.wait_for_path("/login").await;
    assert!(!visitor.text("#flash").await.is_empty());

    visitor.open("/profile").await;
    visitor.wait_for_path("/login?next=%2Fprofile").await;
    log_in(&visitor, PASSWORD).await;
    assert!(visitor.text("h1").await.contains("Plain"));
    visitor.log_out().await;
    visitor.wait_for_path("/").await;

    visitor.open("/login").await;
    visitor.fill("email", EMAIL).await;
    visitor.click("#login-form [formaction]").await;
    visitor.wait_for_path("/forgot-password/sent").await;
    visitor
        .open(&mailbox.wait_for_link(EMAIL, "/reset-password/").await.link("/reset-password/"))
        .await;
    visitor.fill("password", NEW).await;
    visitor.submit("reset-password-form").await;
    visitor.wait_for_path("/login").await;
    log_in(&visitor, NEW).await;
    visitor.leave().await;
}

async fn log_in(visitor: &Visitor, password: &str) {
    visitor.fill("email", EMAIL).await;
    visitor.fill("password", password).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path("/profile").await;
}
