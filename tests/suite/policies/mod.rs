//! Who may use which route, for every route of the table.

mod outcome;
mod permissions;
mod spellings;

use reqwest::Method;
use tests::{Browser, RawRequest, TestApp, Transport};
use web::RouteInfo;

use self::outcome::{Outcome, Visitor, expected, outcome_of};
use crate::{
    mail_admin, passkeys,
    people::{self, ADA, MIA, Proof, ZOE},
};

/// A user whom only admins may see.
const HIDDEN: &str = "hidden@example.test";

async fn browser(app: &TestApp, visitor: Visitor) -> Browser {
    match visitor {
        Visitor::User => people::logged_in(app, Transport::Plain, MIA).await,
        Visitor::Admin => people::logged_in(app, Transport::Plain, ADA).await,
        Visitor::Anonymous => {
            let mut browser = app.browser(Transport::Plain);
            browser.visit("/login").await;
            browser
        }
    }
}

async fn scene() -> TestApp {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    people::sign_up(&app, HIDDEN).await;
    people::seed_admin(&app, ADA).await;
    app
}

/// A fresh state: the address is unconfirmed, and no mail was requested.
async fn proof_anew(app: &TestApp) -> Proof {
    app.database.execute("DELETE FROM address_proofs; UPDATE users SET delete_after = NULL").await;
    let again = format!(
        "UPDATE users SET confirmed_at = NULL, password_hash = \
         (SELECT password_hash FROM users WHERE email = '{HIDDEN}') WHERE email = '{ZOE}'"
    );
    app.database.execute(&again).await;
    people::proof(app, ZOE).await
}

/// The path of what is the visitor's own, or used up for an account of its own.
async fn own_path(app: &TestApp, route: &RouteInfo, visitor: Visitor) -> String {
    // Both lead to the log-in page, as a page for users does.
    if let "/factor-reset/{token}" | "/keep-factors/{token}" = route.path {
        return route.path.replace("{token}", "nobodys");
    }
    let owner = match (route.path, visitor) {
        (
            "/sudo/{token}"
            | "/settings/factors/apps/{app}"
            | "/settings/factors/apps/{app}/remove",
            Visitor::Admin,
        ) => ADA.to_owned(),
        ("/confirm-email/{token}" | "/undo-email/{token}", _) => {
            let owner = format!("lea{}@example.test", app.count("users").await);
            people::sign_up(app, &owner).await;
            owner
        }
        (_, Visitor::Admin) if route.path.contains("{passkey}") => ADA.to_owned(),
        _ => MIA.to_owned(),
    };
    if route.path.contains("{passkey}") {
        return route.path.replace("{passkey}", passkeys::plant(app, &owner).await);
    }
    people::real_path(app, route.path, &owner).await
}

async fn request(
    route: &RouteInfo,
    path: &str,
    browser: &Browser,
    links: [&str; 2],
    id: &str,
) -> RawRequest {
    let [reset, proof] = links;
    let path = match path {
        "/reset-password/{token}" => reset.to_owned(),
        "/confirm-address/{token}" => proof.to_owned(),
        "/not-me/{token}" => "/not-me/nobodys".to_owned(),
        "/settings/sessions/{session}/end" => people::session_end_path(browser).await,
        "/admin/mail/{mail}/send" => mail_admin::mail_send_path(browser).await,
        other => other.replace("{id}", id),
    };
    assert!(!path.contains('{'), "write down what stands for the parameters of {}", route.path);
    let request = browser.raw(route.method.as_str(), &path).same_origin();
    if route.method == Method::GET {
        return request;
    }
    let token = browser.csrf_token();
    let token = ("csrf_token", token.as_str());
    request.form(&[token, ("field", "email"), ("role", "admin"), ("renew", "1")])
}

/// ADM-01, allauth 65.15.1, contract, "Routes" and "Three transports, one form".
#[tokio::test]
async fn every_route_lets_in_an_anonymous_visitor_where_its_policy_says_so_and_nowhere_else() {
    ask_every_route(Visitor::Anonymous).await;
}

/// ADM-01, contract, "Routes" and "Three transports, one form".
#[tokio::test]
async fn every_route_lets_in_a_user_where_its_policy_says_so_and_nowhere_else() {
    ask_every_route(Visitor::User).await;
}

/// ADM-01, contract, "Routes" and "Three transports, one form".
#[tokio::test]
async fn every_route_lets_in_an_admin_where_its_policy_says_so_and_nowhere_else() {
    ask_every_route(Visitor::Admin).await;
}

async fn ask_every_route(visitor: Visitor) {
    let app = scene().await;
    people::sign_up(&app, ZOE).await;
    let reset = people::reset_path(&app, HIDDEN).await;
    let id = people::id_of(&app, HIDDEN).await;
    for route in tests::account_routes().iter().filter(|route| route.path != "/dev/mail") {
        for is_partial in [false, true] {
            let proof = proof_anew(&app).await;
            let path = own_path(&app, route, visitor).await;
            let mut browser = browser(&app, visitor).await;
            // A link is followed in another browser than the one that asked.
            if route.path.starts_with("/mailbox") {
                browser.cookies_mut().plant(people::PROOF, &proof.cookie);
            }
            if route.path.contains("{mail}") {
                mail_admin::keep_a_mail_waiting(&app).await;
            }
            let outcome = expected(route, visitor, is_partial);
            let before = app.database_digest().await;
            let links = [reset.as_str(), &proof.path];
            let request = request(route, &path, &browser, links, &id).await;
            let request = if is_partial { request.htmx_partial() } else { request };

            let answer = request.send().await;

            let what = format!("{} {} {visitor:?} {is_partial}", route.method, route.path);
            assert_eq!(outcome_of(&answer, is_partial), Some(outcome), "{what}: {answer:?}");
            if outcome != Outcome::Served {
                assert!(!answer.body.contains(HIDDEN), "{what}: {}", answer.body);
                assert_eq!(app.database_digest().await, before, "{what}");
            }
        }
    }
}

