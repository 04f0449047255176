//! Changing the password with the current one.

use std::time::Duration;

use auth::Rate;
use tests::{Browser, TestApp, Transport};

use super::has_event;
use crate::{
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, post},
    people::{is_alive, session_of},
};

const PATH: &str = "/settings/password";
const HOUR: Duration = Duration::from_hours(1);

async fn change(browser: &mut Browser, current: &str, new: &str) -> u16 {
    browser.visit(PATH).await;
    let form = browser.form("password-form").fill("current_password", current);
    form.fill("password", new).submit().await.status()
}

/// LOG-11, LOG-13, SES-02, SES-13, RST-06.
#[tokio::test]
async fn a_changed_password_leaves_this_browser_logged_in_under_another_id_and_no_other() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let elsewhere = session_of(&logged_in(&app, Transport::Plain, MIA).await);
        let mut browser = logged_in(&app, transport, MIA).await;
        let old = session_of(&browser);
        let reset = crate::people::reset_path(&app, MIA).await;

        assert_eq!(change(&mut browser, PASSWORD, NEW_PASSWORD).await, 200, "{transport:?}");

        let page = browser.page();
        assert_eq!((page.path().as_str(), page.is_logged_in()), (PATH, true), "{transport:?}");
        assert!(page.flash().starts_with("Password changed"), "{transport:?}");
        let new = session_of(&browser);
        assert!(new != old && is_alive(&app, &new).await, "{transport:?}");
        assert!(!is_alive(&app, &old).await && !is_alive(&app, &elsewhere).await);
        assert_eq!(browser.visit(&reset).await.status(), 410, "{transport:?}");
        assert!(has_event(&app, MIA, "password_changed owner").await, "{transport:?}");
        // One about the second browser, one with the link that is void now.
        let notice = app.mailbox.nth_to(MIA, 3).await;
        assert_eq!(notice.subject, "Your Latchkey password was changed");
        assert!(notice.link("/not-me/").len() > 40);
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
    }
}

/// LOG-11, LOG-12.
#[tokio::test]
async fn what_is_wrong_with_either_password_is_told_at_its_field_and_changes_nothing() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        let before = app.database_digest().await;
        for (current, new, field, reason) in [
            ("a duck on the truck", NEW_PASSWORD, "current_password", "not your current password"),
            ("", NEW_PASSWORD, "current_password", "Enter your password"),
            (PASSWORD, "", "password", "Choose a password"),
            (PASSWORD, "short", "password", "at least 15 characters"),
            (PASSWORD, "mia@example.test", "password", "Your address"),
            (PASSWORD, PASSWORD, "password", "already your password"),
        ] {
            let status = change(&mut browser, current, new).await;

            let page = browser.page();
            assert_eq!((status, page.invalid_fields()), (422, vec![field.to_owned()]), "{reason}");
            assert!(page.field_error(field).unwrap().contains(reason), "{transport:?} {reason}");
            for name in ["current_password", "password"] {
                assert_eq!(page.field("password-form", name).unwrap().value, "");
            }
        }
        assert_eq!(app.database_digest().await, before, "{transport:?}");
    }
}

/// The errors of both fields come at once.
#[tokio::test]
async fn a_wrong_password_and_a_weak_new_one_are_told_together() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;

        let status = change(&mut browser, "a duck on the truck", "short").await;

        let page = browser.page();
        assert_eq!(status, 422, "{transport:?}");
        assert_eq!(page.invalid_fields(), ["current_password", "password"], "{transport:?}");
        assert!(page.title().starts_with("Error: Change your password"), "{transport:?}");
        let text = page.visible_text();
        assert!(text.contains("Please fix 2 errors:"), "{transport:?}: {text}");
        assert!(!text.contains("Please enter this again."), "{transport:?}: {text}");
        let managed = page.dom().find("#password-form [autocomplete=username]").unwrap();
        assert_eq!(managed.attr("value"), Some(MIA), "{transport:?}");
        change(&mut browser, "a duck on the truck", NEW_PASSWORD).await;
        let text = browser.text();
        assert_eq!(text.matches("Please enter this again.").count(), 1, "{transport:?}: {text}");
    }
}

/// LOG-11: a browser that was left open is no oracle.
#[tokio::test]
async fn tries_at_the_current_password_are_limited_like_log_ins() {
    for transport in Transport::ALL {
        let app = TestApp::with(|settings| {
            settings.limits.enabled = true;
            settings.limits.login_per_device = Rate::new(2, HOUR);
        })
        .await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        for _ in 0..2 {
            assert_eq!(change(&mut browser, "a duck on the truck", NEW_PASSWORD).await, 422);
        }
        let hashes = app.accounts().operations().hash_count();

        assert_eq!(change(&mut browser, PASSWORD, NEW_PASSWORD).await, 429, "{transport:?}");

        assert!(browser.page().header("retry-after").is_some(), "{transport:?}");
        assert!(browser.page().form_error("password-form").unwrap().contains("Too many tries"));
        assert_eq!(app.accounts().operations().hash_count(), hashes, "{transport:?}");
    }
}

/// SES-09: the session is the same one.
#[tokio::test]
async fn a_remembered_session_ends_when_it_would_have_ended() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", MIA).check("remember");
    form.fill("password", PASSWORD).submit().await;
    app.clock.advance(HOUR);

    assert_eq!(change(&mut browser, PASSWORD, NEW_PASSWORD).await, 200);

    app.clock.advance(HOUR * (30 * 24 - 2));
    assert!(browser.visit("/profile").await.is_logged_in());
    app.clock.advance(HOUR);
    assert!(!browser.visit("/profile").await.is_logged_in());
}

/// SES-17, CSRF-08: a form in another tab is offered again, with what was typed.
#[tokio::test]
async fn a_form_of_before_the_change_can_be_sent_after_it() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/profile").await;
    let fields = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    let changed = post(&browser, PATH, &fields).await;
    let session =
        changed.cookies().into_iter().find(|cookie| cookie.name == "__Host-latchkey-session");
    browser.cookies_mut().plant("__Host-latchkey-session", &session.unwrap().value);

    let page = browser.form("profile-form").fill("name", "Mia Muster").submit().await;
    assert_eq!(page.status(), 403);
    let page = browser.form("profile-form").submit().await;

    assert_eq!(page.flash(), "Name saved.");
    assert_eq!(page.field("profile-form", "name").unwrap().value, "Mia Muster");
}

/// LOG-12: what password managers go by (W3C, "A Well-Known URL for Changing Passwords").
#[tokio::test]
async fn the_well_known_address_leads_to_where_a_password_is_changed() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    let page = browser.visit("/.well-known/change-password").await;
    assert_eq!(page.path(), "/login?next=%2Fsettings%2Fpassword");
    assert!(page.visible_text().contains("Forgot your password?"));

    let form = browser.form("login-form").fill("email", MIA);
    let page = form.fill("password", PASSWORD).submit().await;

    assert_eq!(page.path(), PATH);
    assert_eq!(browser.visit("/.well-known/change-password").await.path(), PATH);
    for (label, kind) in
        [("Current password", "current-password"), ("New password", "new-password")]
    {
        let control = browser.page().by_label(label).unwrap();
        assert_eq!(control.autocomplete.as_deref(), Some(kind));
    }
}
