//! Invitations: from the form of an admin, or the operator's command, to an account with its role.

mod command;
mod list;
mod races;
mod void;

use auth::{Invite, Invited, Inviter, SignupMode};
use domain::{Permission, Role, RoleDefinition};
use tests::{Backend, Browser, TestApp, Transport};

use crate::{
    flows::{ADA, MIA, PASSWORD, can_log_in, logged_in, make_admin, make_user, name_account},
    people,
};

const PAGE: &str = "/admin/invitations";
const LINK: &str = "/invitation/";
const GUEST: &str = "ida@example.test";
const ROLES: &[RoleDefinition] = &[
    RoleDefinition { name: "editor", label: |_| "Editor", permissions: &[] },
    RoleDefinition {
        name: "manager",
        label: |_| "Manager",
        permissions: &[Permission::MANAGE_USERS],
    },
];

/// A product with roles, whose sign-up is closed, and an admin.
async fn app_on(backend: Backend) -> TestApp {
    let app = TestApp::of(app::app().roles(ROLES), backend, |settings| {
        settings.accounts.signup = SignupMode::Closed;
        settings.session.cache_ttl = std::time::Duration::ZERO;
    })
    .await;
    make_admin(&app, ADA).await;
    app
}

async fn app() -> TestApp {
    app_on(Backend::Sqlite).await
}

/// Has the operator invite the address.
pub(crate) async fn invite(app: &TestApp, email: &str, role: &str) -> Invited {
    let invite = Invite { email: people::address(email), role: Role::from_database(role) };
    let invited = app.accounts().administration().invite(Inviter::Operator, &invite).await;
    invited.expect("it is the first of this address")
}

/// The path of the newest link to the address.
async fn link(app: &TestApp, email: &str) -> String {
    people::newest_link(app, email, LINK).await
}

/// The path of the link of an invitation to an address like no other.
pub(crate) async fn path(app: &TestApp) -> String {
    let email = invite_another(app).await;
    link(app, &email).await
}

async fn invite_another(app: &TestApp) -> String {
    let email = format!("guest{}@example.test", app.count("invitations").await);
    invite(app, &email, "user").await;
    email
}

/// The id of an open invitation, which may be sent again.
pub(crate) async fn open(app: &TestApp) -> String {
    let email = invite_another(app).await;
    people::mails_sent(app).await;
    app.database.execute("UPDATE invitations SET sent_at = sent_at - 60000").await;
    let found = app.accounts().administration().find_invitation(&people::address(&email)).await;
    found.expect("the database is there").expect("it is open").to_string()
}

/// Sends the form of an admin who looks at the list.
async fn invite_by_page<'a>(
    browser: &'a mut Browser,
    email: &str,
    role: &str,
    reason: &str,
) -> &'a tests::Page {
    browser.visit(PAGE).await;
    let form = browser.form("invite-form").fill("email", email).fill("reason", reason);
    form.choose("role", role).submit().await
}

/// Event, role and reason in the timeline of an account, with the address of the actor.
async fn events(app: &TestApp, email: &str) -> Vec<String> {
    let sql = format!(
        "SELECT e.event || ' ' || COALESCE(e.role, '-') || ' ' || COALESCE(e.note, '-') || ' ' || \
         e.actor || ' ' || COALESCE(a.email, '-') FROM security_events e \
         JOIN users u ON u.id = e.user_id LEFT JOIN users a ON a.id = e.actor_id \
         WHERE u.email = '{email}' AND (e.event LIKE '%invit%' OR e.role IS NOT NULL) \
         ORDER BY e.event"
    );
    app.database.texts(&sql).await
}

/// INV-01, INV-04: while sign-up is closed; looking at the link spends nothing; inviter and role are
/// in both timelines.
#[tokio::test]
async fn an_invited_person_gets_an_account_with_the_role() {
    for (backend, transport) in everywhere() {
        let what = format!("{backend:?} {transport:?}");
        let app = app_on(backend).await;
        let mut admin = logged_in(&app, transport, ADA).await;
        let page = invite_by_page(&mut admin, GUEST, "editor", "joins us").await;
        assert_eq!((page.status(), page.path().as_str()), (200, PAGE), "{what}");
        assert_eq!(page.flash(), format!("Invitation sent to {GUEST}."), "{what}");
        let text = page.visible_text();
        for shown in [GUEST, "Editor", ADA, "Valid until", "joins us"] {
            assert!(text.contains(shown), "{what}: no {shown} in {text}");
        }
        let link = link(&app, GUEST).await;
        let mut guest = app.browser(transport);
        let before = app.database_digest().await;
        let page = guest.visit(&link).await;
        assert!(page.visible_text().contains(GUEST), "{what}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{what}");
        assert_eq!(app.database_digest().await, before, "{what}: looking spends nothing");

        name_account(&mut guest).await;

        assert_eq!(guest.path(), "/profile", "{what}");
        let users =
            format!("SELECT role FROM users WHERE email = '{GUEST}' AND confirmed_at IS NOT NULL");
        assert_eq!(app.database.texts(&users).await, ["editor"], "{what}");
        assert!(can_log_in(&app, GUEST, PASSWORD).await, "{what}");
        assert_eq!(events(&app, ADA).await, ["user_invited editor joins us owner -"], "{what}");
        let expected =
            ["invited", "role_changed"].map(|event| format!("{event} editor joins us admin {ADA}"));
        assert_eq!(events(&app, GUEST).await, expected, "{what}");
        let page = guest.visit("/settings/security").await.visible_text();
        assert!(page.contains("Account created by invitation: Editor"), "{what}: {page}");
        let page = app.browser(transport).visit(&link).await.visible_text();
        assert!(page.contains("You already have an account"), "{what}: {page}");
        assert!(admin.visit(PAGE).await.visible_text().contains("Accepted"), "{what}");
    }
}

