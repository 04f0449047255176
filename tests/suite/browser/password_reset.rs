//! Setting a new password with the mailed link.

use tests::{Mailbox, ServerProcess, Window};

use super::{MIA, PASSWORD, Visitor, add_account};

const NEW: &str = "two geese on the lake";

/// RST-10: the page of the link sends its address to no other site.
#[tokio::test]
async fn a_mailed_link_sets_a_new_password_and_is_told_to_no_other_site() {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let server = ServerProcess::start(&[("LATCHKEY__MAIL__URL", &mail)]).await;
    add_account(&server, MIA, "Mia").await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.open("/login").await;
    visitor.mark().await;
    visitor.fill("email", "mia").await;
    visitor.click("#login-form [formaction]").await;
    visitor
        .wait_for("document.activeElement.id == 'email' && document.querySelector('#email-error')")
        .await;
    visitor.fill("email", MIA).await;
    visitor.click("#login-form [formaction]").await;
    visitor.wait_for_path("/forgot-password/sent").await;
    assert!(visitor.is_marked().await && visitor.text("main").await.contains(MIA));
    visitor.submit("resend-reset-form").await;
    visitor.wait_for("document.querySelector('#resend-reset-form [role=alert]')").await;
    let link = mailbox.wait_for_link(MIA, "/reset-password/").await.link("/reset-password/");

    visitor.open(&link).await;
    let foreign: Vec<String> = visitor
        .eval(
            "return performance.getEntriesByType('resource').map(it => it.name)\
             .filter(it => !it.startsWith(origin + '/assets/'))",
        )
        .await;
    assert_eq!(foreign, Vec::<String>::new());
    visitor.click("#nav .brand").await;
    visitor.wait_for_path("/").await;
    assert_eq!(visitor.eval::<String>("return document.referrer").await, "");

    visitor.open(&link).await;
    visitor.mark().await;
    visitor.fill("password", "short").await;
    visitor.submit("reset-password-form").await;
    visitor.wait_for("document.querySelector('#password-error')").await;
    visitor.fill("password", NEW).await;
    visitor.submit("reset-password-form").await;
    visitor.wait_for_path("/login").await;
    assert!(visitor.is_marked().await);
    visitor.back().await;
    visitor.wait_for("document.querySelector('h1').innerText.includes('no longer')").await;
    assert_eq!(visitor.path().await, link);

    logs_in_by_the_new_password_alone(&visitor).await;
    visitor.leave().await;
}

async fn logs_in_by_the_new_password_alone(visitor: &Visitor) {
    visitor.open("/login").await;
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for("document.querySelector('#login-form-error')").await;
    visitor.fill("password", NEW).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path("/profile").await;
}
