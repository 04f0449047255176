//! Changing the address of the account.

mod ended;
mod pending;
mod races;
mod room;
mod thief;
mod undo;

use tests::{Browser, TestApp, Transport};

use crate::{
    cast::{EVE, NEW_MIA},
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, post},
};

async fn app() -> TestApp {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    crate::people::confirm(&app, MIA).await;
    app
}

/// Asks for the address `new` in a browser that is logged in.
async fn ask(browser: &mut Browser, new: &str) {
    browser.visit("/settings/email").await;
    let page = browser.form("email-form").fill("email", new).submit().await;
    assert!(page.flash().contains("We sent an email"), "{new}: {}", page.visible_text());
}

/// The path of the link in the latest mail to `new`.
async fn confirm_link(app: &TestApp, new: &str) -> String {
    app.mailbox.wait_for_link(new, "/confirm-email/").await.link("/confirm-email/")
}

async fn emails(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT email FROM users ORDER BY email").await
}

/// EML-02, EML-06: the link alone changes it, and not by being looked at.
#[tokio::test]
async fn the_address_is_another_once_the_new_one_has_confirmed() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut other = logged_in(&app, Transport::Plain, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        ask(&mut browser, NEW_MIA).await;
        let link = confirm_link(&app, NEW_MIA).await;
        for method in ["HEAD", "GET"] {
            assert_eq!(browser.raw(method, &link).send().await.status(), 200, "{transport:?}");
        }
        assert_eq!(emails(&app).await, [MIA], "{transport:?}");

        let page = browser.visit(&link).await;
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{transport:?}");
        assert!(page.visible_text().contains(NEW_MIA), "{transport:?}: it names the address");
        let page = browser.form("confirm-email-form").submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/"), "{transport:?}");
        assert!(page.flash().contains("confirmed") && page.is_logged_in(), "{transport:?}");
        assert_eq!(emails(&app).await, [NEW_MIA], "{transport:?}");
        assert!(browser.visit("/profile").await.visible_text().contains(NEW_MIA), "{transport:?}");
        assert!(other.visit("/profile").await.path().starts_with("/login"), "{transport:?}");
        assert!(can_log_in(&app, NEW_MIA, PASSWORD).await, "{transport:?}");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        let notice = app.mailbox.wait_for_link(MIA, "/undo-email/").await;
        for part in [&notice.text, &notice.html, &notice.subject] {
            assert!(!part.contains(NEW_MIA), "{part}");
        }
    }
}

/// SES-13.
#[tokio::test]
async fn a_new_address_ends_the_sessions_of_other_browsers() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut other = logged_in(&app, transport, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        ask(&mut browser, NEW_MIA).await;
        browser.visit(&confirm_link(&app, NEW_MIA).await).await;

        browser.form("confirm-email-form").submit().await;

        assert_eq!(browser.visit("/profile").await.path(), "/profile", "{transport:?}");
        let path = other.visit("/profile").await.path();
        assert!(path.starts_with("/login"), "{transport:?}: {path}");
        assert_eq!(app.count("sessions").await, 1, "{transport:?}");
    }
}

/// EML-06, ENU-06: used, replaced, expired and invented links lead to one page, which names no one.
#[tokio::test]
async fn a_link_that_confirms_nothing_is_turned_down_kindly() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        ask(&mut browser, "older@example.test").await;
        let older = confirm_link(&app, "older@example.test").await;
        ask(&mut browser, NEW_MIA).await;
        let used = confirm_link(&app, NEW_MIA).await;
        browser.visit(&used).await;
        browser.form("confirm-email-form").submit().await;
        ask(&mut browser, "late@example.test").await;
        let late = confirm_link(&app, "late@example.test").await;
        app.clock.advance(std::time::Duration::from_hours(24));
        let mut pages = Vec::new();

        for link in [older, used, late, format!("/confirm-email/{}", "A".repeat(43))] {
            browser.visit("/forgot-password").await;
            let answer = post(&browser, &link, &[]).await;
            assert_eq!(answer.status(), 410, "{transport:?} {link}");
            let page = browser.visit(&link).await;
            assert_eq!(page.status(), 410, "{transport:?} {link}");
            pages.push(page.visible_text());
        }

        assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{transport:?}: {pages:?}");
        assert!(!pages[0].contains('@'), "{transport:?}: {}", pages[0]);
        assert_eq!(emails(&app).await, [NEW_MIA], "{transport:?}");
    }
}

