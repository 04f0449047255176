//! What is left when the grace is over: nothing of the person.

use std::time::Duration;

use auth::Order;
use tests::{Backend, TestApp, Transport};

use super::{GRACE, app, asked_by, make_owner};
use crate::{
    flows::{ADA, MIA, can_log_in, logged_in, make_admin, make_user, post},
    people,
    user_command::{add_row, tables_of_users, traces},
};

const MILLISECOND: Duration = Duration::from_millis(1);
const ALMOST: Duration = Duration::from_millis(14 * 24 * 3_600_000 - 1);
/// How long a mail that was sent is on record.
const MAIL_MEMORY: Duration = Duration::from_hours(30 * 24);

#[tokio::test]
async fn an_account_lasts_until_the_grace_is_over_and_no_longer() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_owner(&app, MIA).await;
        asked_by(&app, MIA).await;
        app.clock.advance(ALMOST);
        app.accounts().operations().sweep().await.unwrap();
        assert_eq!(app.count("users").await, 1, "{backend:?}");

        app.clock.advance(MILLISECOND);
        app.accounts().operations().sweep().await.unwrap();

        assert_eq!(app.count("users").await, 0, "{backend:?}");
        people::mails_sent(&app).await;
        let mail = app.mailbox.latest_to(MIA).await;
        assert_eq!(mail.subject, "Your Latchkey account is deleted", "{backend:?}");
        assert!(mail.text.starts_with("Hello mia,"), "{backend:?}: {}", mail.text);
        let count = app.mailbox.count_to(MIA).await;
        app.accounts().operations().sweep().await.unwrap();
        people::mails_sent(&app).await;
        assert_eq!(app.mailbox.count_to(MIA).await, count, "{backend:?}");
        let sql = "SELECT event FROM security_events WHERE user_id IS NULL \
            AND ip_address = '' AND user_agent = '' AND request_id = ''";
        let nobodys = app.database.texts(sql).await;
        assert_eq!(nobodys.len(), app.count("security_events").await, "{backend:?}");
        assert!(nobodys.contains(&"deletion_requested".to_owned()), "{nobodys:?}");
    }
}

/// A table that names users, or holds their address, is emptied of them too.
#[tokio::test]
async fn nothing_of_the_person_is_left_but_the_address_of_the_last_mail_for_a_month() {
    let app = app().await;
    make_owner(&app, "eve@example.test").await;
    asked_by(&app, MIA).await;
    let tables = tables_of_users(&app).await;
    for (table, column) in &tables {
        add_row(&app, table, column).await;
    }
    app.clock.advance(GRACE);

    app.accounts().operations().sweep().await.unwrap();

    people::mails_sent(&app).await;
    assert_eq!(traces(&app).await, ["outbox recipient"]);
    let names = "SELECT 'here' FROM outbox WHERE recipient_name IS NOT NULL OR text_body <> ''";
    assert_eq!(app.database.texts(names).await, Vec::<String>::new());
    for (table, column) in tables {
        let rows = format!("SELECT 'row' FROM {table} WHERE {column} IS NOT NULL");
        let eve = "SELECT id FROM users";
        let others = format!("{rows} AND {column} NOT IN ({eve})");
        assert_eq!(app.database.texts(&others).await, Vec::<String>::new(), "{table}");
    }
    app.clock.advance(MAIL_MEMORY + MILLISECOND);
    app.accounts().operations().sweep().await.unwrap();
    assert_eq!(traces(&app).await, Vec::<String>::new());
    make_user(&app, MIA).await;
}

/// Mails to addresses that the person had or asked for are deleted; mails to a present owner of
/// such an address stay.
#[tokio::test]
async fn mails_to_every_address_of_the_person_go_and_those_to_others_stay() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_user(&app, MIA).await;
        people::real_path(&app, "/undo-email/{token}", MIA).await;
        let new = format!("new-{MIA}");
        people::confirm_path(&app, &new, "eve@example.test").await;
        make_owner(&app, "eve@example.test").await;
        people::reset_path(&app, "eve@example.test").await;
        let recipients = "SELECT DISTINCT recipient FROM outbox ORDER BY 1";
        let before = app.database.texts(recipients).await;
        assert_eq!(before, ["eve@example.test", MIA, &new], "{backend:?}");

        people::order(&app, &new, Order::Delete).await;

        assert_eq!(app.database.texts(recipients).await, ["eve@example.test"], "{backend:?}");
    }
}

