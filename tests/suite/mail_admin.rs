//! The page of mails: what waits, what failed and why, and sending again.

use tests::{Backend, Browser, TestApp, Transport};

use crate::{
    flows::{ADA, MIA, logged_in, make_admin, make_user, post},
    people,
};

/// Has the newest mail wait for half an hour, as if the mail server had refused it.
pub(crate) async fn keep_a_mail_waiting(app: &TestApp) {
    let newest = "(SELECT id FROM outbox ORDER BY created_at DESC, id LIMIT 1)";
    let sql = format!(
        "UPDATE outbox SET sent_at = NULL, failed_at = NULL, due_at = created_at + 1800000, \
         paused_at = created_at, last_error = '{WAITING}' WHERE id = {newest}"
    );
    assert_eq!(app.database.execute(&sql).await, 1);
}

/// The path that sends a waiting mail, from the page of the admin in this browser.
pub(crate) async fn mail_send_path(browser: &Browser) -> String {
    let body = browser.raw("GET", "/admin/mail").send().await.body;
    let paths = body.split('"').filter(|text| text.starts_with("/admin/mail/"));
    let path = paths.into_iter().find(|path| path.ends_with("/send"));
    path.unwrap_or("/admin/mail/nobodys/send").to_owned()
}

/// The error of a mail that a test keeps waiting.
pub(crate) const WAITING: &str = "the mail server replied 451";

/// An admin, and a user who asked for a link to a new password, which was sent.
async fn scene(backend: Backend, transport: Transport) -> (TestApp, Browser) {
    let app = TestApp::on(backend, |_| {}).await;
    make_admin(&app, ADA).await;
    make_user(&app, MIA).await;
    people::reset_path(&app, MIA).await;
    let mut admin = logged_in(&app, transport, ADA).await;
    people::mails_sent(&app).await;
    admin.visit("/admin/mail").await;
    (app, admin)
}

/// Has the mail to the user be given up with this error.
async fn give_up(app: &TestApp, kind: &str, error: &str) {
    let sql = format!(
        "UPDATE outbox SET sent_at = NULL, failed_at = created_at, last_error = '{error}', \
         kind = '{kind}' WHERE recipient = '{MIA}'"
    );
    assert_eq!(app.database.execute(&sql).await, 1);
}

async fn mails_to(app: &TestApp, email: &str) -> usize {
    people::mails_sent(app).await;
    app.mailbox.all_to(email).await.len()
}

#[tokio::test]
async fn a_mail_that_waits_is_listed_and_sent_now() {
    for backend in Backend::available() {
        for transport in Transport::ALL {
            let (app, mut admin) = scene(backend, transport).await;
            assert!(admin.text().contains("No emails here"), "{transport:?}: {}", admin.text());
            keep_a_mail_waiting(&app).await;
            let before = mails_to(&app, MIA).await;

            let page = admin.visit("/admin/mail").await;
            let text = page.visible_text();
            for part in ["Waiting 1", "Failed 0", MIA, "Next attempt:", "refused", "451"] {
                assert!(text.contains(part), "{transport:?}: no {part} in {text}");
            }
            let form = page.dom().find("form[id^='send-mail-form']").unwrap().attr("id").unwrap();
            let form = form.to_owned();
            let page = admin.form(&form).submit().await;

            assert_eq!(page.path(), "/admin/mail", "{transport:?}");
            assert!(!page.flash().is_empty(), "{transport:?}");
            app.mailbox.nth_to(MIA, before + 1).await;
        }
    }
}

/// OUT-08, RST-14: a class of the cause, and neither what the mail says nor its link.
#[tokio::test]
async fn a_mail_that_failed_says_why_and_not_what_it_said() {
    let (app, mut admin) = scene(Backend::Sqlite, Transport::Plain).await;
    for (error, cause) in [
        ("the mail server replied 550 5.1.1", "The mail server refused it."),
        ("no connection to the mail server: refused", "could not be reached"),
        ("too late", "It expired"),
    ] {
        give_up(&app, "password_reset", error).await;

        let page = admin.visit("/admin/mail?state=failed").await;

        let text = page.visible_text();
        assert!(text.contains(cause) && text.contains("Failed 1"), "{error}: {text}");
        assert!(!page.body().contains("/reset-password/"), "{error}");
    }
}

#[tokio::test]
async fn a_link_that_could_not_be_sent_is_made_anew() {
    for backend in Backend::available() {
        for transport in Transport::ALL {
            let (app, mut admin) = scene(backend, transport).await;
            give_up(&app, "password_reset", "the mail server replied 550").await;
            let before = mails_to(&app, MIA).await;
            let page = admin.visit("/admin/mail?state=failed").await;
            let form = page.dom().find("form[id^='send-mail-form']").unwrap().attr("id").unwrap();
            let form = form.to_owned();

            admin.form(&form).submit().await;

            let mail = app.mailbox.nth_to(MIA, before + 1).await;
            assert!(mail.find_link("/reset-password/").is_some(), "{transport:?}");
            let by = "SELECT a.email FROM security_events e JOIN users a ON a.id = e.actor_id \
                 WHERE e.event = 'password_reset_requested' AND e.actor = 'admin'";
            assert_eq!(app.database.texts(by).await, [ADA], "{transport:?}");
        }
    }
}

/// A mail without content that no use case can make again.
#[tokio::test]
async fn a_mail_that_cannot_be_made_anew_says_so() {
    let (app, mut admin) = scene(Backend::Sqlite, Transport::Plain).await;
    keep_a_mail_waiting(&app).await;
    let path = mail_send_path(&admin).await;
    give_up(&app, "password_changed", "the mail server replied 550").await;
    let before = app.database_digest().await;

    let page = admin.visit("/admin/mail?state=failed").await;
    assert!(page.visible_text().contains("be sent again"), "{}", page.visible_text());
    assert!(page.dom().find("form[id^='send-mail-form']").is_none());
    assert_eq!(post(&admin, &path, &[]).await.status(), 409);
    assert_eq!(post(&admin, "/admin/mail/x/send", &[]).await.status(), 404);

    assert_eq!(app.database_digest().await, before);
}

#[tokio::test]
async fn a_test_mail_comes_to_the_admin() {
    for transport in Transport::ALL {
        let (app, mut admin) = scene(Backend::Sqlite, transport).await;
        assert!(admin.text().contains(ADA), "{transport:?}: it says where it goes");
        let before = mails_to(&app, ADA).await;

        let page = admin.form("test-mail-form").submit().await;
        assert_eq!(page.path(), "/admin/mail", "{transport:?}");

        let mail = app.mailbox.nth_to(ADA, before + 1).await;
        assert_eq!(mail.subject, "Test email from Latchkey", "{transport:?}");
        assert_eq!(mails_to(&app, MIA).await, 1, "{transport:?}: the only mail to this address");
    }
}