/// The mailbox of a desk and the name of its process are not there anywhere else.
#[tokio::test]
async fn what_developers_ask_for_is_there_in_development_alone() {
    let test = TestApp::start().await;
    let desk = TestApp::with(|settings| {
        settings.environment = web::Environment::Development;
    })
    .await;

    for path in ["/dev/mail", "/dev/version"] {
        let elsewhere = test.browser(Transport::Plain).raw("GET", path).send().await;
        assert_eq!(elsewhere.status(), 404, "{path}");
        let here = desk.browser(Transport::Plain).raw("GET", path).send().await;
        assert_eq!(here.status(), 200, "{path}");
    }
}

/// ADM-01, ADM-02, CVE-2026-44553: an admin who was demoted past the app, with a live session.
#[tokio::test]
async fn an_admin_who_was_demoted_is_refused_at_the_next_request() {
    let app = scene().await;
    let mut admin = browser(&app, Visitor::Admin).await;
    let id = people::id_of(&app, HIDDEN).await;
    assert!(admin.raw("GET", "/admin/users").send().await.body.contains(HIDDEN));
    app.database.execute(&format!("UPDATE users SET role = 'user' WHERE email = '{ADA}'")).await;

    // The session has another id after a change of role, and its forms another token.
    let page = admin.raw("GET", "/admin/users").send().await;
    admin.keep_cookies(&page);
    admin.visit("/profile").await;
    let token = admin.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("role", "admin")];
    let path = format!("/admin/users/{id}/role");
    let action = admin.raw("POST", &path).same_origin().form(&fields).send().await;

    for refused in [&page, &action] {
        assert_eq!(refused.status(), 403, "{refused:?}");
        assert!(refused.body.contains("You don’t have access to this page"), "{refused:?}");
        assert!(!refused.body.contains(HIDDEN));
    }
    let admins = "SELECT email FROM users WHERE role = 'admin'";
    assert_eq!(app.database.texts(admins).await, Vec::<String>::new());
}

/// ADM-01: a page of the user's own account is at most as old as the cache; a permission never is.
#[tokio::test]
async fn a_session_of_a_deleted_user_is_that_of_a_visitor() {
    let app =
        TestApp::with(|settings| settings.session.cache_ttl = std::time::Duration::ZERO).await;
    people::sign_up(&app, MIA).await;
    let browser = people::logged_in(&app, Transport::Plain, MIA).await;
    app.database.execute("DELETE FROM users").await;

    let answer = browser.raw("GET", "/profile").send().await;

    assert_eq!(answer.status(), 303);
    assert!(!answer.body.contains(MIA));
}

/// ADM-06, ENU-07.
#[tokio::test]
async fn a_user_changes_no_role_and_an_admin_that_of_users_who_exist() {
    let app = scene().await;
    let admin = browser(&app, Visitor::Admin).await;
    let user = browser(&app, Visitor::User).await;
    let hidden = people::id_of(&app, HIDDEN).await;
    let own = people::id_of(&app, MIA).await;
    let before = app.database_digest().await;
    let send = async |browser: &Browser, id: &str| {
        let token = browser.csrf_token();
        let fields = [("csrf_token", token.as_str()), ("role", "admin")];
        let path = format!("/admin/users/{id}/role");
        browser.raw("POST", &path).same_origin().form(&fields).send().await.status()
    };

    for id in [hidden.as_str(), &own, "00000000-0000-4000-8000-000000000000", "1", "x"] {
        assert_eq!(send(&user, id).await, 403, "{id}");
    }
    for id in ["00000000-0000-4000-8000-000000000000", "1", "x", "..", "%00", "'"] {
        assert_eq!(send(&admin, id).await, 404, "{id}");
    }
    assert_eq!(app.database_digest().await, before);
    people::confirm(&app, HIDDEN).await;
    assert_eq!(send(&admin, &hidden).await, 303, "the same form of an admin about a user");
}

/// A feature that `cargo xtask new` writes takes no path of the accounts.
#[test]
fn the_generator_knows_the_paths_of_the_accounts() {
    for route in tests::account_routes() {
        let start = route.path.split('/').nth(1).unwrap();
        assert!(start.is_empty() || xtask::new::TAKEN_PATHS.contains(&start), "{}", route.path);
    }
}

/// Nor the name of a table of the accounts.
#[tokio::test]
async fn the_generator_knows_the_tables_of_the_accounts() {
    let app = TestApp::start().await;
    for table in app.database.tables().await {
        let is_taken = xtask::new::TAKEN_TABLES.contains(&table.as_str());
        assert!(is_taken, "{table}");
    }
}
