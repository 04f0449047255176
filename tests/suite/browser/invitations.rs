//! Invitations in a real browser, in both languages: the list for admins and the page of the mailed
//! link.

use tests::{Mailbox, Transport, Window};
use thirtyfour::Key;

use super::{PASSWORD, ROOT, Visitor, add_account, factors::sound_and_narrow, promote};

const LIST: &str = "/admin/invitations";
const LINK: &str = "/invitation/";
const GUEST: &str = "ida@example.test";

/// INV-01, INV-03, OUT-11.
#[tokio::test]
async fn axe_finds_nothing_on_the_pages_from_invitation_to_account() {
    for language in ["en", "de"] {
        let mailbox = Mailbox::start().await;
        let mail = format!("smtp://{}", mailbox.address());
        let server = super::site_with(&[("LATCHKEY__MAIL__URL", &mail)]).await;
        add_account(&server, ROOT, "Root").await;
        promote(&server, ROOT).await;
        let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
        visitor.speak(language).await;
        visitor.log_in(ROOT).await;
        visitor.open(LIST).await;
        visitor.fill("email", "ida").await;
        visitor.submit("invite-form").await;
        visitor.wait_for("document.querySelector('#email-error')").await;
        sound_and_narrow(&visitor, &format!("{LIST} with an error, {language}")).await;
        visitor.fill("email", GUEST).await;
        visitor.submit("invite-form").await;
        visitor.wait_for("document.querySelector('tbody .actions')").await;
        visitor.click("[id^=resend-invitation-form] button").await;
        visitor.wait_for("document.querySelector('tbody .error')").await;
        sound_and_narrow(&visitor, &format!("{LIST} with a refusal, {language}")).await;
        visitor.log_out().await;

        let link = mailbox.wait_for_link(GUEST, LINK).await.link(LINK);
        visitor.open(&link).await;
        sound_and_narrow(&visitor, &format!("{LINK}, {language}")).await;
        visitor.fill("name", "www.example.org").await;
        visitor.fill("password", "short").await;
        visitor.press(Key::Enter).await;
        visitor.wait_for("document.querySelector('.summary')").await;
        sound_and_narrow(&visitor, &format!("{LINK} with errors, {language}")).await;
        visitor.fill("name", "Ida").await;
        visitor.fill("password", PASSWORD).await;
        visitor.press(Key::Enter).await;
        visitor.wait_for_path("/profile").await;
        visitor.open(&link).await;
        sound_and_narrow(&visitor, &format!("{LINK} of the own account, {language}")).await;
        visitor.open("/invitation/gone").await;
        sound_and_narrow(&visitor, &format!("{LINK} that is gone, {language}")).await;
        visitor.leave().await;
    }
}

/// INV-01: an admin who opens an invitation of another person stays on the page while typing.
#[tokio::test]
async fn leaving_a_field_keeps_the_page_and_its_values() {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let server = super::site_with(&[("LATCHKEY__MAIL__URL", &mail)]).await;
    add_account(&server, ROOT, "Root").await;
    promote(&server, ROOT).await;
    let mut admin = server.browser(Transport::Plain);
    admin.visit("/login").await;
    admin.form("login-form").fill("email", ROOT).fill("password", PASSWORD).submit().await;
    admin.visit(LIST).await;
    admin.form("invite-form").fill("email", GUEST).submit().await;
    let link = mailbox.wait_for_link(GUEST, LINK).await.link(LINK);
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(ROOT).await;
    visitor.open(&link).await;
    visitor.mark().await;

    visitor.press("Ida" + Key::Tab).await;
    visitor
        .wait_for("performance.getEntriesByName(location.origin + '/signup/check').length")
        .await;
    visitor.press(PASSWORD + Key::Tab).await;

    assert!(visitor.is_marked().await, "{}", visitor.path().await);
    assert_eq!(visitor.find("#name").await.value().await.unwrap().unwrap(), "Ida");
    assert_eq!(visitor.find("#password").await.value().await.unwrap().unwrap(), PASSWORD);
    visitor.leave().await;
}
