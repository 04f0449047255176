//! A link to a new password is for the present owner of the address, not for the former one.

use auth::Client;
use domain::EmailAddress;
use tests::{Backend, TestApp, Transport};

use super::reset;
use crate::{
    fault_steps::are_blocked,
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, make_user},
    people::{self, mails_sent, newest_link, reset_path},
};

const THIEF: &str = "eve@evil.test";
const RESET: &str = "/reset-password/";

/// LOG-13, EML-02: a thief asks for a link at the moment in which the owner takes the
/// account back.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_the_account_loses_at_this_moment_is_mailed_no_link() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_user(&app, MIA).await;
        people::undo_path(&app, MIA, THIEF).await;
        let owners = reset_path(&app, THIEF).await;
        mails_sent(&app).await;
        let before = app.mailbox.count_to(THIEF).await;
        let (asked, thief) = (app.idle_accounts().await, EmailAddress::parse(THIEF).unwrap());
        let ask = Box::pin(async move {
            let client = Client::new([192, 0, 2, 1].into(), "tests");
            asked.credentials().request_password_reset(&thief, &client).await
        });
        let back = format!("UPDATE users SET email = '{MIA}' WHERE email = '{THIEF}'");

        let held = app.database.hold(&back).await;
        let asked = tokio::spawn(ask);
        if backend == Backend::Postgres {
            are_blocked(&app.database, 1).await;
        }
        held.commit().await;
        asked.await.unwrap().unwrap();

        assert_eq!(reset(&app, &owners, NEW_PASSWORD).await, 303, "{backend:?}: the owner's own");
        mails_sent(&app).await;
        assert_eq!(app.mailbox.count_to(THIEF).await, before + 1, "{backend:?}");
        let mail = app.mailbox.latest_to(THIEF).await;
        assert_eq!(mail.find_link(RESET), None, "{backend:?}: {}", mail.text);
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{backend:?}");
    }
}

/// EML-03, RST-06: the owner of the mailbox of a mistyped address neither sets the password of the
/// account nor proves its address.
#[tokio::test]
async fn a_link_to_a_mistyped_address_is_void_once_that_is_mended() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;
        let form = browser.form("signup-form").fill("email", THIEF).fill("name", "Mia");
        form.fill("password", PASSWORD).submit().await;
        let link = reset_path(&app, THIEF).await;
        browser.visit("/mailbox").await;
        browser.form("correct-email-form").fill("email", MIA).submit().await;
        newest_link(&app, MIA, "/confirm-address/").await;

        assert_eq!(reset(&app, &link, NEW_PASSWORD).await, 410, "{transport:?}");

        assert!(can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        let sql = "SELECT email FROM users WHERE confirmed_at IS NULL";
        assert_eq!(app.database.texts(sql).await, [MIA], "{transport:?}");
    }
}