/// However long ago the address was another.
#[tokio::test]
async fn mails_to_an_address_of_long_ago_go_too() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_owner(&app, MIA).await;
        people::real_path(&app, "/undo-email/{token}", MIA).await;
        app.clock.advance(GRACE / 14 * 8);
        app.accounts().operations().sweep().await.unwrap();
        asked_by(&app, &format!("new-{MIA}")).await;
        app.clock.advance(GRACE);

        app.accounts().operations().sweep().await.unwrap();

        people::mails_sent(&app).await;
        let subjects = app.database.texts("SELECT subject FROM outbox").await;
        assert_eq!(subjects, ["Your Latchkey account is deleted"], "{backend:?}");
    }
}

#[tokio::test]
async fn the_mails_of_an_unconfirmed_account_go_with_it() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_user(&app, MIA).await;
        people::proof(&app, MIA).await;
        app.clock.advance(GRACE);

        app.accounts().operations().sweep().await.unwrap();

        assert_eq!((app.count("users").await, app.count("outbox").await), (0, 0), "{backend:?}");
    }
}

/// What an admin did stays on the timeline of others, without the admin.
#[tokio::test]
async fn an_admin_who_is_deleted_leaves_no_trace_on_the_timelines_of_others() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_owner(&app, MIA).await;
        for email in [ADA, "bob@example.test"] {
            make_admin(&app, email).await;
        }
        let mia = people::id_of(&app, MIA).await;
        let browser = logged_in(&app, Transport::Plain, ADA).await;
        let path = format!("/admin/users/{mia}/role");
        assert_eq!(post(&browser, &path, &[("role", "admin")]).await.status(), 303);
        let acts = "SELECT event || ' ' || actor || ' ' || ip_address || user_agent || request_id \
            FROM security_events WHERE actor = 'admin'";
        assert!(app.database.texts(acts).await[0].len() > "became_admin admin ".len());

        people::order(&app, ADA, Order::Delete).await;

        assert_eq!(app.database.texts(acts).await, ["became_admin admin "], "{backend:?}");
    }
}

/// RES-08: what cannot be swept keeps nothing else.
#[tokio::test]
async fn one_part_of_the_sweep_that_fails_holds_up_no_other() {
    let app = app().await;
    make_owner(&app, "eve@example.test").await;
    people::reset_path(&app, "eve@example.test").await;
    asked_by(&app, MIA).await;
    app.database.execute("ALTER TABLE tokens RENAME TO tokens_away").await;
    app.clock.advance(MAIL_MEMORY + MILLISECOND);

    app.accounts().operations().sweep().await.unwrap_err();

    people::mails_sent(&app).await;
    let mails = app.database.texts("SELECT subject FROM outbox").await;
    assert_eq!(mails, ["Your Latchkey account is deleted"]);
    assert_eq!(app.database.texts("SELECT email FROM users").await, ["eve@example.test"]);
}

#[tokio::test]
async fn one_account_that_cannot_be_deleted_holds_up_no_other() {
    let app = app().await;
    make_owner(&app, "eve@example.test").await;
    asked_by(&app, MIA).await;
    app.clock.advance(MILLISECOND);
    asked_by(&app, "eve@example.test").await;
    let broken = format!("UPDATE users SET email = 'broken' WHERE email = '{MIA}'");
    app.database.execute(&broken).await;
    app.clock.advance(GRACE);

    app.accounts().operations().sweep().await.unwrap();

    assert_eq!(app.database.texts("SELECT email FROM users").await, ["broken"]);
}

/// An unconfirmed account would be deleted sooner, but for the promised date.
#[tokio::test]
async fn an_unconfirmed_account_lasts_as_long_as_was_promised_too() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    asked_by(&app, MIA).await;

    for (pause, left) in [(ALMOST, 1), (MILLISECOND, 0)] {
        app.clock.advance(pause);
        app.accounts().operations().sweep().await.unwrap();
        assert_eq!(app.count("users").await, left);
    }
    people::mails_sent(&app).await;
    assert_eq!(app.mailbox.latest_to(MIA).await.subject, "Your Latchkey account is deleted");
}

#[tokio::test]
async fn the_grace_is_as_long_as_it_is_set() {
    let hour = Duration::from_hours(1);
    let app = TestApp::with(|settings| settings.accounts.deletion_grace = hour).await;
    make_user(&app, MIA).await;
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    let page = browser.visit("/settings/data/delete").await;
    assert!(page.visible_text().contains("15 January 2027, 09:00 UTC"));
    browser.form("delete-account-form").submit().await;

    app.clock.advance(hour);
    assert!(can_log_in(&app, MIA, people::PASSWORD).await, "until it is really gone");
    app.accounts().operations().sweep().await.unwrap();

    assert!(!can_log_in(&app, MIA, people::PASSWORD).await);
}
