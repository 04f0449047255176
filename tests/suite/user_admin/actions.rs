//! The page of a user, and the actions of an admin on the account.

use tests::{Backend, Browser, Page, TestApp, Transport};

use super::make_confirmed;
use crate::{
    flows::{ADA, MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_admin, make_user, post},
    people::{self, id_of, user_page},
};

/// An admin who looks at the page of a user, who is logged in elsewhere.
async fn scene(backend: Backend, transport: Transport) -> (TestApp, Browser) {
    let app = TestApp::on(backend, |settings| {
        settings.session.cache_ttl = std::time::Duration::ZERO;
    })
    .await;
    make_admin(&app, ADA).await;
    make_confirmed(&app, MIA).await;
    logged_in(&app, Transport::Plain, MIA).await;
    let mut admin = logged_in(&app, transport, ADA).await;
    admin.visit(&user_page(&app, MIA).await).await;
    (app, admin)
}

async fn form_of(app: &TestApp, action: &str) -> String {
    format!("{action}-form-{}", id_of(app, MIA).await)
}

/// Each database in each transport.
fn everywhere() -> impl Iterator<Item = (Backend, Transport)> {
    Backend::available()
        .into_iter()
        .flat_map(|backend| Transport::ALL.map(|transport| (backend, transport)))
}

/// The events of the user by an admin, with the reason.
async fn events(app: &TestApp) -> Vec<String> {
    let sql = format!(
        "SELECT e.event || ' ' || a.email || ' ' || COALESCE(e.note, '-') FROM security_events e \
         JOIN users u ON u.id = e.user_id JOIN users a ON a.id = e.actor_id \
         WHERE u.email = '{MIA}' AND e.actor = 'admin' ORDER BY e.created_at, e.id"
    );
    app.database.texts(&sql).await
}

/// The page says who it is, where the user is logged in, what happened, and which mails were sent.
#[tokio::test]
async fn the_page_tells_the_facts_and_no_secret() {
    for (backend, transport) in everywhere() {
        let (app, mut admin) = scene(backend, transport).await;
        people::reset_path(&app, MIA).await;
        let path = user_page(&app, MIA).await;

        admin.visit("/admin/users").await;
        let page = admin.click("mia").await;

        assert_eq!((page.path(), page.h1().as_str()), (path, "mia"), "{transport:?}");
        let text = page.visible_text();
        for fact in [MIA, "127.0.0.1", "Logged in", "Reset your", "Sent:", "Account owner"] {
            assert!(text.contains(fact), "no {fact}: {text}");
        }
        assert!(!page.body().contains("argon2") && !page.body().contains("/reset-password/"));
    }
}

/// ADM-06: an id that has no account has no page.
#[tokio::test]
async fn there_is_no_page_without_a_user() {
    let (_app, mut admin) = scene(Backend::Sqlite, Transport::Plain).await;
    for id in ["0198c7f0-0000-7000-8000-000000000000", "1", "%00", "x"] {
        assert_eq!(admin.visit(&format!("/admin/users/{id}")).await.status(), 404, "{id}");
    }
}

/// LOG-06: with the reason on record.
#[tokio::test]
async fn a_disabled_account_is_shut_until_it_is_enabled() {
    for (backend, transport) in everywhere() {
        let (app, mut admin) = scene(backend, transport).await;
        let what = format!("{backend:?} {transport:?}");

        let form = form_of(&app, "disable").await;
        let page = admin.form(&form).fill("reason", "spam & more").submit().await;
        assert_eq!(page.flash(), "Account disabled.", "{what}");
        assert_eq!(page.path(), user_page(&app, MIA).await, "{what}");
        assert!(!page.has_form(&form), "{what}: it is disabled already");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{what}");

        let form = form_of(&app, "enable").await;
        admin.form(&form).submit().await;
        assert!(can_log_in(&app, MIA, PASSWORD).await, "{what}");
        let expected = [format!("disabled {ADA} spam & more"), format!("enabled {ADA} -")];
        let mut found = events(&app).await;
        found.sort();
        assert_eq!(found, expected, "{what}");
    }
}

