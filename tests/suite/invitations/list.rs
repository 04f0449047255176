//! The list of invitations: sending again, withdrawing, mistakes in the form, and who may see it.

use std::time::Duration;

use tests::{Backend, Browser, TestApp, Transport};

use super::{GUEST, PAGE, app, app_on, everywhere, invite, invite_by_page, link};
use crate::{
    flows::{ADA, MIA, logged_in, make_user, name_account, post},
    people,
};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// The id of the form of the only invitation.
async fn form(app: &TestApp, action: &str) -> String {
    let mut admin = logged_in(app, Transport::Plain, ADA).await;
    let page = admin.visit(PAGE).await;
    let id = format!("form[id^={action}-invitation-form]");
    let form = page.dom().find(&id).expect("a form of the invitation");
    form.attr("id").expect("an id").to_owned()
}

async fn state(browser: &mut Browser) -> String {
    browser.visit(PAGE).await.visible_text()
}

/// INV-02: a new link voids the old one, and is valid for seven days from then on.
#[tokio::test]
async fn an_invitation_is_sent_again_after_a_minute() {
    for (backend, transport) in everywhere() {
        let what = format!("{backend:?} {transport:?}");
        let app = app_on(backend).await;
        invite(&app, GUEST, "editor").await;
        let first = link(&app, GUEST).await;
        let form = form(&app, "resend").await;
        let mut admin = logged_in(&app, transport, ADA).await;
        admin.visit(PAGE).await;
        let page = admin.form(&form).submit().await;
        assert_eq!(page.status(), 429, "{what}");
        assert!(page.visible_text().contains("You can send another email in "), "{what}");

        app.clock.advance(DAY * 6);
        people::log_in(&mut app.browser(Transport::Plain), ADA).await;
        let mut admin = logged_in(&app, transport, ADA).await;
        admin.visit(PAGE).await;
        let page = admin.form(&form).submit().await;

        assert_eq!(page.status(), 200, "{what}: {}", page.visible_text());
        assert!(page.flash().starts_with("Invitation sent again"), "{what}");
        people::mails_sent(&app).await;
        assert_eq!(app.mailbox.count_to(GUEST).await, 2, "{what}");
        let second = link(&app, GUEST).await;
        let mut guest = app.browser(transport);
        assert_eq!(guest.visit(&first).await.status(), 410, "{what}");
        app.clock.advance(DAY * 6);
        guest.visit(&second).await;
        name_account(&mut guest).await;
        assert_eq!(guest.path(), "/profile", "{what}");
    }
}

/// INV-02: the link opens nothing, and a mail that waits is not sent.
#[tokio::test]
async fn an_invitation_is_withdrawn() {
    for (backend, transport) in everywhere() {
        let what = format!("{backend:?} {transport:?}");
        let app = app_on(backend).await;
        invite(&app, GUEST, "editor").await;
        let link = link(&app, GUEST).await;
        let form = form(&app, "revoke").await;
        let mut admin = logged_in(&app, transport, ADA).await;
        admin.visit(PAGE).await;

        let page = admin.form(&form).submit().await;

        assert!(page.flash().starts_with("Invitation withdrawn"), "{what}");
        assert!(page.visible_text().contains("No invitations yet"), "{what}");
        let page = app.browser(transport).visit(&link).await.visible_text();
        assert!(page.contains("Ask the person who invited you"), "{what}: {page}");
        let events = super::events(&app, ADA).await;
        assert_eq!(events, ["invitation_revoked editor - owner -"], "{what}");
    }
}

#[tokio::test]
async fn a_mail_of_a_withdrawn_invitation_is_not_sent_any_more() {
    let app = app().await;
    app.mailbox.catcher().set_fault(xtask::mail_catcher::Fault::Refuse);
    invite(&app, GUEST, "user").await;
    let form = form(&app, "revoke").await;
    let mut admin = logged_in(&app, Transport::Plain, ADA).await;
    admin.visit(PAGE).await;
    let waits = format!("SELECT kind FROM outbox WHERE recipient = '{GUEST}'");
    assert_eq!(app.database.texts(&waits).await, ["user_invitation"]);

    admin.form(&form).submit().await;

    assert_eq!(app.database.texts(&waits).await.len(), 0);
}

