//! Accounts that have to have a second factor, and sites on which no account can get one.

use auth::SecondFactorMode;
use reqwest::Method;
use tests::{Backend, TestApp, Transport};
use web::Policy;

use super::{Phone, factor_form, give_code, give_password, logged_in_by_code, protect, protected};
use crate::people::{self, ADA, MIA};

async fn app(mode: SecondFactorMode) -> TestApp {
    let app = TestApp::with(|settings| settings.accounts.second_factor = mode).await;
    people::seed_admin(&app, ADA).await;
    people::sign_up(&app, MIA).await;
    people::confirm(&app, MIA).await;
    app
}

/// MFA-13: every route for users leads to the page of the factors, but those that set one up.
#[tokio::test]
async fn who_lacks_a_required_factor_reaches_its_enrolment_and_nothing_else() {
    let app = app(SecondFactorMode::Everyone).await;
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    assert_eq!(browser.visit("/profile").await.path(), "/settings/factors");
    assert!(browser.text().contains("needs a second factor"), "{}", browser.text());
    let (token, before) = (browser.csrf_token(), app.database_digest().await);
    let (mut led, mut open) = (0, Vec::new());
    for route in tests::account_routes() {
        let is_closed =
            !matches!(route.policy, Policy::Anyone | Policy::Anonymous | Policy::AnyUser);
        if !is_closed {
            continue;
        }
        if route.path.starts_with("/settings/factors") || route.path.starts_with("/sudo") {
            open.push(route.path);
            continue;
        }
        led += 1;
        let path = route.path.replace(['{', '}'], "");
        let request = browser.raw(route.method.as_str(), &path).same_origin();
        let is_get = route.method == Method::GET;
        let form = [("csrf_token", token.as_str())];
        let request = if is_get { request } else { request.form(&form) };
        let answer = request.send().await;
        assert_eq!(answer.header("location"), Some("/settings/factors"), "{path} {answer:?}");
    }
    assert!(led > 20 && open.len() >= 8, "{led} {open:?}");
    assert_eq!(app.database_digest().await, before);

    browser.click("Add an app").await;
    let page = browser.page();
    let uri = page.dom().find("a[href^='otpauth:']").and_then(|link| link.attr("href"));
    let secret = uri.and_then(|uri| uri.split("secret=").nth(1)?.split('&').next());
    let phone = Phone::with(secret.expect("a secret"), &app.clock);
    browser.form("new-app-form").fill("code", &phone.code()).submit().await;
    browser.form("save-codes-form").check("saved").submit().await;
    assert_eq!(browser.visit("/profile").await.path(), "/profile");
}

/// MFA-13: admins alone, also those with a role that allows a part of the admin area.
#[tokio::test]
async fn only_admins_have_to_have_a_factor_where_that_is_asked_of_them() {
    let app = app(SecondFactorMode::Admins).await;
    let mut admin = people::logged_in(&app, Transport::Plain, ADA).await;
    let mut user = people::logged_in(&app, Transport::Plain, MIA).await;

    assert_eq!(admin.visit("/admin/users").await.path(), "/settings/factors");
    assert_eq!(user.visit("/profile").await.path(), "/profile");
    let protection = protect(&app, ADA).await;
    let mut admin = app.browser(Transport::Plain);
    give_password(&mut admin, ADA).await;
    give_code(&mut admin, &protection.phone.next_code()).await;
    assert_eq!(admin.visit("/admin/users").await.path(), "/admin/users");
}

/// MFA-10, MFA-13: the last factor stays where one is required.
#[tokio::test]
async fn the_last_factor_stays_where_one_is_required() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let everyone = |settings: &mut web::Settings| {
        settings.accounts.second_factor = SecondFactorMode::Everyone;
    };
    let app = app.restart_with(everyone).await;
    let mut browser = logged_in_by_code(&app, Transport::Plain, &protection).await;
    let remove = factor_form(&mut browser, "remove").await;

    let page = browser.form(&remove).submit().await;

    assert_eq!(page.status(), 422, "{}", page.visible_text());
    let error = page.form_error(&remove).unwrap_or_default();
    assert!(error.contains("needs a second factor"), "{error}");
    assert_eq!(app.count("authentication_apps").await, 1);
}

/// Where factors are off, their pages are gone; who has one is still asked.
#[tokio::test]
async fn where_factors_are_off_no_user_gets_one_and_who_has_one_is_asked() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let off =
        |settings: &mut web::Settings| settings.accounts.second_factor = SecondFactorMode::Off;
    let app = app.restart_with(off).await;
    people::sign_up(&app, people::ZOE).await;
    people::confirm(&app, people::ZOE).await;
    let mut other = people::logged_in(&app, Transport::Plain, people::ZOE).await;

    assert_eq!(other.visit("/settings/factors").await.status(), 404);
    let has_link = |browser: &tests::Browser| browser.page().body().contains("/settings/factors");
    other.visit("/profile").await;
    assert!(!has_link(&other));
    let mut browser = logged_in_by_code(&app, Transport::Plain, &protection).await;
    browser.visit("/profile").await;
    assert!(has_link(&browser));
    assert_eq!(browser.visit("/settings/factors").await.status(), 200);
}
