//! Invitations that open nothing any more: their inviter may not invite, their role is gone, or the
//! address has an account by now.

use auth::{Order, SignupMode};
use domain::Role;
use tests::{Backend, TestApp, Transport};

use super::{GUEST, LINK, PAGE, app, app_on, everywhere, invite, invite_by_page, link};
use crate::{
    flows::{ADA, MIA, logged_in, make_admin, name_account, sign_up},
    people,
};

const MANAGER: &str = "max@example.test";

/// A manager who has invited the guest, and the link.
async fn invited_by_manager(backend: Backend) -> (TestApp, String) {
    let app = app_on(backend).await;
    make_admin(&app, MANAGER).await;
    people::order(&app, MANAGER, Order::SetRole(Role::from_database("manager"))).await;
    let mut manager = logged_in(&app, Transport::Plain, MANAGER).await;
    assert_eq!(invite_by_page(&mut manager, GUEST, "editor", "").await.status(), 200);
    let link = link(&app, GUEST).await;
    (app, link)
}

/// What the page behind the link is answered with, and a form for it.
async fn statuses(app: &TestApp, link: &str) -> (u16, u16) {
    let mut browser = app.browser(Transport::Plain);
    let shown = browser.visit(link).await.status();
    browser.visit("/login").await;
    let fields = [("name", "Ida"), ("password", crate::flows::PASSWORD)];
    (shown, crate::flows::post(&browser, link, &fields).await.status())
}

/// INV-03: an invitation is as good as its inviter.
#[tokio::test]
async fn an_invitation_is_void_once_its_inviter_may_not_invite_any_more() {
    for backend in Backend::available() {
        for order in [Order::SetRole(Role::from_database("editor")), Order::Disable, Order::Delete]
        {
            let what = format!("{backend:?} {order:?}");
            let (app, link) = invited_by_manager(backend).await;
            assert_eq!(app.browser(Transport::Plain).visit(&link).await.status(), 200, "{what}");

            people::order(&app, MANAGER, order.clone()).await;

            assert_eq!(statuses(&app, &link).await, (410, 410), "{what}");
            assert_eq!(app.count("users").await, 2 - usize::from(order == Order::Delete), "{what}");
        }
    }
}

/// An inviter who is about to be deleted answers for nothing; another admin takes the invitation on.
#[tokio::test]
async fn another_admin_takes_a_void_invitation_on_by_sending_it_again() {
    for transport in Transport::ALL {
        let (app, link) = invited_by_manager(Backend::Sqlite).await;
        people::wait_for_deletion(&app, MANAGER).await;
        assert_eq!(statuses(&app, &link).await, (410, 410), "{transport:?}");
        let mut admin = logged_in(&app, transport, ADA).await;
        let page = admin.visit(PAGE).await;
        assert!(page.visible_text().contains("Not valid"), "{}", page.visible_text());
        let form = page.dom().find("form[id^=resend-invitation-form]");
        let form = form.and_then(|form| form.attr("id")).unwrap().to_owned();
        app.clock.advance(auth::RESEND_PAUSE);

        admin.form(&form).submit().await;

        let link = people::newest_link(&app, GUEST, LINK).await;
        let mut guest = app.browser(transport);
        guest.visit(&link).await;
        name_account(&mut guest).await;
        let events = super::events(&app, GUEST).await;
        assert!(events[0].ends_with(ADA), "{transport:?}: {events:?}");
    }
}

/// The product has lost the role of an invitation.
#[tokio::test]
async fn an_invitation_with_a_role_that_is_gone_is_void() {
    for (backend, transport) in everywhere() {
        let app = app_on(backend).await;
        invite(&app, GUEST, "editor").await;
        let link = link(&app, GUEST).await;
        app.database.execute("UPDATE invitations SET role = 'author'").await;
        assert_eq!(statuses(&app, &link).await, (410, 410), "{transport:?}");
        let mut admin = logged_in(&app, transport, ADA).await;
        let page = admin.visit(PAGE).await;
        assert!(page.visible_text().contains("author"), "{}", page.visible_text());
        let form = page.dom().find("form[id^=resend-invitation-form]");
        let form = form.and_then(|form| form.attr("id")).unwrap().to_owned();
        app.clock.advance(auth::RESEND_PAUSE);

        let page = admin.form(&form).submit().await;

        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.visible_text().contains("This role no longer exists"), "{transport:?}");
    }
}

/// INV-06: an account that the person has made meanwhile keeps its role.
#[tokio::test]
async fn an_address_that_has_signed_up_by_itself_meanwhile_keeps_its_role() {
    for transport in Transport::ALL {
        let app = TestApp::with(|settings| settings.accounts.signup = SignupMode::Open).await;
        make_admin(&app, ADA).await;
        invite(&app, MIA, "admin").await;
        let link = link(&app, MIA).await;
        sign_up(&mut app.browser(transport), MIA).await;
        people::confirm(&app, MIA).await;

        let page = app.browser(transport).visit(&link).await.visible_text();

        assert!(page.contains("You already have an account"), "{transport:?}: {page}");
        assert_eq!(statuses(&app, &link).await, (410, 410), "{transport:?}");
        let roles = format!("SELECT role FROM users WHERE email = '{MIA}'");
        assert_eq!(app.database.texts(&roles).await, ["user"], "{transport:?}");
        let mut admin = logged_in(&app, transport, ADA).await;
        let page = admin.visit(PAGE).await;
        assert!(page.visible_text().contains("Has an account"), "{transport:?}");
        assert!(page.dom().find("form[id^=resend-invitation-form]").is_none(), "{transport:?}");
    }
}

/// A sign-up that was never confirmed and never logged in to does not keep the owner of the address
/// from the invitation.
#[tokio::test]
async fn an_account_that_a_stranger_made_of_the_address_gives_way() {
    let app = TestApp::with(|settings| settings.accounts.signup = SignupMode::Open).await;
    sign_up(&mut app.browser(Transport::Plain), MIA).await;
    invite(&app, MIA, "user").await;
    let mut owner = app.browser(Transport::Plain);
    owner.visit(&link(&app, MIA).await).await;

    name_account(&mut owner).await;

    assert_eq!(owner.path(), "/profile");
    assert_eq!(app.count("users").await, 1);
}

/// LOG-13: who was in the account of an admin may have invited others.
#[tokio::test]
async fn a_compromise_report_withdraws_what_the_account_has_invited() {
    let app = app().await;
    let report = people::compromise_report_path(&app, ADA).await;
    let mut admin = logged_in(&app, Transport::Plain, ADA).await;
    invite_by_page(&mut admin, GUEST, "admin", "").await;
    let link = link(&app, GUEST).await;
    let mut owner = app.browser(Transport::Plain);
    owner.visit(&report).await;

    owner.form("not-me-form").submit().await;

    assert_eq!(statuses(&app, &link).await, (410, 410));
    assert_eq!(app.count("invitations").await, 0);
}