#[tokio::test]
async fn every_session_of_the_user_ends() {
    for (backend, transport) in everywhere() {
        let (app, mut admin) = scene(backend, transport).await;
        let mut mia = logged_in(&app, Transport::Plain, MIA).await;

        let form = form_of(&app, "end-sessions").await;
        let page = admin.form(&form).fill("reason", "asked by phone").submit().await;

        assert!(page.visible_text().contains("Not logged in anywhere."), "{transport:?}");
        assert_eq!(mia.visit("/profile").await.path(), "/login?next=%2Fprofile");
        assert_eq!(events(&app).await, [format!("all_sessions_ended {ADA} asked by phone")]);
    }
}

/// ADM-05.
#[tokio::test]
async fn a_link_to_a_new_password_goes_to_the_user_alone() {
    for (backend, transport) in everywhere() {
        let (app, mut admin) = scene(backend, transport).await;

        let form = form_of(&app, "send-reset").await;
        let page = admin.form(&form).submit().await;
        assert_eq!(page.flash(), "Link sent.", "{transport:?}");
        assert!(!page.body().contains("/reset-password/"), "{transport:?}");

        let link = people::newest_link(&app, MIA, "/reset-password/").await;
        let mut mia = app.browser(Transport::Plain);
        mia.visit(&link).await;
        mia.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
        assert_eq!(events(&app).await, [format!("password_reset_requested {ADA} -")]);
    }
}

#[tokio::test]
async fn a_disabled_account_is_mailed_no_link() {
    let (app, admin) = scene(Backend::Sqlite, Transport::Plain).await;
    app.database.execute("UPDATE users SET disabled_at = 1 WHERE email LIKE 'mia@%'").await;
    let before = app.database_digest().await;

    let path = format!("{}/send-reset", user_page(&app, MIA).await);
    let answer = post(&admin, &path, &[]).await;

    assert_eq!(answer.status(), 422);
    assert!(answer.body.contains("Enable it first"), "{}", answer.body);
    assert_eq!(app.database_digest().await, before);
}

#[tokio::test]
async fn an_admin_vouches_for_an_address_and_keeps_an_account() {
    for (backend, transport) in everywhere() {
        let (app, mut admin) = scene(backend, transport).await;
        let state = "UPDATE users SET confirmed_at = NULL, delete_after = 4102444800000 \
             WHERE email LIKE 'mia@%'";
        app.database.execute(state).await;
        admin.visit(&user_page(&app, MIA).await).await;

        let form = form_of(&app, "confirm-user").await;
        admin.form(&form).fill("reason", "seen in person").submit().await;
        let form = form_of(&app, "keep").await;
        admin.form(&form).submit().await;

        let open = "SELECT email FROM users WHERE confirmed_at IS NOT NULL AND delete_after IS NULL \
             AND email LIKE 'mia@%'";
        assert_eq!(app.database.texts(open).await, [MIA], "{transport:?}");
        let mut found = events(&app).await;
        found.sort();
        let expected = [
            format!("address_confirmed {ADA} seen in person"),
            format!("deletion_cancelled {ADA} -"),
        ];
        assert_eq!(found, expected, "{transport:?}");
    }
}

