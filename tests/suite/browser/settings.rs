//! The settings, the page that waits for a mail, and the question for the password, in a real
//! browser.

use tests::{Mailbox, Scripts, Transport, Window};
use thirtyfour::Key;

use super::{
    MIA, NO_CACHE, PASSWORD, Visitor,
    access::{fits, is_sound},
    database, site_with,
};

use crate::cast::NEW_MIA;

const PAGES: &[&str] =
    &["profile", "password", "email", "sessions", "security", "data", "data/delete"];

/// WCAG 2.2, 1.4.10 (reflow).
async fn fits_narrow(visitor: &Visitor, state: &str) {
    let narrow = Window { width: 320, height: 640, ..Window::default() };
    visitor.chromium().emulate(narrow).await;
    fits(visitor, state).await;
    visitor.chromium().emulate(Window::default()).await;
}

/// OUT-11.
#[tokio::test]
async fn axe_finds_nothing_in_the_settings_and_nothing_sticks_out() {
    let server = site_with(&[]).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(MIA).await;
    for page in PAGES {
        let path = format!("/settings/{page}");
        visitor.open(&path).await;
        is_sound(&visitor, &path).await;
        fits_narrow(&visitor, &path).await;
    }
    visitor.leave().await;
}

/// OUT-11: the page with the state of the mail, which updates by itself, and says that the sign-up
/// was finished on another device.
#[tokio::test]
async fn a_mail_is_seen_arriving_and_a_sign_up_finished_elsewhere() {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let confirmed = ("LATCHKEY__ACCOUNTS__SIGNUP", "confirmed");
    let server = tests::ServerProcess::start(&[confirmed, ("LATCHKEY__MAIL__URL", &mail)]).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.open("/signup").await;
    visitor.mark().await;
    visitor.fill("email", MIA).await;
    visitor.submit("signup-form").await;

    visitor.wait_for("location.pathname == '/mailbox'").await;
    visitor.wait_for("document.querySelector('#mail-state[hx-trigger=\"every 4s\"]')").await;
    assert!(visitor.is_marked().await, "the page was not reloaded");
    is_sound(&visitor, "/mailbox").await;
    fits_narrow(&visitor, "/mailbox").await;
    // Of two refused forms only the one that was sent last shows an error.
    let errors = "return [...document.querySelectorAll('main .error')].map(it => it.id)";
    for (form, field) in
        [("code-form", "code"), ("correct-email-form", "email"), ("code-form", "code")]
    {
        visitor.fill(field, "x").await;
        visitor.submit(form).await;
        visitor.wait_for(&format!("document.querySelector('#{field}-error')")).await;
        assert_eq!(visitor.eval::<Vec<String>>(errors).await, [format!("{field}-error")]);
        is_sound(&visitor, &format!("/mailbox, {form}")).await;
    }
    let link = mailbox.latest_to(MIA).await.link("/new-account/");
    let mut phone = server.browser(Transport::Plain);
    phone.visit(&link).await;
    let form = phone.form("signup-form").fill("name", "Mia");
    assert!(form.fill("password", PASSWORD).submit().await.is_logged_in());
    visitor.wait_for("!document.querySelector('#mail-state')").await;
    assert!(visitor.is_marked().await, "the page was not reloaded");
    is_sound(&visitor, "the end of /mailbox").await;
    visitor.log_in(MIA).await;
    visitor.leave().await;
}

/// OUT-11: the page behind the link of a sign-up.
#[tokio::test]
async fn a_sign_up_ends_with_a_name_and_a_password() {
    let mailbox = Mailbox::start().await;
    let mail = format!("smtp://{}", mailbox.address());
    let confirmed = ("LATCHKEY__ACCOUNTS__SIGNUP", "confirmed");
    let server = tests::ServerProcess::start(&[confirmed, ("LATCHKEY__MAIL__URL", &mail)]).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.open("/signup").await;
    visitor.fill("email", MIA).await;
    visitor.submit("signup-form").await;
    visitor.wait_for("location.pathname == '/mailbox'").await;

    visitor.open(&mailbox.wait_for_link(MIA, "/new-account/").await.link("/new-account/")).await;
    is_sound(&visitor, "/new-account/{token}").await;
    fits_narrow(&visitor, "/new-account/{token}").await;
    for (field, text) in [("name", "Mia"), ("password", PASSWORD)] {
        visitor.fill(field, text).await;
    }
    visitor.submit("signup-form").await;

    visitor.wait_for("location.pathname == '/profile'").await;
    visitor.leave().await;
}

/// Makes every session's recent log-in expire.
async fn grow_old(server: &tests::ServerProcess) {
    database(server).await.execute("UPDATE sessions SET authenticated_at = 0").await;
}

/// EML-01: the question appears over the page and works with keys alone. The typed form is then
/// sent.
#[tokio::test]
async fn the_password_is_asked_for_over_the_page_and_nothing_typed_is_lost() {
    let server = site_with(&[NO_CACHE]).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(MIA).await;
    visitor.open("/settings/email").await;
    visitor.mark().await;
    visitor.fill("email", NEW_MIA).await;
    grow_old(&server).await;

    visitor.press(Key::Enter).await;
    visitor.wait_for("document.querySelector('dialog')?.open").await;
    assert_eq!(visitor.focused().await, "password");
    is_sound(&visitor, "the question").await;
    fits_narrow(&visitor, "the question").await;
    visitor.press(Key::Escape).await;
    visitor.wait_for("!document.querySelector('dialog')?.open").await;
    visitor.wait_for("document.activeElement.matches('#email-form [type=submit]')").await;
    let typed = visitor.find("#email").await.value().await.unwrap();
    assert_eq!(typed.as_deref(), Some(NEW_MIA));

    visitor.submit("email-form").await;
    visitor.wait_for("document.querySelector('dialog')?.open").await;
    visitor.fill("password", "a duck on the truck").await;
    visitor.press(Key::Enter).await;
    visitor.wait_for("document.querySelector('dialog #password-error, dialog [role=alert]')").await;
    visitor.fill("password", PASSWORD).await;
    visitor.press(Key::Enter).await;
    visitor.wait_for("document.querySelector('#flash').innerText").await;
    assert!(visitor.is_marked().await, "the page was not reloaded");
    assert_eq!(
        visitor.eval::<usize>("return document.querySelectorAll('dialog[open]').length").await,
        0
    );
    let owed = "SELECT email FROM address_proofs WHERE purpose = 'email_change'";
    assert_eq!(database(&server).await.texts(owed).await, [NEW_MIA]);
    visitor.leave().await;
}

/// EML-01: without scripts the question is a page.
#[tokio::test]
async fn without_scripts_the_password_is_asked_for_on_a_page() {
    let server = site_with(&[NO_CACHE]).await;
    let off = Window { scripts: Scripts::Off, ..Window::default() };
    let Some(visitor) = Visitor::at(&server, off).await else { return };
    visitor.log_in(MIA).await;
    visitor.open("/settings/email").await;
    visitor.fill("email", NEW_MIA).await;
    grow_old(&server).await;

    visitor.submit("email-form").await;
    visitor.wait_for("document.querySelector('#sudo-form')").await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("sudo-form").await;

    visitor.wait_for_path("/settings/email").await;
    assert!(visitor.text("#flash").await.contains("We sent an email"));
    visitor.leave().await;
}
