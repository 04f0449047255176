//! Accounts that work before their address is confirmed: a note on every page asks for the
//! confirmation.

use tests::{Browser, TestApp, Transport};

use super::{LINK, link_to};
use crate::{
    fault_steps::form_again,
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_admin, make_user, sign_up},
    people::code_in,
};

/// Starts an app, signs up a visitor and returns the visitor's browser.
async fn signed_up(transport: Transport) -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let mut browser = app.browser(transport);
    sign_up(&mut browser, MIA).await;
    (app, browser)
}

#[tokio::test]
async fn an_account_works_and_asks_for_the_confirmation_until_it_is_there() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        assert!(browser.visit("/").await.has_form("unconfirmed-form"), "{transport:?}");

        let page = browser.form("unconfirmed-form").submit().await;
        assert_eq!((page.path().as_str(), page.status()), ("/mailbox", 200), "{transport:?}");
        assert!(page.is_logged_in() && !page.has_form("unconfirmed-form"));
        let code = code_in(&app.mailbox.wait_for_link(MIA, LINK).await);
        browser.form("code-form").fill("code", &code).submit().await;

        assert_eq!(browser.path(), "/profile", "{transport:?}");
        assert!(browser.page().is_logged_in(), "the session goes on");
        assert!(!browser.visit("/").await.has_form("unconfirmed-form"), "{transport:?}");
    }
}

/// Only the browser that was sent a code is shown the form for it.
#[tokio::test]
async fn the_code_of_a_sign_up_is_typed_where_the_word_on_every_page_leads() {
    for transport in Transport::ALL {
        let (app, mut browser) = signed_up(transport).await;
        let code = code_in(&app.mailbox.wait_for_link(MIA, LINK).await);
        let form = browser.form("login-form").fill("email", MIA);
        form.fill("password", PASSWORD).submit().await;
        let other = logged_in(&app, transport, MIA).await;
        assert_eq!(other.page().link("Enter the code from the email"), None);

        browser.click("Enter the code from the email").await;
        browser.form("code-form").fill("code", &code).submit().await;

        assert_eq!(browser.path(), "/profile", "{transport:?}");
        assert!(!browser.visit("/").await.has_form("unconfirmed-form"), "{transport:?}");
    }
}

/// A browser in which the same user is logged in counts as the browser that requested the mail.
#[tokio::test]
async fn a_link_confirms_in_any_browser_in_which_the_user_is_logged_in() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut asking = logged_in(&app, transport, MIA).await;
        asking.form("unconfirmed-form").submit().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit(&link_to(&app, MIA).await).await;

        let page = browser.form("confirm-address-form").submit().await;

        assert_eq!((page.path().as_str(), page.is_logged_in()), ("/profile", true));
        assert!(!page.has_form("unconfirmed-form"), "{transport:?}");
        assert_eq!(app.count("sessions").await, 2, "{transport:?}");
    }
}

/// REG-12: a stranger who signed up with the address loses the account, even with a session.
#[tokio::test]
async fn an_owner_who_confirms_ends_the_sessions_of_the_person_who_signed_up() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut stranger = logged_in(&app, transport, MIA).await;
        stranger.form("unconfirmed-form").submit().await;
        let mut owner = app.browser(transport);
        owner.visit(&link_to(&app, MIA).await).await;

        owner.form("not-my-password-form").submit().await;

        assert_eq!(app.count("sessions").await, 0, "{transport:?}");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        assert_eq!(stranger.visit("/profile").await.path(), "/login?next=%2Fprofile");
        let form = owner.form("reset-password-form").fill("password", NEW_PASSWORD);
        form.submit().await;
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
    }
}

#[tokio::test]
async fn the_word_does_not_ask_twice_in_a_minute_and_tells_of_a_taken_address() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        make_admin(&app, "ada@example.test").await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.form("unconfirmed-form").submit().await;
        let form = browser.form("correct-email-form").fill("email", "ada@example.test");
        let page = form.submit().await;
        assert_eq!((page.status(), page.invalid_fields()), (422, vec!["email".to_owned()]));
        browser.cookies_mut().remove("__Host-latchkey-proof");
        browser.visit("/profile").await;

        let page = browser.form("unconfirmed-form").submit().await;

        assert_eq!(page.status(), 429, "{transport:?}");
        assert!(page.form_error("resend-proof-form").unwrap().contains("seconds"));
    }
}

/// Admins, and accounts that the operator created, need no confirmation.
#[tokio::test]
async fn an_admin_of_the_operator_counts_as_confirmed() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let before = logged_in(&app, Transport::Plain, MIA).await;
    assert!(before.page().has_form("unconfirmed-form"));
    app.database.execute("DELETE FROM sessions").await;

    make_admin(&app, MIA).await;

    let after = logged_in(&app, Transport::Plain, MIA).await;
    assert!(!after.page().has_form("unconfirmed-form"));
}

/// SES-13: the browser that signed up can no longer correct the address once the password has
/// changed, and the mail stays valid for the owner.
#[tokio::test]
async fn a_new_password_makes_a_stranger_of_the_browser_that_signed_up() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut left_behind = app.browser(transport);
        left_behind.visit("/signup").await;
        let form = left_behind.form("signup-form").fill("email", MIA).fill("name", "Mia");
        form.fill("password", PASSWORD).submit().await;
        left_behind.visit("/mailbox").await;
        let move_on = form_again(&left_behind, "/mailbox/email", &[("email", "eve@evil.test")]);
        let mut owner = logged_in(&app, transport, MIA).await;
        owner.visit("/settings/password").await;
        let form = owner.form("password-form").fill("current_password", PASSWORD);
        let page = form.fill("password", NEW_PASSWORD).submit().await;
        assert_eq!(page.status(), 200, "{transport:?}: {}", page.visible_text());

        let answer = move_on.send().await;

        // Its CSRF token is valid, but it is treated like a browser that waits for no mail.
        let to = answer.header("location").or(answer.header("hx-push-url"));
        assert_eq!(to, Some("/login"), "{transport:?}: {}", answer.body);
        let emails = app.database.texts("SELECT email FROM users").await;
        assert_eq!(emails, [MIA], "{transport:?}");
        owner.visit(&link_to(&app, MIA).await).await;
        let page = owner.form("confirm-address-form").submit().await;
        assert_eq!((page.path().as_str(), page.is_logged_in()), ("/profile", true));
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
    }
}