/// Each database in each transport.
fn everywhere() -> impl Iterator<Item = (Backend, Transport)> {
    let backends = Backend::available().into_iter();
    backends.flat_map(|backend| Transport::ALL.map(|transport| (backend, transport)))
}

/// REG-05, REG-06: a refused password leaves the link as it is.
#[tokio::test]
async fn what_is_wrong_with_the_name_or_the_password_is_told_and_the_link_stays_good() {
    for transport in Transport::ALL {
        let app = app().await;
        invite(&app, GUEST, "user").await;
        let mut guest = app.browser(transport);
        guest.visit(&link(&app, GUEST).await).await;
        let form = guest.form("signup-form").fill("name", "");
        let page = form.fill("password", "").submit().await;
        assert_eq!(page.status(), 422, "{transport:?}");
        assert_eq!(page.invalid_fields(), ["name", "password"], "{transport:?}");
        let form = guest.form("signup-form").fill("name", "");
        let page = form.fill("password", "short").submit().await;
        assert_eq!(page.invalid_fields(), ["name", "password"], "{transport:?}: both at once");
        assert!(page.field_error("password").unwrap().contains("15"), "{transport:?}");

        name_account(&mut guest).await;

        assert_eq!(guest.path(), "/profile", "{transport:?}");
    }
}

/// INV-06: an account that exists keeps its role, and its owner is told to log in.
#[tokio::test]
async fn the_owner_of_an_account_is_told_to_log_in_and_keeps_the_role() {
    for (backend, transport) in everywhere() {
        let what = format!("{backend:?} {transport:?}");
        let app = app_on(backend).await;
        make_user(&app, MIA).await;
        people::confirm(&app, MIA).await;
        let mut admin = logged_in(&app, transport, ADA).await;

        let page = invite_by_page(&mut admin, MIA, "admin", "").await;

        assert_eq!(page.path(), people::user_page(&app, MIA).await, "{what}");
        assert!(page.flash().contains("keeps its role"), "{what}: {}", page.flash());
        assert_eq!(app.count("invitations").await, 0, "{what}");
        people::mails_sent(&app).await;
        let mail = app.mailbox.latest_to(MIA).await;
        assert!(mail.subject.contains("already have an account"), "{what}: {}", mail.subject);
        assert_eq!((mail.find_link(LINK), mail.links().len()), (None, 2), "{what}");
        let role = format!("SELECT role FROM users WHERE email = '{MIA}'");
        assert_eq!(app.database.texts(&role).await, ["user"], "{what}");

        people::order(&app, MIA, auth::Order::Disable).await;
        invite(&app, MIA, "user").await;
        people::mails_sent(&app).await;
        assert_eq!(app.mailbox.count_to(MIA).await, 1, "{what}: no log-in would succeed");
    }
}

#[tokio::test]
async fn the_pages_and_the_mail_are_in_german_for_a_german_admin() {
    let app = app().await;
    let mut admin = app.browser(Transport::Plain).reading("de");
    people::log_in(&mut admin, ADA).await;

    let page = invite_by_page(&mut admin, GUEST, "editor", "").await;

    assert_eq!((page.h1().as_str(), page.status()), ("Einladungen", 200));
    assert!(page.visible_text().contains("Gültig bis"), "{}", page.visible_text());
    people::mails_sent(&app).await;
    let mail = app.mailbox.latest_to(GUEST).await;
    assert_eq!(mail.subject, "Sie sind zu Latchkey eingeladen");
    let mut guest = app.browser(Transport::Plain).reading("de");
    guest.visit(&mail.link(LINK)).await;
    name_account(&mut guest).await;
    assert_eq!(guest.page().flash(), "Willkommen! Ihr Konto ist angelegt.");
}

/// Contract, "Routes", `/signup/check`: also while sign-up is closed.
#[tokio::test]
async fn the_fields_of_an_invited_person_are_checked_one_by_one() {
    let app = app().await;
    invite(&app, GUEST, "user").await;
    let mut guest = app.browser(Transport::HtmxPartial);
    guest.visit(&link(&app, GUEST).await).await;

    guest.form("signup-form").fill("name", "www.example.org").leave("name").await;
    assert_eq!((guest.page().status(), guest.page().invalid_fields()), (200, vec!["name".into()]));
    guest.form("signup-form").fill("name", "Ida").leave("name").await;
    guest.form("signup-form").fill("password", "short").leave("password").await;

    assert_eq!(guest.page().invalid_fields(), ["password"]);
}

/// INV-01: in the browser that used the link.
#[tokio::test]
async fn a_used_link_tells_its_owner_that_there_is_nothing_left_to_do() {
    for transport in Transport::ALL {
        let app = app().await;
        invite(&app, GUEST, "user").await;
        let link = link(&app, GUEST).await;
        let mut guest = app.browser(transport);
        guest.visit(&link).await;
        name_account(&mut guest).await;

        let page = guest.visit(&link).await;

        assert_eq!(page.status(), 410, "{transport:?}");
        assert!(page.visible_text().contains("nothing left to do"), "{}", page.visible_text());
        assert!(!page.visible_text().contains("Log in to continue"), "{transport:?}");
        assert_eq!(page.dom().select("main a[href='/profile']").len(), 1, "{transport:?}");
    }
}