/// For good, and only when the address of the account was typed.
#[tokio::test]
async fn an_account_is_deleted_once_its_address_was_typed() {
    for (backend, transport) in everywhere() {
        let (app, mut admin) = scene(backend, transport).await;
        let form = form_of(&app, "delete").await;
        for wrong in ["", "ada@example.test", "yes"] {
            let page = admin.form(&form).fill("email", wrong).submit().await;
            assert_eq!(page.status(), 422, "{transport:?} {wrong}");
            let error = page.form_error(&form).expect("it says why");
            assert!(error.contains("Nothing was deleted"), "{transport:?}: {error}");
        }
        assert!(can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");

        let page = admin.form(&form).fill("email", "MIA@example.test").submit().await;

        assert_eq!(
            (page.path().as_str(), page.flash().as_str()),
            ("/admin/users", "Account deleted.")
        );
        assert!(!page.body().contains(MIA), "{transport:?}");
        assert_eq!(app.count("users").await, 1, "{transport:?}");
        let left = "SELECT event FROM security_events WHERE event = 'deleted' AND actor = 'admin' \
             AND user_id IS NULL AND note IS NULL AND ip_address = ''";
        assert_eq!(app.database.texts(left).await.len(), 1, "{transport:?}");
    }
}

/// ADM-04: no admin is locked out by a slip.
#[tokio::test]
async fn admins_do_nothing_to_themselves() {
    for transport in Transport::ALL {
        let (app, mut admin) = scene(Backend::Sqlite, transport).await;
        make_admin(&app, "eve@example.test").await;
        let own = user_page(&app, ADA).await;
        let page = admin.visit(&own).await;
        assert!(page.visible_text().contains("This is your own account"), "{transport:?}");
        assert_eq!(page.dom().select("main form").len(), 0, "{transport:?}");
        let before = app.database_digest().await;

        for action in
            ["disable", "enable", "end-sessions", "send-reset", "confirm", "keep", "delete"]
        {
            let answer = post(&admin, &format!("{own}/{action}"), &[("email", ADA)]).await;
            assert_eq!(answer.status(), 422, "{transport:?} {action}: {}", answer.body);
        }

        assert_eq!(app.database_digest().await, before, "{transport:?}");
    }
}

/// ADM-04: neither by disabling nor by deleting.
#[tokio::test]
async fn the_last_admin_is_neither_disabled_nor_deleted() {
    let (app, admin) = scene(Backend::Sqlite, Transport::Plain).await;
    let own = user_page(&app, ADA).await;
    let before = app.database_digest().await;

    for action in ["disable", "delete"] {
        let answer = post(&admin, &format!("{own}/{action}"), &[("email", ADA)]).await;
        assert_eq!(answer.status(), 422, "{action}");
        assert!(answer.body.contains("This is the last admin and"), "{action}: {}", answer.body);
    }

    assert_eq!(app.database_digest().await, before);
}

/// ADM-07: what changes something asks for the password, and is done after it.
#[tokio::test]
async fn an_action_waits_for_the_password_and_is_done_after_it() {
    for transport in Transport::ALL {
        let (app, mut admin) = scene(Backend::Sqlite, transport).await;
        app.clock.advance(std::time::Duration::from_mins(15));

        let form = form_of(&app, "disable").await;
        let page = admin.form(&form).fill("reason", "spam").submit().await;
        assert!(page.has_form("sudo-form"), "{transport:?}: {}", page.visible_text());
        assert!(events(&app).await.is_empty(), "{transport:?}: it was done unasked");
        let page = admin.form("sudo-form").fill("password", PASSWORD).submit().await;

        assert_eq!(page.flash(), "Account disabled.", "{transport:?}");
        assert_eq!(events(&app).await, [format!("disabled {ADA} spam")], "{transport:?}");
    }
}

/// LOG-04: a reason is one short line.
#[tokio::test]
async fn a_reason_is_one_short_line_and_is_shown_again() {
    let (app, mut admin) = scene(Backend::Sqlite, Transport::HtmxPartial).await;
    let form = form_of(&app, "disable").await;
    let before = app.database_digest().await;
    let long = "x".repeat(201);

    let page: &Page = admin.form(&form).fill("reason", &long).submit().await;

    assert_eq!(page.status(), 422);
    assert!(page.form_error(&form).expect("it says why").contains("200 characters"));
    let value = page.field(&form, "reason").map(|control| control.value);
    assert_eq!(value.as_deref(), Some(long.as_str()));
    let path = format!("{}/disable", user_page(&app, MIA).await);
    assert_eq!(post(&admin, &path, &[("reason", "a\u{202e}b")]).await.status(), 422);
    assert_eq!(app.database_digest().await, before);
}

/// ADM-01: neither the page nor an action is for others.
#[tokio::test]
async fn users_see_and_do_nothing_there() {
    let (app, _admin) = scene(Backend::Sqlite, Transport::Plain).await;
    make_user(&app, "noah@example.test").await;
    let mut noah = logged_in(&app, Transport::Plain, "noah@example.test").await;
    let path = user_page(&app, MIA).await;
    let before = app.database_digest().await;

    let page = noah.visit(&path).await;
    assert_eq!(page.status(), 403);
    assert!(!page.body().contains(MIA));
    for action in ["disable", "end-sessions", "send-reset", "confirm", "roles", "delete"] {
        let fields = [("role", "admin"), ("email", MIA)];
        let answer = post(&noah, &format!("{path}/{action}"), &fields).await;
        assert_eq!(answer.status(), 403, "{action}");
    }

    assert_eq!(app.database_digest().await, before);
}
