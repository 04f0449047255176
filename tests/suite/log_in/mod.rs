//! Logging in: what is answered, and what is not told.

mod next;
mod operator;
mod passwords;
mod refused;

use tests::{TestApp, Transport};

use crate::flows::{MIA, PASSWORD, logged_in, make_user, masked, post, sign_up};

#[tokio::test]
async fn a_mistake_is_told_without_saying_which_and_the_address_is_kept() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = app.browser(transport);
        browser.visit("/login?next=/profile").await;

        let form = browser.form("login-form").fill("email", MIA).check("remember");
        let page = form.fill("password", "not a goose at all").submit().await;

        assert_eq!(page.status(), 422, "{transport:?}");
        let error = page.form_error("login-form").unwrap();
        assert_eq!(error, "Wrong email address or password. Check both and try again.");
        assert_eq!(page.field("login-form", "email").unwrap().value, MIA);
        assert!(page.field("login-form", "remember").unwrap().checked);
        assert_eq!(page.field("login-form", "next").unwrap().value, "/profile");
        assert_eq!(page.field("login-form", "password").unwrap().value, "");
        assert_eq!(page.focused().as_deref(), Some("password"), "{transport:?}");
        assert_eq!(app.count("sessions").await, 0);
    }
}

#[tokio::test]
async fn what_is_missing_is_told_at_its_field() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::HtmxPartial);
    browser.visit("/login").await;

    let page = browser.form("login-form").submit().await;

    assert_eq!(page.status(), 422);
    assert_eq!(page.invalid_fields(), ["email", "password"]);
    assert_eq!(page.field_error("password").unwrap(), "Enter your password.");
    assert_eq!(app.accounts().operations().hash_count(), 0);
}

/// LOG-02, LOG-08 (CVE-2024-39329), ENU-01 (one Argon2 run each), ENU-08: the answers to a wrong
/// password, to an unknown address and to an account with an unusable hash are the same.
#[tokio::test]
async fn no_visitor_learns_whether_an_address_has_an_account() {
    let app = TestApp::start().await;
    for email in [MIA, "bad@example.test"] {
        make_user(&app, email).await;
    }
    for transport in [Transport::Plain, Transport::HtmxPartial] {
        let mut browser = app.browser(transport);
        browser.visit("/login").await;
        let mut answers = Vec::new();
        for (email, hash) in [
            (MIA, None),
            ("nil@example.test", None),
            ("bad@example.test", Some("")),
            ("bad@example.test", Some("!")),
            ("bad@example.test", Some("$argon2id$v=19$m=64,t=1,p=1$c2FsdA")),
            ("bad@example.test", Some("$2b$12$abcdefghijklmnopqrstuv")),
            ("bad@example.test", Some("$argon2id$v=19$m=4000000,t=9,p=1$c2FsdHNhbHRzYWx0$AAAA")),
        ] {
            if let Some(hash) = hash {
                let set =
                    format!("UPDATE users SET password_hash = '{hash}' WHERE email = '{email}'");
                assert_eq!(app.database.execute(&set).await, 1);
            }
            let before = app.accounts().operations().hash_count();
            let fields = [("email", email), ("password", "not a goose at all")];
            let answer = post(&browser, "/login", &fields).await;

            assert_eq!(answer.status(), 422, "{email} {hash:?}");
            assert_eq!(app.accounts().operations().hash_count() - before, 1, "{email} {hash:?}");
            answers.push(masked(&answer, &[email]));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    }
    assert_eq!(app.count("sessions").await, 0);
}

/// LOG-03: nothing in an address logs anybody in, or is even looked at.
#[tokio::test]
async fn a_password_in_the_address_is_not_read() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let hashes = app.accounts().operations().hash_count();
    let browser = app.browser(Transport::Plain);
    let path = "/login?email=mia%40example.test&password=a+goose+on+the+loose&remember=on";

    for method in ["GET", "HEAD"] {
        let answer = browser.raw(method, path).same_origin().send().await;

        assert_eq!(answer.status(), 200, "{method}");
        assert!(answer.cookies().iter().all(|cookie| !cookie.name.contains("session")));
        assert!(!answer.body.contains("goose") && !answer.body.contains(MIA), "{method}");
    }
    assert_eq!(
        (app.count("sessions").await, app.accounts().operations().hash_count()),
        (0, hashes)
    );
}

