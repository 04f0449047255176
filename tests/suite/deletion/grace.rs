//! An account that waits to be deleted: taken back or left alone, and nothing else.

use reqwest::Method;
use tests::{TestApp, Transport};
use web::Policy;

use super::{GRACE, app, asked_by, events, is_waiting, make_owner, waiting};
use crate::{
    flows::{ADA, MIA, NEW_PASSWORD, can_log_in, logged_in, make_admin},
    people,
};

#[tokio::test]
async fn a_user_who_logs_in_can_take_it_back() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = waiting(&app, transport).await;
        assert!(browser.text().contains("29 January 2027, 08:00 UTC"), "{}", browser.text());
        assert_eq!(browser.visit("/profile").await.path(), "/account-deletion");

        let page = browser.form("keep-account-form").submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/profile"), "{transport:?}");
        assert_eq!(page.flash(), "Your account will not be deleted.", "{transport:?}");
        assert!(!is_waiting(&app, MIA).await, "{transport:?}");
        assert_eq!(events(&app, "deletion_cancelled").await, ["deletion_cancelled owner"]);
        people::mails_sent(&app).await;
        let mail = app.mailbox.latest_to(MIA).await;
        assert_eq!(mail.subject, "Your Latchkey account will not be deleted", "{transport:?}");
        assert!(mail.find_link("/not-me/").is_some(), "{transport:?}");
        assert_eq!(browser.visit("/account-deletion").await.path(), "/settings/data");
        app.clock.advance(GRACE);
        app.accounts().operations().sweep().await.unwrap();
        assert_eq!(app.count("users").await, 1, "{transport:?}");
    }
}

#[tokio::test]
async fn taking_it_back_twice_is_taking_it_back_once() {
    let app = app().await;
    let mut browser = waiting(&app, Transport::Plain).await;
    let mut twin = waiting_twin(&app).await;
    browser.form("keep-account-form").submit().await;

    let page = twin.form("keep-account-form").submit().await;

    assert_eq!((page.status(), page.path().as_str()), (200, "/profile"));
    assert_eq!(events(&app, "deletion_cancelled").await.len(), 1);
    people::mails_sent(&app).await;
    let mails = app.mailbox.all_to(MIA).await;
    assert_eq!(
        mails.iter().filter(|mail| mail.subject.ends_with("will not be deleted")).count(),
        1
    );
}

async fn waiting_twin(app: &TestApp) -> tests::Browser {
    people::logged_in(app, Transport::Plain, MIA).await
}

/// ADM-01: an admin too, in each transport, and nothing is done on the way.
#[tokio::test]
async fn every_page_for_users_leads_to_the_one_that_takes_it_back() {
    let app = app().await;
    make_admin(&app, ADA).await;
    make_admin(&app, MIA).await;
    let browser = waiting(&app, Transport::Plain).await;
    let token = browser.csrf_token();
    let before = app.database_digest().await;
    let mut walked = 0;
    for route in tests::account_routes() {
        let is_closed = match route.policy {
            Policy::User
            | Policy::RecentUser
            | Policy::Permission(_)
            | Policy::RecentPermission(_) => true,
            Policy::AnyUser | Policy::Anyone | Policy::Anonymous => false,
        };
        if !is_closed {
            continue;
        }
        walked += 1;
        let path = route.path.replace("{token}", "x").replace("{session}", "x");
        let path = path.replace("{id}", "x").replace("{mail}", "x");
        let path = path.replace("{app}", "x").replace("{browser}", "x");
        let request = || {
            let request = browser.raw(route.method.as_str(), &path).same_origin();
            if route.method == Method::GET {
                request
            } else {
                request.form(&[("csrf_token", &token)])
            }
        };

        let plain = request().send().await;
        assert_eq!(plain.header("location"), Some("/account-deletion"), "{path} {plain:?}");
        let partial = request().htmx_partial().send().await;
        assert_eq!(partial.header("hx-push-url"), Some("/account-deletion"), "{path} {partial:?}");
    }
    assert!(walked > 12, "{walked}");
    assert_eq!(app.database_digest().await, before);
    let mut browser = browser;
    // An open page asks for this by itself, and reloads when it is led elsewhere.
    assert!(browser.raw("GET", "/session").send().await.status() < 300);
    assert!(!browser.page().nav_links().iter().any(|link| link == "/admin/users"));
    assert!(!browser.form("logout-form").submit().await.is_logged_in());
    assert!(is_waiting(&app, MIA).await);
}

