//! Signing up: what makes an account, and how many.

mod check;
mod fields;
mod text;

use tests::{Answer, TestApp, Transport};
use tokio::task::JoinSet;

use crate::flows::{MIA, PASSWORD, can_log_in, logged_in, make_user, post};

/// Opens the page and posts these answers past the form.
async fn sign_up(app: &TestApp, email: &str, name: &str, password: &str) -> Answer {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/signup").await;
    post(&browser, "/signup", &[("email", email), ("name", name), ("password", password)]).await
}

#[tokio::test]
async fn a_new_account_leads_to_the_log_in_page_with_the_address_filled_in() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;

        let form = browser.form("signup-form").fill("email", "Mia@Example.test");
        let page = form.fill("name", "Mia").fill("password", PASSWORD).submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/login"), "{transport:?}");
        assert!(page.flash().starts_with("Account created."), "{}", page.flash());
        assert_eq!(page.field("login-form", "email").unwrap().value, MIA);
        assert_eq!(page.focused().as_deref(), Some("password"));
        assert!(!page.is_logged_in() && browser.cookies().session().is_none());
        assert_eq!((app.count("users").await, app.count("sessions").await), (1, 0));
    }
}

/// REG-02 with `accounts.signup = "open"`.
#[tokio::test]
async fn a_taken_address_is_told_beside_the_field_with_the_way_to_log_in() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let before = app.database_digest().await;
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;

        let form = browser.form("signup-form").fill("email", "MIA@example.test");
        let page = form.fill("name", "Mallory").fill("password", PASSWORD).submit().await;

        assert_eq!((page.status(), page.invalid_fields()), (422, vec!["email".to_owned()]));
        assert!(page.field_error("email").unwrap().contains("already has an account"));
        assert_eq!(page.link("Log in instead").as_deref(), Some("/login"), "{transport:?}");
        assert_eq!(app.database_digest().await, before, "{transport:?}");
    }
}

/// ENU-03: a taken address costs the hash that a free one costs.
#[tokio::test]
async fn a_taken_address_costs_what_a_free_one_costs() {
    let app = TestApp::start().await;

    assert_eq!(sign_up(&app, MIA, "Mia", PASSWORD).await.status(), 303);
    assert_eq!(app.accounts().operations().hash_count(), 1);
    assert_eq!(sign_up(&app, MIA, "Mia", PASSWORD).await.status(), 422);
    assert_eq!(app.accounts().operations().hash_count(), 2);
}

/// REG-03, RAC-01.
#[tokio::test]
async fn of_many_sign_ups_at_once_with_one_address_one_succeeds() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/signup").await;
    let token = browser.csrf_token();
    let spellings = ["mia@example.test", "Mia@EXAMPLE.test", " MIA@example.Test "];

    let mut answers = JoinSet::new();
    for email in spellings.into_iter().cycle().take(20) {
        let fields =
            [("csrf_token", &*token), ("email", email), ("name", "Mia"), ("password", PASSWORD)];
        answers.spawn(browser.raw("POST", "/signup").same_origin().form(&fields).send());
    }
    let answers = answers.join_all().await;

    let count = |status| answers.iter().filter(|answer| answer.status() == status).count();
    assert_eq!((count(303), count(422)), (1, 19));
    assert_eq!(app.database.texts("SELECT email FROM users").await, [MIA]);
}

/// REG-08: one Unicode form, whatever the keyboard makes.
#[tokio::test]
async fn an_accent_may_be_composed_at_sign_up_and_decomposed_at_log_in() {
    let app = TestApp::start().await;
    let composed = "crème brûlée après vous";
    let decomposed = "cre\u{300}me bru\u{302}le\u{301}e apre\u{300}s vous";

    assert_eq!(sign_up(&app, MIA, "Mia", composed).await.status(), 303);

    assert!(can_log_in(&app, MIA, decomposed).await);
    assert!(!can_log_in(&app, MIA, "creme brulee apres vous").await);
}

/// Operations, "Configuration", `accounts.signup = "closed"`.
#[tokio::test]
async fn no_visitor_signs_up_where_that_is_closed() {
    let app = TestApp::with(|settings| settings.accounts.signup = auth::SignupMode::Closed).await;
    for transport in [Transport::Plain, Transport::HtmxPartial] {
        let mut browser = app.browser(transport);
        let page = browser.visit("/signup").await;
        assert!(page.visible_text().contains("by invitation only"));
        assert!(!page.has_form("signup-form"));
        for path in ["/login", "/", "/forgot-password"] {
            let page = browser.visit(path).await;
            let links = page.dom().select("a[href='/signup']");
            assert_eq!(links.len(), 0, "{path} {transport:?}: it is nowhere advertised");
        }
        browser.visit("/login").await;

        let fields = [("email", MIA), ("name", "Mia"), ("password", PASSWORD)];
        let answer = post(&browser, "/signup", &fields).await;
        assert_eq!(answer.status(), 403, "{transport:?}");
        assert!(answer.body.contains("by invitation only"), "{}", answer.body);
        assert!(!answer.body.contains("You are logged in"), "{transport:?}");
    }
    assert_eq!(app.count("users").await, 0);
}

/// The control of the test above.
#[tokio::test]
async fn sign_up_is_offered_where_it_is_open() {
    let app = TestApp::start().await;
    for path in ["/login", "/", "/forgot-password"] {
        let page = app.browser(Transport::Plain).visit(path).await.clone();
        assert!(!page.dom().select("a[href='/signup']").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_user_has_no_need_to_sign_up() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;

    assert_eq!(browser.visit("/signup").await.path(), "/profile");

    let fields = [("email", "new@example.test"), ("name", "New"), ("password", PASSWORD)];
    let answer = post(&browser, "/signup", &fields).await;
    assert_eq!(answer.status(), 409);
    assert!(answer.body.contains("switch-user-form"), "{}", answer.body);
    let fields = [("email", MIA), ("name", "New"), ("password", PASSWORD)];
    let answer = post(&browser, "/signup", &fields).await;
    assert_eq!((answer.status(), answer.header("location")), (303, Some("/profile")));
    assert_eq!(app.count("users").await, 1);
}
