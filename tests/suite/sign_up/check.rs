//! The check of one field as it is left.

use tests::{TestApp, Transport};

use crate::flows::{MIA, PASSWORD, make_user, post};

#[tokio::test]
async fn leaving_a_field_judges_that_field_alone() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::HtmxPartial);
    browser.visit("/signup").await;

    let form = browser.form("signup-form").fill("email", "mia").fill("password", PASSWORD);
    form.leave("email").await;
    let page = browser.page();
    assert_eq!((page.status(), page.invalid_fields()), (200, vec!["email".to_owned()]));
    assert!(page.field_error("email").unwrap().contains("like name@example.org"));

    browser.form("signup-form").fill("email", MIA).leave("email").await;
    assert!(browser.page().invalid_fields().is_empty());
    let page = browser.form("signup-form").fill("name", "Mia").submit().await;
    assert_eq!(page.path(), "/login", "what was typed is still there");
}

/// Contract, "Routes", `/signup/check`: writes nothing, hashes nothing, and is no oracle.
#[tokio::test]
async fn the_check_of_a_field_never_says_whether_an_address_is_taken() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = app.browser(Transport::HtmxPartial);
    browser.visit("/signup").await;
    let (before, hashes) = (app.database_digest().await, app.accounts().operations().hash_count());

    let mut bodies = Vec::new();
    for email in [MIA, "new@example.test"] {
        let fields =
            [("email", email), ("name", "Mia"), ("password", PASSWORD), ("field", "email")];
        let answer = post(&browser, "/signup/check", &fields).await;
        assert_eq!(answer.status(), 200);
        assert!(answer.body.contains("name=\"email\""));
        assert!(!answer.body.contains("name=\"name\"") && !answer.body.contains("<form"));
        assert!(!answer.body.contains("-error"), "{}", answer.body);
        bodies.push(answer.body.replace(email, "*"));
    }

    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(app.database_digest().await, before);
    assert_eq!(app.accounts().operations().hash_count(), hashes);
    let wrong = post(&browser, "/signup/check", &[("email", "mia"), ("field", "email")]).await;
    assert!(wrong.body.contains("id=\"email-error\""), "so it is told: {}", wrong.body);
}

/// RES-01: one network has so many fields judged, and is told when to come back; the field
/// comes back unjudged.
#[tokio::test]
async fn one_network_has_so_many_fields_judged_in_a_minute() {
    let app = TestApp::with(|settings| settings.limits.enabled = true).await;
    let mut browser = app.browser(Transport::HtmxPartial);
    browser.visit("/signup").await;
    let check = || post(&browser, "/signup/check", &[("email", "mia"), ("field", "email")]);
    for n in 0..120 {
        let answer = check().await;
        assert_eq!((answer.status(), answer.body.contains("-error")), (200, true), "{n}");
    }

    let answer = check().await;
    assert_eq!((answer.status(), answer.header("retry-after")), (429, Some("60")));
    assert!(answer.body.contains("name=\"email\"") && !answer.body.contains("-error"));
    app.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(check().await.status(), 200);
}

#[tokio::test]
async fn the_check_knows_only_the_fields_of_the_form() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::HtmxPartial);
    browser.visit("/signup").await;

    for field in ["", "role", "csrf_token", "EMAIL"] {
        let answer = post(&browser, "/signup/check", &[("email", MIA), ("field", field)]).await;
        assert_eq!(answer.status(), 400, "{field:?}");
    }
}

#[tokio::test]
async fn the_check_of_a_password_minds_the_name_and_the_address() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::HtmxPartial);
    browser.visit("/signup").await;
    let form = browser.form("signup-form").fill("email", MIA).fill("name", "Mia Gooseberry-Ott");

    form.fill("password", "Mia Gooseberry-Ott 1").leave("password").await;

    let page = browser.page();
    assert_eq!(page.invalid_fields(), ["password"]);
    assert!(!page.body().contains("Gooseberry-Ott 1"), "a password is never sent back");
}
