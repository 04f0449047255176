//! A scanner that opens every link in every mail before its owner does.

use auth::mail::MailKind;
use domain::Language;
use tests::{TestApp, Transport};

use super::{causes::Scene, confirmed_app};
use crate::{flows::NEW_PASSWORD, people};

/// Each kind of mail with a link that works once: its path, and the form on its page.
const ONCE: &[(MailKind, &str, &str)] = &[
    (MailKind::PasswordReset, "/reset-password/", "reset-password-form"),
    (MailKind::Invitation, "/reset-password/", "reset-password-form"),
    (MailKind::TakenBack, "/reset-password/", "reset-password-form"),
    (MailKind::FinishSignUp, "/new-account/", "signup-form"),
    (MailKind::UserInvitation, "/invitation/", "signup-form"),
    (MailKind::ConfirmAddress, "/confirm-address/", "not-my-password-form"),
    (MailKind::ConfirmEmail, "/confirm-email/", "confirm-email-form"),
    (MailKind::EmailChanged, "/undo-email/", "undo-email-form"),
    (MailKind::PasswordChanged, "/not-me/", "not-me-form"),
    (MailKind::NewDevice, "/not-me/", "not-me-form"),
    (MailKind::PasskeyCopied, "/not-me/", "not-me-form"),
    (MailKind::DeletionRequested, "/not-me/", "not-me-form"),
];

/// Opens the link of this kind to `email` and sends the form there.
async fn use_link(app: &TestApp, transport: Transport, email: &str, (prefix, form): (&str, &str)) {
    let path = people::newest_link(app, email, prefix).await;
    let mut browser = app.browser(transport);
    let page = browser.visit(&path).await;
    assert_eq!(page.status(), 200, "{transport:?} {email}: {}", page.visible_text());
    let form = browser.form(form);
    let form = match prefix {
        "/reset-password/" => form.fill("password", NEW_PASSWORD),
        "/new-account/" | "/invitation/" => form.fill("name", "Mia").fill("password", NEW_PASSWORD),
        _ => form,
    };
    let page = form.submit().await;
    assert_eq!(page.status(), 200, "{transport:?} {email}: {}", page.visible_text());
    let again = browser.raw("GET", &path).send().await;
    assert_eq!(again.status(), 410, "{transport:?} {email}: it works once");
}

/// RST-05, EML-06, LOG-13: Mailpit asks by HEAD, other scanners by GET.
#[tokio::test]
async fn a_scanner_that_opens_every_link_spends_none() {
    let Some(app) = confirmed_app().await else { return };
    let mut scenes = Vec::new();
    for (number, (kind, prefix, form)) in ONCE.iter().copied().enumerate() {
        for transport in Transport::ALL {
            let email = format!("mia{number}-{transport:?}@example.test").to_lowercase();
            let scene = Scene { app: &app, email, language: Language::English };
            scene.cause(kind).await;
            scenes.push((scene.email, transport, (prefix, form)));
        }
    }
    let before = app.database_digest().await;

    let mailpit = app.mailbox.mailpit();
    let mut opened = 0;
    for id in mailpit.ids().await {
        for (link, _) in [mailpit.open_links(&id).await, mailpit.open_links(&id).await].concat() {
            let get = app
                .browser(Transport::Plain)
                .raw("GET", &link[app.public_url().as_str().len() - 1..]);
            get.send().await;
            opened += 1;
        }
    }

    assert!(opened >= 2 * scenes.len(), "{opened} links were opened");
    assert_eq!(app.database_digest().await, before);
    for (email, transport, link) in scenes {
        use_link(&app, transport, &email, link).await;
    }
}