/// INV-03, and contract, "Routes".
#[tokio::test]
async fn what_is_wrong_with_an_invitation_is_told_at_its_field() {
    for transport in Transport::ALL {
        let app = app().await;
        invite(&app, GUEST, "user").await;
        let mut admin = logged_in(&app, transport, ADA).await;
        for (email, reason, wrong) in [
            ("", "", vec!["email"]),
            ("ida", &"x".repeat(201), vec!["email", "reason"]),
            (GUEST, "", vec!["email"]),
        ] {
            let page = invite_by_page(&mut admin, email, "editor", reason).await;
            assert_eq!((page.status(), page.invalid_fields()), (422, strings(&wrong)));
            let kept = page.dom().find("#invite-form option[value=editor][selected]");
            assert!(kept.is_some(), "{transport:?}: the choice is kept");
        }
        let fields = [("email", "new@example.test"), ("role", "root")];
        assert_eq!(post(&admin, PAGE, &fields).await.status(), 400, "{transport:?}");
        assert_eq!(app.count("invitations").await, 1, "{transport:?}");
    }
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// OTG-03: the list says that a mail came back.
#[tokio::test]
async fn the_list_says_where_the_mail_is() {
    let app = app().await;
    invite(&app, GUEST, "user").await;
    people::mails_sent(&app).await;
    let mut admin = logged_in(&app, Transport::Plain, ADA).await;
    assert!(state(&mut admin).await.contains("Email sent"));
    let failed = "UPDATE outbox SET sent_at = NULL, failed_at = created_at, \
        last_error = 'the mail server replied 550'";
    app.database.execute(failed).await;

    assert!(state(&mut admin).await.contains("Email could not be delivered"));
}

/// INV-05: expired invitations stay in the list for 30 days, then they are deleted.
#[tokio::test]
async fn an_invitation_expires_and_is_deleted_later() {
    for backend in Backend::available() {
        let app = app_on(backend).await;
        invite(&app, GUEST, "user").await;
        let link = link(&app, GUEST).await;
        app.clock.advance(DAY * 7);
        app.accounts().operations().sweep().await.unwrap();
        let mut admin = logged_in(&app, Transport::Plain, ADA).await;
        assert!(state(&mut admin).await.contains("Expired"), "{backend:?}");
        assert_eq!(app.browser(Transport::Plain).visit(&link).await.status(), 410, "{backend:?}");

        app.clock.advance(DAY * 30 + MINUTE);
        app.accounts().operations().sweep().await.unwrap();

        assert_eq!(app.count("invitations").await, 0, "{backend:?}");
    }
}

/// ADM-01: the permission to see users is not enough, and the one to manage them suffices to invite
/// an admin.
#[tokio::test]
async fn who_may_manage_users_may_invite_with_every_role() {
    for (role, is_open) in [("user", false), ("editor", false), ("manager", true)] {
        let app = app().await;
        make_user(&app, MIA).await;
        people::confirm(&app, MIA).await;
        let sql = format!("UPDATE users SET role = '{role}' WHERE email = '{MIA}'");
        app.database.execute(&sql).await;
        let mut browser = logged_in(&app, Transport::Plain, MIA).await;

        let status = browser.visit(PAGE).await.status();
        let fields = [("email", GUEST), ("role", "admin")];
        let posted = post(&browser, PAGE, &fields).await.status();

        let expected = if is_open { (200, 303) } else { (403, 403) };
        assert_eq!((status, posted), expected, "{role}");
        assert_eq!(app.count("invitations").await, usize::from(is_open), "{role}");
    }
}
