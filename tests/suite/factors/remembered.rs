//! Browsers in which a log-in asks for no second factor.

use std::time::Duration;

use tests::{Backend, Browser, TestApp, Transport};

use super::{Protection, SECOND, events, give_code, give_password, protected};
use crate::flows::{MIA, NEW_PASSWORD, PASSWORD};

const DAY: Duration = Duration::from_hours(24);

/// A browser that is remembered, after a log-out.
async fn remembered(transport: Transport) -> (TestApp, Protection, Browser) {
    let (app, protection) = protected(Backend::Sqlite).await;
    let mut browser = app.browser(transport);
    give_password(&mut browser, MIA).await;
    let form = browser.form("second-step-form").check("remember_browser");
    let page = form.fill("code", &protection.phone.next_code()).submit().await;
    assert!(page.is_logged_in(), "{}", page.visible_text());
    browser.form("logout-form").submit().await;
    (app, protection, browser)
}

async fn log_in(browser: &mut Browser) -> String {
    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", MIA);
    form.fill("password", PASSWORD).submit().await.path()
}

/// MFA-03: for thirty days, not prolonged, and never for a sensitive action.
#[tokio::test]
async fn a_remembered_browser_is_asked_for_the_password_alone_for_thirty_days() {
    for transport in Transport::ALL {
        let (app, _, mut browser) = remembered(transport).await;
        app.clock.advance(29 * DAY);
        assert_eq!(log_in(&mut browser).await, "/profile", "{transport:?}");
        let assurance = app.database.texts("SELECT assurance FROM sessions").await;
        assert_eq!(assurance, ["remembered_browser"], "{transport:?}");
        let page = browser.visit("/settings/email").await;
        assert!(page.field("sudo-form", "code").is_some(), "{transport:?}");
        browser.form("logout-form").submit().await;

        app.clock.advance(DAY);

        assert_eq!(log_in(&mut browser).await, SECOND, "{transport:?}");
    }
}

/// MFA-03: it is off unless the box is ticked, and good for its account alone.
#[tokio::test]
async fn a_browser_is_not_remembered_by_itself() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;
    give_code(&mut browser, &protection.phone.next_code()).await;
    browser.form("logout-form").submit().await;

    assert_eq!(log_in(&mut browser).await, SECOND);
    assert_eq!(app.count("remembered_browsers").await, 0);
}

/// MFA-11: it is listed beside the sessions, and ends there; so it does with the password.
#[tokio::test]
async fn a_remembered_browser_is_listed_and_forgotten() {
    for transport in Transport::ALL {
        let (app, protection, mut browser) = remembered(transport).await;
        let mut other = app.browser(transport);
        give_password(&mut other, MIA).await;
        give_code(&mut other, &protection.phone.next_code()).await;
        let page = other.visit("/settings/sessions").await;
        let form = page.dom().find("form[id^=forget-browser-form-]").expect("a browser");
        let id = form.attr("id").expect("an id").to_owned();

        let page = other.form(&id).submit().await;

        assert!(page.flash().contains("Browser removed"), "{transport:?}: {}", page.visible_text());
        assert_eq!(log_in(&mut browser).await, SECOND, "{transport:?}");
        assert_eq!(events(&app, "browser_forgotten").await, 1, "{transport:?}");
    }
}

/// MFA-09, MFA-11: a new password ends it, and keeps the factor.
#[tokio::test]
async fn a_new_password_forgets_the_browsers() {
    let (app, _, mut browser) = remembered(Transport::Plain).await;
    let path = crate::people::reset_path(&app, MIA).await;
    browser.visit(&path).await;
    let page = browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
    assert!(page.flash().contains("second factor"), "{}", page.flash());

    let form = browser.form("login-form").fill("email", MIA).fill("password", NEW_PASSWORD);
    let page = form.submit().await;

    assert_eq!(page.path(), SECOND, "MFA-09: {}", page.visible_text());
    assert_eq!(app.count("authentication_apps").await, 1);
    assert_eq!(app.count("sessions").await, 0);
}
