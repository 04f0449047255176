//! A form from a tab that was opened before another user logged in, in another tab of the same
//! browser: it is not carried out for the wrong user, and the page says who is logged in.

use tests::{Browser, TestApp, Transport};

use crate::{
    cast::NOAH,
    people::{self, MIA, PASSWORD},
};

async fn scene() -> TestApp {
    let app = TestApp::start().await;
    for email in [MIA, NOAH] {
        people::sign_up(&app, email).await;
        people::confirm(&app, email).await;
    }
    app
}

/// Has `email` log in, in another tab of this browser.
async fn log_in_beside(app: &TestApp, browser: &mut Browser, email: &str) {
    let other_tab = people::logged_in(app, Transport::Plain, email).await;
    let session = other_tab.cookies().session().expect("a session").value.clone();
    browser.cookies_mut().plant(people::SESSION, &session);
}

/// LOG-05: who logs in or signs up in a stale tab does not land in the profile of another.
#[tokio::test]
async fn a_log_in_beside_another_users_says_who_is_logged_in_and_offers_to_switch() {
    for transport in Transport::ALL {
        for path in ["/login", "/signup"] {
            let app = scene().await;
            let mut browser = app.browser(transport);
            browser.visit(path).await;
            log_in_beside(&app, &mut browser, NOAH).await;
            let digest = app.database_digest().await;
            let id = if path == "/login" { "login-form" } else { "signup-form" };
            let form = browser.form(id).fill("email", MIA).fill("password", PASSWORD);
            let form = if path == "/signup" { form.fill("name", "Mia") } else { form };

            let page = form.submit().await;

            assert_eq!(page.status(), 409, "{transport:?}");
            assert!(page.visible_text().contains(NOAH), "{}", page.visible_text());
            assert!(!page.body().contains(PASSWORD));
            assert_eq!(app.database_digest().await, digest, "{transport:?}");
            let page = browser.form("switch-user-form").submit().await;
            assert_eq!(page.path(), path, "{transport:?}: {}", page.visible_text());
            assert!(!page.is_logged_in() && !page.flash().is_empty(), "{transport:?}");
        }
    }
}

/// LOG-05: the way to the page that was wanted is not lost, and staying is a link.
#[tokio::test]
async fn who_switches_goes_on_to_the_page_that_was_wanted_and_who_stays_to_the_profile() {
    for transport in Transport::ALL {
        let app = scene().await;
        let mut browser = app.browser(transport);
        browser.visit("/login?next=/settings/profile").await;
        log_in_beside(&app, &mut browser, NOAH).await;
        let form = browser.form("login-form").fill("email", MIA);
        form.fill("password", PASSWORD).submit().await;
        browser.form("switch-user-form").submit().await;
        let form = browser.form("login-form").fill("email", MIA);
        let page = form.fill("password", PASSWORD).submit().await;
        assert_eq!(page.path(), "/settings/profile", "{transport:?}");

        let page = browser.visit("/login").await;
        assert_eq!(page.path(), "/profile");
        let own = browser.csrf_token();
        for (email, status) in [(MIA, 303), ("", 303), ("x", 409), (NOAH, 409)] {
            let fields = [("csrf_token", own.as_str()), ("email", email), ("password", PASSWORD)];
            let answer = browser.raw("POST", "/login").same_origin().form(&fields).send().await;
            assert_eq!(answer.status(), status, "{email}");
        }
    }
}

/// CSRF-08: a form of one user that is sent while another is logged in changes neither, and
/// is not offered to be sent again for the wrong one.
#[tokio::test]
async fn a_form_of_one_user_is_not_taken_for_another() {
    for transport in Transport::ALL {
        for (path, id) in [
            ("/settings/profile", "profile-form"),
            ("/settings/password", "password-form"),
            ("/settings/sessions", "logout-form"),
        ] {
            let app = scene().await;
            let mut browser = people::logged_in(&app, transport, MIA).await;
            browser.visit(path).await;
            log_in_beside(&app, &mut browser, NOAH).await;
            let digest = app.database_digest().await;
            let form = browser.form(id);
            let form = match id {
                "profile-form" => form.fill("name", "Only Mia"),
                "password-form" => {
                    form.fill("current_password", PASSWORD).fill("password", "a horse of old")
                }
                _ => form,
            };

            let page = form.submit().await;

            assert_eq!(page.status(), 403, "{transport:?} {path}");
            let text = page.visible_text();
            assert!(text.contains(NOAH) && !page.body().contains("Only Mia"), "{text}");
            assert!(page.has_form("switch-user-form") && !page.has_form(id) || id == "logout-form");
            assert_eq!(app.database_digest().await, digest, "{transport:?} {path}");
            let page = browser.form("switch-user-form").submit().await;
            assert!(page.path().starts_with("/login?next="), "{transport:?}: {}", page.path());
        }
    }
}

/// CSRF-08: what is for everybody comes back, and says who is logged in meanwhile.
#[tokio::test]
async fn a_form_for_everybody_says_who_has_logged_in_since() {
    for transport in Transport::ALL {
        let app = scene().await;
        let reset = people::reset_path(&app, MIA).await;
        for (path, id) in
            [("/forgot-password", "forgot-password-form"), (reset.as_str(), "reset-password-form")]
        {
            let mut browser = app.browser(transport);
            browser.visit(path).await;
            log_in_beside(&app, &mut browser, NOAH).await;
            let digest = app.database_digest().await;
            let form = browser.form(id);
            let page = match id {
                "forgot-password-form" => form.fill("email", MIA),
                _ => form.fill("password", "a horse of another colour"),
            };
            let page = page.submit().await;

            assert_eq!(page.status(), 403, "{transport:?} {path}");
            let error = page.form_error(id).unwrap_or_default();
            assert!(error.contains(NOAH), "{transport:?} {path}: {error}");
            assert_eq!(app.database_digest().await, digest, "{transport:?} {path}");
        }
    }
}

/// LOG-05: a field that is judged while it is typed in is left as it is.
#[tokio::test]
async fn the_check_of_a_field_beside_another_user_leaves_what_is_typed() {
    let app = scene().await;
    let mut browser = app.browser(Transport::HtmxPartial);
    browser.visit("/signup").await;
    log_in_beside(&app, &mut browser, NOAH).await;
    let token = browser.csrf_token();
    let token = ("csrf_token", token.as_str());
    // The page behind a mailed link has no field for the address.
    for fields in [
        vec![token, ("email", "lea@example.test"), ("field", "email")],
        vec![token, ("email", NOAH), ("field", "email")],
        vec![token, ("name", "Lea"), ("field", "name")],
    ] {
        let request = browser.raw("POST", "/signup/check").same_origin().htmx_partial();
        let answer = request.form(&fields).send().await;

        assert_eq!((answer.status(), answer.body.as_str()), (204, ""), "{fields:?}");
    }
}