#[tokio::test]
async fn a_new_password_does_not_take_it_back_and_lets_the_owner_do_so() {
    for transport in Transport::ALL {
        let app = app().await;
        asked_by(&app, MIA).await;
        let reset = people::reset_path(&app, MIA).await;
        let mut browser = app.browser(transport);
        browser.visit(&reset).await;
        browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
        assert!(is_waiting(&app, MIA).await, "{transport:?}");

        let form = browser.form("login-form").fill("email", MIA);
        let page = form.fill("password", NEW_PASSWORD).submit().await;

        assert_eq!(page.path(), "/account-deletion", "{transport:?}");
        browser.form("keep-account-form").submit().await;
        assert!(!is_waiting(&app, MIA).await, "{transport:?}");
    }
}

/// LOG-13: the owner of the mailbox keeps the account against a person who knows the password.
#[tokio::test]
async fn an_owner_who_did_not_ask_keeps_the_account_by_the_link_in_the_receipt() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut thief = waiting(&app, transport).await;
        let link = people::newest_link(&app, MIA, "/not-me/").await;
        let mut owner = app.browser(transport);
        owner.visit(&link).await;

        owner.form("not-me-form").submit().await;

        assert!(!is_waiting(&app, MIA).await, "{transport:?}");
        assert!(thief.visit("/profile").await.path().starts_with("/login"), "{transport:?}");
        assert!(!can_log_in(&app, MIA, crate::flows::PASSWORD).await, "{transport:?}");
        assert_eq!(events(&app, "deletion_cancelled").await.len(), 1, "{transport:?}");
    }
}

/// An earlier owner of the address is not outrun by a wish to delete the account.
#[tokio::test]
async fn a_change_of_address_can_still_be_undone_and_keeps_the_account() {
    let app = app().await;
    let undo = people::real_path(&app, "/undo-email/{token}", MIA).await;
    let new = format!("new-{MIA}");
    asked_by(&app, &new).await;
    let mut owner = app.browser(Transport::Plain);
    owner.visit(&undo).await;

    owner.form("undo-email-form").submit().await;

    assert!(!is_waiting(&app, MIA).await);
    assert_eq!(app.database.texts("SELECT email FROM users").await, [MIA]);
}

#[tokio::test]
async fn an_address_in_grace_is_taken_and_free_when_the_account_is_gone() {
    for signup in [auth::SignupMode::Open, auth::SignupMode::Confirmed] {
        let app = app_with(signup).await;
        asked_by(&app, MIA).await;
        let mut browser = app.browser(Transport::Plain);
        let mut sign_up = async || {
            browser.visit("/signup").await;
            let form = browser.form("signup-form").fill("email", MIA);
            let form = match signup {
                auth::SignupMode::Open => form.fill("name", "Noah").fill("password", NEW_PASSWORD),
                _ => form,
            };
            form.submit().await.status()
        };

        let expected = if signup == auth::SignupMode::Open { 422 } else { 200 };
        assert_eq!(sign_up().await, expected, "{signup:?}");
        assert!(is_waiting(&app, MIA).await, "{signup:?}");
        app.clock.advance(GRACE);
        app.accounts().operations().sweep().await.unwrap();
        assert_eq!(sign_up().await, 200, "{signup:?}");
        logged_in_or_mailed(&app, signup).await;
    }
}

async fn app_with(signup: auth::SignupMode) -> TestApp {
    let app = TestApp::with(|settings| settings.accounts.signup = signup).await;
    people::seed_admin(&app, MIA).await;
    let user = "UPDATE users SET role = 'user', confirmed_at = created_at";
    app.database.execute(user).await;
    app
}

async fn logged_in_or_mailed(app: &TestApp, signup: auth::SignupMode) {
    if signup == auth::SignupMode::Open {
        assert!(can_log_in(app, MIA, NEW_PASSWORD).await);
    } else {
        app.mailbox.wait_for_link(MIA, "/new-account/").await;
    }
}

#[tokio::test]
async fn nothing_changes_for_anybody_else() {
    let app = app().await;
    make_owner(&app, "eve@example.test").await;
    let mut eve = logged_in(&app, Transport::Plain, "eve@example.test").await;
    asked_by(&app, MIA).await;
    assert_eq!(eve.visit("/settings/data").await.path(), "/settings/data");

    app.clock.advance(GRACE);
    app.accounts().operations().sweep().await.unwrap();

    assert_eq!(app.database.texts("SELECT email FROM users").await, ["eve@example.test"]);
    let recipients = "SELECT DISTINCT recipient FROM outbox";
    assert_eq!(app.database.texts(recipients).await, [MIA], "sent or not");
}