/// EML-05: the link confirms the address for the account that asked, and logs no one in.
#[tokio::test]
async fn a_link_opened_by_another_user_confirms_for_the_user_who_asked() {
    for transport in Transport::ALL {
        let app = app().await;
        make_user(&app, EVE).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        ask(&mut browser, NEW_MIA).await;
        let mut eve = logged_in(&app, transport, EVE).await;
        eve.visit(&confirm_link(&app, NEW_MIA).await).await;
        eve.form("confirm-email-form").submit().await;

        assert_eq!(emails(&app).await, [EVE, NEW_MIA], "{transport:?}");
        assert!(eve.visit("/profile").await.visible_text().contains(EVE), "{transport:?}");
        let mut browser = logged_in(&app, transport, NEW_MIA).await;
        ask(&mut browser, "third@example.test").await;
        let mut anonymous = app.browser(transport);
        anonymous.visit(&confirm_link(&app, "third@example.test").await).await;
        let page = anonymous.form("confirm-email-form").submit().await;
        assert!(!page.is_logged_in(), "{transport:?}");
        assert_eq!(emails(&app).await, [EVE, "third@example.test"], "{transport:?}");
    }
}

/// EML-04.
#[tokio::test]
async fn an_address_that_was_taken_meanwhile_is_a_plain_error_and_changes_nothing() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        ask(&mut browser, NEW_MIA).await;
        let link = confirm_link(&app, NEW_MIA).await;
        make_user(&app, NEW_MIA).await;
        crate::people::confirm(&app, NEW_MIA).await;
        browser.visit(&link).await;
        let before = app.database_digest().await;

        let page = browser.form("confirm-email-form").submit().await;

        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.form_error("confirm-email-form").is_some(), "{transport:?}");
        assert_eq!(app.database_digest().await, before, "{transport:?}");
    }
}

/// ENU-04: a taken address is asked for like a free one, and its owner is told.
#[tokio::test]
async fn who_asks_for_a_taken_address_does_not_learn_of_it() {
    for transport in Transport::ALL {
        let app = app().await;
        make_user(&app, EVE).await;
        crate::people::confirm(&app, EVE).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/email").await;
        let free = browser.form("email-form").fill("email", NEW_MIA).submit().await.visible_text();
        let taken = browser.form("email-form").fill("email", EVE).submit().await.visible_text();

        assert_eq!(free.replace(NEW_MIA, EVE), taken, "{transport:?}");
        let notice = app.mailbox.latest_to(EVE).await;
        for part in [&notice.text, &notice.html, &notice.subject] {
            assert!(!part.contains("/confirm-email/") && !part.contains(MIA), "{part}");
        }
        // The newer wish voids the older one, as it does where the address is free.
        let answer = browser.raw("GET", &confirm_link(&app, NEW_MIA).await).send().await;
        assert_eq!(answer.status(), 410, "{transport:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_or_the_same_is_told_at_the_field() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/email").await;
        for wrong in ["", "mia", MIA, " MIA@example.test"] {
            let page = browser.form("email-form").fill("email", wrong).submit().await;
            assert_eq!(page.status(), 422, "{transport:?} {wrong}");
            assert!(page.field_error("email").is_some(), "{transport:?} {wrong}");
        }
        assert_eq!(app.count("outbox").await, 0, "{transport:?}");
    }
}

/// EML-07.
#[tokio::test]
async fn an_account_asks_for_five_addresses_an_hour() {
    for transport in Transport::ALL {
        let app = TestApp::with(|settings| settings.limits.enabled = true).await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        for n in 0..5 {
            ask(&mut browser, &format!("mia{n}@example.test")).await;
        }

        let page = browser.form("email-form").fill("email", NEW_MIA).submit().await;

        assert_eq!(page.status(), 429, "{transport:?}");
        assert!(page.form_error("email-form").is_some(), "{transport:?}");
        let mails = format!("SELECT 'one' FROM outbox WHERE recipient = '{NEW_MIA}'");
        assert_eq!(app.database.texts(&mails).await.len(), 0, "{transport:?}");
        assert_eq!(app.count("outbox").await, 5, "{transport:?}");
    }
}

/// RST-09: who stole a session and asked for an address of their own is out after the
/// owner's reset, with that link too.
#[tokio::test]
async fn a_password_reset_voids_a_change_that_is_under_way() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut thief = logged_in(&app, transport, MIA).await;
        ask(&mut thief, NEW_MIA).await;
        let mut owner = app.browser(transport);
        owner.visit(&crate::people::reset_path(&app, MIA).await).await;
        owner.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;

        let page = thief.visit(&confirm_link(&app, NEW_MIA).await).await;

        assert_eq!(page.status(), 410, "{transport:?}");
        assert_eq!(emails(&app).await, [MIA], "{transport:?}");
    }
}

/// RST-08: links of one kind are worth nothing at the address of another.
#[tokio::test]
async fn a_link_is_good_for_what_it_was_mailed_for_alone() {
    let app = app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    ask(&mut browser, NEW_MIA).await;
    let confirm = confirm_link(&app, NEW_MIA).await;
    let reset = crate::people::reset_path(&app, MIA).await;

    for (link, own) in [(&confirm, "/confirm-email/"), (&reset, "/reset-password/")] {
        for base in ["/confirm-email/", "/undo-email/", "/reset-password/"] {
            let path = link.replace(own, base);
            let status = browser.raw("GET", &path).send().await.status();
            assert_eq!(status, if base == own { 200 } else { 410 }, "{path}");
        }
    }
}
