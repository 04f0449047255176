//! A thief who moves the account to an address of their own, and an owner who has a
//! notice of before.

use std::time::Duration;

use tests::{Backend, TestApp, Transport};
use tokio::time::sleep;

use super::{NEW_MIA, app, ask, confirm_link, emails};
use crate::{
    fault_steps::{count_of, form_again},
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, post},
    people::{self, mails_sent, newest_link},
};

/// The link in the notice that a second browser logged in.
async fn noticed(app: &TestApp, email: &str) -> String {
    for _ in 0..2 {
        logged_in(app, Transport::Plain, email).await;
    }
    newest_link(app, email, "/not-me/").await
}

/// Changes the address by hand.
async fn change(app: &TestApp, transport: Transport, old: &str, new: &str) {
    let mut browser = logged_in(app, transport, old).await;
    ask(&mut browser, new).await;
    browser.visit(&confirm_link(app, new).await).await;
    browser.form("confirm-email-form").submit().await;
    mails_sent(app).await;
}

async fn has_link(app: &TestApp, email: &str, prefix: &str) -> bool {
    mails_sent(app).await;
    app.mailbox.all_to(email).await.iter().any(|mail| mail.find_link(prefix).is_some())
}

/// LOG-13, EML-02: the account goes to the recipient of the notice, not to the thief's mailbox.
#[tokio::test]
async fn a_notice_of_before_the_change_gives_the_account_back_with_its_address() {
    for transport in Transport::ALL {
        let app = app().await;
        let link = noticed(&app, MIA).await;
        change(&app, transport, MIA, NEW_MIA).await;
        let undo = newest_link(&app, MIA, "/undo-email/").await;
        let mut thief = logged_in(&app, transport, NEW_MIA).await;
        let theirs = newest_link(&app, NEW_MIA, "/not-me/").await;
        let mut owner = app.browser(transport);
        assert_eq!(owner.visit(&link).await.status(), 200, "{transport:?}");

        let page = owner.form("not-me-form").submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/login"), "{transport:?}");
        assert_eq!(emails(&app).await, [MIA], "{transport:?}");
        assert!(thief.visit("/profile").await.path().starts_with("/login"), "{transport:?}");
        assert!(!has_link(&app, NEW_MIA, "/reset-password/").await, "{transport:?}");
        for email in [MIA, NEW_MIA] {
            assert!(!can_log_in(&app, email, PASSWORD).await, "{transport:?} {email}");
        }
        for void in [&link, &undo, &theirs] {
            assert_eq!(owner.raw("GET", void).send().await.status(), 410, "{transport:?} {void}");
        }
        owner.visit(&newest_link(&app, MIA, "/reset-password/").await).await;
        owner.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
        let sql = "SELECT event FROM security_events WHERE actor = 'owner' AND event IN \
                   ('email_change_undone', 'not_me') ORDER BY event";
        assert_eq!(app.database.texts(sql).await, ["email_change_undone", "not_me"]);
    }
}

/// LOG-13: of two addresses that the account had, the earlier outranks the later.
#[tokio::test]
async fn a_notice_to_an_address_in_between_takes_nothing_from_the_first() {
    let app = app().await;
    let first = noticed(&app, MIA).await;
    change(&app, Transport::Plain, MIA, NEW_MIA).await;
    let between = noticed(&app, NEW_MIA).await;
    change(&app, Transport::Plain, NEW_MIA, "third@example.test").await;
    let undo = newest_link(&app, MIA, "/undo-email/").await;
    let mut browser = app.browser(Transport::Plain);

    browser.visit(&between).await;
    browser.form("not-me-form").submit().await;
    assert_eq!(emails(&app).await, [NEW_MIA]);
    assert_eq!(browser.raw("GET", &first).send().await.status(), 410);
    browser.visit(&undo).await;
    browser.form("undo-email-form").submit().await;

    assert_eq!(emails(&app).await, [MIA]);
}

/// LOG-13, RAC-01: whichever of the two comes first.
#[tokio::test(flavor = "multi_thread")]
async fn a_notice_beside_the_change_leaves_the_account_at_its_address() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let mut changed = 0;
        for round in 0..200 {
            let (old, new) = (format!("mia{round}@example.test"), format!("eve{round}@evil.test"));
            make_user(&app, &old).await;
            people::confirm(&app, &old).await;
            let link = noticed(&app, &old).await;
            let confirm = people::confirm_path(&app, &old, &new).await;
            let notice = form_again(&browser, &link, &[]);
            let change = form_again(&browser, &confirm, &[]);
            // The change takes longer to begin with, so it gets more and more of a lead.
            let later = async {
                sleep(Duration::from_millis(round % 8)).await;
                notice.send().await
            };

            let answers: [_; 2] = tokio::join!(change.send(), later).into();

            let sql = format!("SELECT email FROM users WHERE email IN ('{old}', '{new}')");
            assert_eq!(app.database.texts(&sql).await, [old.as_str()], "{backend:?} {answers:?}");
            assert!(!has_link(&app, &new, "/reset-password/").await, "{backend:?} {round}");
            assert!(!can_log_in(&app, &old, PASSWORD).await, "{backend:?} {round}");
            assert_eq!(count_of(&answers, 303) + count_of(&answers, 410), 2, "{answers:?}");
            changed += count_of(&answers, 303) - 1;
            if round >= 10 && changed > 0 {
                break;
            }
        }
        assert!(changed > 0, "{backend:?}: the change never came first");
    }
}

/// EML-02, LOG-13, REG-12: the owner of the mailbox of an unproven address does not get another
/// person's account, and keeps the address.
#[tokio::test]
async fn an_address_that_was_never_proven_gets_no_way_back_and_is_free_at_once() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let link = noticed(&app, MIA).await;

        change(&app, transport, MIA, NEW_MIA).await;

        assert!(!has_link(&app, MIA, "/undo-email/").await, "{transport:?}");
        assert_eq!(app.count("email_changes").await, 0, "{transport:?}");
        let notice = app.mailbox.latest_to(MIA).await;
        assert!(
            notice.subject.contains("no longer uses your address") && notice.links().is_empty(),
            "{notice:?}"
        );
        let mut reader = app.browser(transport);
        reader.visit("/login").await;
        assert_eq!(reader.raw("GET", &link).send().await.status(), 410, "{transport:?}");
        assert_eq!(post(&reader, &link, &[]).await.status(), 410, "{transport:?}");
        assert!(can_log_in(&app, NEW_MIA, PASSWORD).await, "{transport:?}");
        make_user(&app, MIA).await;
        assert_eq!(emails(&app).await, [NEW_MIA, MIA], "{transport:?}");
    }
}
