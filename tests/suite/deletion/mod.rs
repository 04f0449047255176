//! Deletion of an account by its owner: request, cancellation, execution.

mod grace;
mod races;
mod sweep;

use std::time::Duration;

use tests::{Browser, Page, TestApp, Transport};

use crate::{
    fault_steps::Operator,
    flows::{ADA, MIA, PASSWORD, logged_in, make_admin, make_user},
    people,
};

const GRACE: Duration = Duration::from_hours(14 * 24);

async fn app() -> TestApp {
    let app = TestApp::start().await;
    make_owner(&app, MIA).await;
    app
}

/// Makes an account with a confirmed address; an unconfirmed one would be deleted by itself.
async fn make_owner(app: &TestApp, email: &str) {
    make_user(app, email).await;
    let confirm = format!("UPDATE users SET confirmed_at = created_at WHERE email = '{email}'");
    app.database.execute(&confirm).await;
}

/// Asks for the deletion in a browser that is logged in.
async fn ask(browser: &mut Browser) -> &Page {
    browser.visit("/settings/data").await;
    browser.click("Delete account…").await;
    browser.form("delete-account-form").submit().await
}

/// Requests the deletion in a browser of its own.
async fn asked_by(app: &TestApp, email: &str) {
    let mut browser = people::logged_in(app, Transport::Plain, email).await;
    let page = ask(&mut browser).await;
    assert!(!page.is_logged_in(), "{}", page.visible_text());
    people::mails_sent(app).await;
}

/// A browser with a session of a user with a pending deletion.
async fn waiting(app: &TestApp, transport: Transport) -> Browser {
    asked_by(app, MIA).await;
    let browser = people::logged_in(app, transport, MIA).await;
    assert_eq!(browser.path(), "/account-deletion");
    browser
}

async fn is_waiting(app: &TestApp, email: &str) -> bool {
    let sql =
        format!("SELECT 'yes' FROM users WHERE email = '{email}' AND delete_after IS NOT NULL");
    !app.database.texts(&sql).await.is_empty()
}

async fn events(app: &TestApp, name: &str) -> Vec<String> {
    let sql = format!("SELECT event || ' ' || actor FROM security_events WHERE event = '{name}'");
    app.database.texts(&sql).await
}

/// LOG-06, RST-06, LOG-13.
#[tokio::test]
async fn who_asks_is_logged_out_everywhere_and_told_by_mail_until_when() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut other = logged_in(&app, Transport::Plain, MIA).await;
        let reset = people::reset_path(&app, MIA).await;
        let confirm = people::confirm_path(&app, MIA, "mia.new@example.test").await;
        let mut browser = logged_in(&app, transport, MIA).await;
        people::mails_sent(&app).await;

        let page = ask(&mut browser).await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/"), "{transport:?}");
        assert!(page.flash().contains("will be deleted"), "{transport:?}");
        assert!(!page.is_logged_in() && app.count("sessions").await == 0, "{transport:?}");
        assert_eq!(other.visit("/profile").await.path(), "/login?next=%2Fprofile");
        for void in [&reset, &confirm] {
            assert_eq!(other.visit(void).await.status(), 410, "{transport:?} {void}");
        }
        people::mails_sent(&app).await;
        let mail = app.mailbox.latest_to(MIA).await;
        assert_eq!(mail.subject, "Your Latchkey account will be deleted");
        let text = mail.text.replace('\n', " ");
        assert!(text.contains("On 29 January 2027 at 08:00 UTC"), "{text}");
        let compromise_report = mail.link("/not-me/");
        assert!(mail.html.contains(&format!("{compromise_report}\">")), "{}", mail.html);
        assert_eq!(events(&app, "deletion_requested").await, ["deletion_requested owner"]);
    }
}

#[tokio::test]
async fn the_question_says_what_is_deleted_and_when_and_changes_nothing() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/data").await;
        assert!(!browser.page().has_form("delete-account-form"), "{transport:?}");
        app.clock.advance(Duration::from_mins(15));

        let page = browser.click("Delete account…").await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/settings/data/delete"));
        assert_eq!(page.h1(), "Delete your account?", "{transport:?}");
        let text = page.visible_text();
        assert!(text.contains("29 January 2027, 08:15 UTC"), "{transport:?}: {text}");
        assert!(text.contains("all its data are deleted"), "{transport:?}: {text}");
        assert!(!is_waiting(&app, MIA).await, "{transport:?}");
        assert_eq!(browser.click("Keep my account").await.path(), "/settings/data");
    }
}

/// EML-01: the password first, when it was given too long ago, and then it is done.
#[tokio::test]
async fn it_is_asked_for_by_the_user_who_knows_the_password() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/data/delete").await;
        app.clock.advance(Duration::from_mins(15));

        let page = browser.form("delete-account-form").submit().await;
        assert!(page.has_form("sudo-form"), "{transport:?}");
        let asked = page.visible_text();
        assert!(asked.contains("Enter your password to delete your account."), "{asked}");
        assert!(!is_waiting(&app, MIA).await, "{transport:?}");
        let page = browser.form("sudo-form").fill("password", PASSWORD).submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/"), "{transport:?}");
        assert!(page.flash().contains("will be deleted"), "{transport:?}");
        assert!(!page.is_logged_in() && is_waiting(&app, MIA).await, "{transport:?}");
        assert!(browser.cookies().session().is_none(), "{transport:?}");
    }
}

/// ADM-04.
#[tokio::test]
async fn the_last_admin_cannot_ask_for_it() {
    for transport in Transport::ALL {
        let app = app().await;
        make_admin(&app, ADA).await;
        let mut browser = logged_in(&app, transport, ADA).await;

        let page = ask(&mut browser).await;

        assert_eq!(page.status(), 422, "{transport:?}");
        let error = page.form_error("delete-account-form").unwrap();
        assert!(error.contains("only administrator"), "{error}");
        assert!(!is_waiting(&app, ADA).await && page.is_logged_in(), "{transport:?}");
        make_admin(&app, MIA).await;
        let page = browser.form("delete-account-form").submit().await;
        assert_eq!((page.status(), page.path().as_str()), (200, "/"), "{transport:?}");
        // An admin with a pending deletion manages no accounts.
        let mut browser = logged_in(&app, transport, MIA).await;
        assert_eq!(ask(&mut browser).await.status(), 422, "{transport:?}");
        let list = browser.visit("/admin/users").await.visible_text();
        assert_eq!(list.matches("To be deleted").count(), 2, "the filter and one user: {list}");
    }
}

#[tokio::test]
async fn the_operator_sees_it_and_can_keep_the_account() {
    let app = app().await;
    let url = format!("sqlite://{}/test.db?mode=rwc", app.folder().display());
    let xtask = Operator::on(app.folder(), &url);
    asked_by(&app, MIA).await;

    let shown = xtask.run(&["user", "show", MIA]).await.succeeded();
    assert!(shown.contains("deletion  after 2027-01-29T08:00:00Z"), "{shown}");
    for _ in 0..2 {
        xtask.run(&["user", "keep", MIA]).await.succeeded();
    }

    assert!(!is_waiting(&app, MIA).await);
    assert_eq!(events(&app, "deletion_cancelled").await, ["deletion_cancelled operator"]);
    logged_in(&app, Transport::Plain, MIA).await;
}
