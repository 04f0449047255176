//! Links that are followed in another browser than the one that signed up: the password that was
//! chosen there, or the owner's word that it is another person's.

use std::time::Duration;

use tests::{TestApp, Transport};

use super::{LINK, link_to};
use crate::{
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, sign_up},
    people::{self, code_in},
};

const WRONG: &str = "not the right password";

/// A confirmation never voids the password that its owner has just chosen.
#[tokio::test]
async fn the_password_of_the_sign_up_confirms_on_another_device_and_loses_nothing() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut first = app.browser(transport);
        sign_up(&mut first, MIA).await;
        let form = first.form("login-form").fill("password", PASSWORD);
        assert!(form.submit().await.is_logged_in(), "{transport:?}");
        let mut phone = app.browser(transport);
        let page = phone.visit(&link_to(&app, MIA).await).await;
        assert!(page.visible_text().contains(MIA), "{transport:?}: {}", page.visible_text());
        assert_eq!(page.focused().as_deref(), Some("password"), "{transport:?}");

        let page = phone.form("confirm-address-form").fill("password", PASSWORD).submit().await;

        assert_eq!((page.path().as_str(), page.is_logged_in()), ("/profile", true));
        assert!(!page.has_form("unconfirmed-form"), "{transport:?}");
        let page = first.visit("/profile").await;
        assert!(page.is_logged_in() && !page.has_form("unconfirmed-form"), "{transport:?}");
        assert!(can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        let voided = "SELECT event FROM security_events WHERE event = 'password_voided'";
        assert_eq!(app.database.texts(voided).await.len(), 0, "{transport:?}");
    }
}

/// The page that waits in the browser that signed up says so within seconds.
#[tokio::test]
async fn the_browser_that_signed_up_is_told_of_a_confirmation_elsewhere() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut first = app.browser(transport);
        sign_up(&mut first, MIA).await;
        first.visit("/mailbox").await;
        let mut phone = app.browser(transport);
        phone.visit(&link_to(&app, MIA).await).await;
        phone.form("confirm-address-form").fill("password", PASSWORD).submit().await;

        let poll = first.raw("GET", "/mailbox/state").same_origin().htmx_partial().send().await;

        assert_eq!(poll.header("hx-push-url"), Some("/mailbox"), "{transport:?}");
        assert!(poll.body.contains("on another device"), "{transport:?}: {}", poll.body);
    }
}

/// REG-12, Better Auth #10239: the person who confirms the address keeps the account, without anything that the
/// stranger has set.
#[tokio::test]
async fn an_owner_who_confirms_what_a_stranger_signed_up_shuts_them_out() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut stranger = app.browser(transport);
        sign_up(&mut stranger, MIA).await;
        let form = stranger.form("login-form").fill("password", PASSWORD);
        assert!(form.submit().await.is_logged_in(), "{transport:?}");
        let code = code_in(&app.mailbox.wait_for_link(MIA, LINK).await);
        let mut owner = app.browser(transport);
        owner.visit(&link_to(&app, MIA).await).await;

        let page = owner.form("not-my-password-form").submit().await;

        assert!(page.path().starts_with("/reset-password/"), "{transport:?}: {}", page.path());
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{transport:?}");
        assert_eq!(app.count("sessions").await, 0, "{transport:?}");
        assert_eq!(stranger.visit("/profile").await.path(), "/login?next=%2Fprofile");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        for (path, field) in [("code", ("code", &*code)), ("email", ("email", "eve@evil.test"))] {
            crate::flows::post(&stranger, &format!("/mailbox/{path}"), &[field]).await;
        }
        assert_eq!(app.database.texts("SELECT email FROM users").await, [MIA]);
        let form = owner.form("reset-password-form").fill("password", NEW_PASSWORD);
        assert_eq!(form.submit().await.path(), "/login");
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
        assert_eq!(app.count("sessions").await, 1, "of the owner alone");
    }
}

/// REG-12: "not mine" counts in every browser, also in one that the account knows.
#[tokio::test]
async fn a_planted_password_does_not_survive_the_owners_word_in_the_browser_that_asked() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, MIA).await;
        let link = link_to(&app, MIA).await;

        let answer = crate::flows::post(&browser, &link, &[("renew", "1")]).await;

        let to = answer.header("location").or(answer.header("hx-push-url")).unwrap();
        assert!(to.starts_with("/reset-password/"), "{transport:?}: {to}");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
    }
}

/// REG-12: nothing happens without the visitor's choice.
#[tokio::test]
async fn a_form_of_the_browser_that_asked_leads_to_the_choice_in_another() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        sign_up(&mut browser, MIA).await;
        browser.visit(&link_to(&app, MIA).await).await;
        browser.cookies_mut().remove("__Host-latchkey-proof");
        let before = app.database.rows("users").await;

        let page = browser.form("confirm-address-form").submit().await;

        assert_eq!(page.status(), 200, "{transport:?}: {}", page.visible_text());
        assert!(page.has_form("not-my-password-form"), "{transport:?}");
        assert_eq!(app.database.rows("users").await, before, "{transport:?}");
        let form = browser.form("confirm-address-form").fill("password", PASSWORD);
        assert!(form.submit().await.is_logged_in(), "{transport:?}");
    }
}

/// LOG-11, RTL-01: tries count like log-ins, and a wrong one leaves everything as it is.
#[tokio::test]
async fn a_wrong_password_confirms_nothing_and_is_counted_like_a_log_in() {
    for transport in Transport::ALL {
        let app = TestApp::with(|settings| {
            settings.limits.enabled = true;
            settings.limits.login_per_account = auth::Rate::new(3, Duration::from_hours(1));
        })
        .await;
        sign_up(&mut app.browser(transport), MIA).await;
        let link = link_to(&app, MIA).await;
        let mut phone = app.browser(transport);
        let mut statuses = Vec::new();
        for password in ["", WRONG, WRONG, WRONG, PASSWORD] {
            phone.visit(&link).await;
            let form = phone.form("confirm-address-form").fill("password", password);
            statuses.push(form.submit().await.status());
        }

        assert_eq!(statuses, [422, 422, 422, 422, 429], "{transport:?}");
        let confirmed = "SELECT email FROM users WHERE confirmed_at IS NOT NULL";
        assert_eq!(app.database.texts(confirmed).await.len(), 0, "{transport:?}");
        assert_eq!(app.count("sessions").await, 0, "{transport:?}");
    }
}

/// LOG-05: two accounts are never mixed.
#[tokio::test]
async fn a_link_in_the_browser_of_another_user_ends_that_session() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, "eve@example.test").await;
        let mut browser = logged_in(&app, transport, "eve@example.test").await;
        let session = people::session_of(&browser);
        sign_up(&mut app.browser(transport), MIA).await;
        browser.visit(&link_to(&app, MIA).await).await;

        browser.form("confirm-address-form").fill("password", PASSWORD).submit().await;

        assert!(browser.visit("/profile").await.visible_text().contains(MIA), "{transport:?}");
        assert!(!people::is_alive(&app, &session).await, "{transport:?}");
    }
}