/// LOG-04: only a form is a form.
#[tokio::test]
async fn other_formats_than_a_forms_are_turned_down() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();
    let json = format!("{{\"email\":\"{MIA}\",\"password\":\"{PASSWORD}\"}}");
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts = format!("{}{}--b--\r\n", part("email", MIA), part("password", PASSWORD));
    let plain = format!("email={MIA}&password={PASSWORD}");
    for (kind, body) in [
        ("application/json", json.as_str()),
        ("multipart/form-data; boundary=b", &parts),
        ("text/plain", &plain),
        ("application/x-www-form-urlencoded2", &plain),
    ] {
        let request = browser.raw("POST", "/login").same_origin().header("x-csrf-token", &token);
        let answer = request.body(kind, body).send().await;

        assert_eq!(answer.status(), 415, "{kind}");
        assert!(answer.is_html() && answer.body.contains("<h1"), "{kind}");
    }
    assert_eq!(app.count("sessions").await, 0);
}

/// LOG-04, INP-03.
#[tokio::test]
async fn an_address_or_a_password_that_comes_twice_is_an_error_of_that_field() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let (email, password) = (("email", MIA), ("password", PASSWORD));
    for fields in [[email, email, password], [email, password, password]] {
        let answer = post(&browser, "/login", &fields).await;

        assert_eq!(answer.status(), 422, "{fields:?}");
        assert!(answer.is_html() && answer.body.contains("sent more than once"), "{fields:?}");
    }
    assert_eq!(app.count("sessions").await, 0);
}

/// LOG-05: a log-in form that was left open changes nothing for a user who has logged in since.
#[tokio::test]
async fn logging_in_again_while_logged_in_keeps_the_session() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;
    let before = app.database_digest().await;

    let fields = [("email", MIA), ("password", "not a goose at all")];
    let answer = post(&browser, "/login", &fields).await;

    assert_eq!((answer.status(), answer.header("location")), (303, Some("/profile")));
    assert!(answer.cookies().is_empty());
    assert_eq!(app.database_digest().await, before);
}

/// SES-17: the sentence about what was done is said once.
#[tokio::test]
async fn the_flash_is_shown_once() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;

        assert_eq!(browser.page().flash(), "You are logged in.", "{transport:?}");
        assert_eq!(browser.reload().await.flash(), "", "{transport:?}");
        assert_eq!(browser.visit("/").await.flash(), "", "{transport:?}");
    }
}

#[tokio::test]
async fn the_address_is_filled_in_for_the_browser_that_signed_up() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, MIA).await;

        for _ in 0..2 {
            let page = browser.visit("/login").await;
            assert_eq!(page.field("login-form", "email").unwrap().value, MIA, "{transport:?}");
            assert_eq!(page.focused().as_deref(), Some("password"), "{transport:?}");
            assert_eq!(page.flash(), "", "{transport:?}");
        }

        let mut other = app.browser(transport);
        let page = other.visit("/login").await;
        assert_eq!(page.field("login-form", "email").unwrap().value, "", "{transport:?}");
        assert_eq!(page.focused().as_deref(), Some("email"), "{transport:?}");
    }
}

/// A flash without the signature of this site is not shown: no one plants a text or an address.
#[tokio::test]
async fn a_flash_that_was_forged_is_not_shown() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    for value in ["logged_in", "logged_in..", "signed_up.bWlhQGV4YW1wbGUudGVzdA.AAAA", "....."] {
        browser.cookies_mut().plant("__Host-latchkey-flash", value);

        let page = browser.visit("/login").await;

        assert_eq!(page.flash(), "", "{value}");
        assert_eq!(page.field("login-form", "email").unwrap().value, "", "{value}");
    }
}
