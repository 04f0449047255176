//! Taking a change of address back by the link in the mail to the old one.

use std::time::Duration;

use auth::SignupMode;
use tests::{Page, TestApp, Transport};

use super::{EVE, NEW_MIA, app, ask, confirm_link, emails};
use crate::{
    fault_steps::Operator,
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, post},
    people::{mails_sent, newest_link},
};

const ALMOST_A_WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60 - 1);
const WEEK: Duration = Duration::from_hours(7 * 24);

/// Changes the address by hand; the path of the link that undoes it.
async fn change(app: &TestApp, old: &str, new: &str) -> String {
    let mut browser = logged_in(app, Transport::Plain, old).await;
    ask(&mut browser, new).await;
    browser.visit(&confirm_link(app, new).await).await;
    browser.form("confirm-email-form").submit().await;
    mails_sent(app).await;
    newest_link(app, old, "/undo-email/").await
}

async fn undo(app: &TestApp, transport: Transport, link: &str) -> Page {
    let mut browser = app.browser(transport);
    let page = browser.visit(link).await;
    assert!(page.visible_text().contains("@example.test"), "{transport:?}: it names the address");
    browser.form("undo-email-form").submit().await.clone()
}

/// EML-02: the old address is restored, everybody is out, and the way in is the mail there.
#[tokio::test]
async fn the_link_gives_the_account_back_to_the_reader_of_the_old_address() {
    for transport in Transport::ALL {
        let app = app().await;
        let link = change(&app, MIA, NEW_MIA).await;
        let mut thief = logged_in(&app, transport, NEW_MIA).await;
        ask(&mut thief, "third@example.test").await;
        let third = confirm_link(&app, "third@example.test").await;
        let reset = crate::people::reset_path(&app, NEW_MIA).await;
        app.clock.advance(ALMOST_A_WEEK);
        let mut thief = logged_in(&app, transport, NEW_MIA).await;

        let page = undo(&app, transport, &link).await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/"), "{transport:?}");
        mails_sent(&app).await;
        let told = app.mailbox.latest_to(NEW_MIA).await;
        assert_eq!(told.subject, "A Latchkey account no longer uses your address");
        assert!(told.text.contains("undone by a link") && told.links().is_empty(), "{}", told.text);
        assert!(page.flash().contains("is restored"), "{transport:?}: {}", page.visible_text());
        assert_eq!(emails(&app).await, [MIA], "{transport:?}");
        assert!(thief.visit("/profile").await.path().starts_with("/login"), "{transport:?}");
        for dead in [&reset, &third, &link] {
            let status = thief.raw("GET", dead).send().await.status();
            assert_eq!(status, 410, "{transport:?} {dead}");
        }
        for email in [MIA, NEW_MIA] {
            assert!(!can_log_in(&app, email, PASSWORD).await, "{transport:?} {email}");
        }
        let mut owner = app.browser(transport);
        mails_sent(&app).await;
        owner.visit(&newest_link(&app, MIA, "/reset-password/").await).await;
        owner.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
    }
}

/// EML-06: looking undoes nothing; used, expired and made-up links are one page.
#[tokio::test]
async fn a_link_that_undoes_nothing_is_turned_down_kindly() {
    for transport in Transport::ALL {
        let app = app().await;
        let link = change(&app, MIA, NEW_MIA).await;
        let browser = app.browser(transport);
        for method in ["HEAD", "GET"] {
            assert_eq!(browser.raw(method, &link).send().await.status(), 200, "{transport:?}");
        }
        assert_eq!(emails(&app).await, [NEW_MIA], "{transport:?}");
        let made_up = format!("/undo-email/{}", "A".repeat(43));
        let turned_down = browser.raw("GET", &made_up).send().await;
        assert_eq!(turned_down.status(), 410, "{transport:?}");

        app.clock.advance(WEEK);

        let late = browser.raw("GET", &link).send().await;
        assert_eq!(late.status(), 410, "{transport:?}");
        let mut browser = app.browser(transport);
        browser.visit("/login").await;
        assert_eq!(post(&browser, &link, &[]).await.status(), 410, "{transport:?}");
        assert_eq!(emails(&app).await, [NEW_MIA], "{transport:?}");
        app.accounts().operations().sweep().await.unwrap();
        assert_eq!(app.count("email_changes").await, 0, "{transport:?}");
    }
}

/// EML-02: the first owner of the account prevails over the thief, in whatever order the links are
/// used.
#[tokio::test]
async fn a_second_change_takes_nothing_from_the_first_owner() {
    for thief_is_first in [false, true] {
        let app = app().await;
        let first = change(&app, MIA, NEW_MIA).await;
        let second = change(&app, NEW_MIA, "third@example.test").await;

        if thief_is_first {
            undo(&app, Transport::Plain, &second).await;
            assert_eq!(emails(&app).await, [NEW_MIA]);
        }
        undo(&app, Transport::Plain, &first).await;

        assert_eq!(emails(&app).await, [MIA]);
        let browser = app.browser(Transport::Plain);
        assert_eq!(browser.raw("GET", &second).send().await.status(), 410);
    }
}

/// The old address stays reserved for the user who can revert to it.
#[tokio::test]
async fn no_user_takes_an_address_that_its_owner_can_go_back_to() {
    for transport in Transport::ALL {
        let app = app().await;
        make_user(&app, EVE).await;
        let link = change(&app, MIA, NEW_MIA).await;
        let mut eve = app.browser(transport);
        eve.visit("/signup").await;
        let form = eve.form("signup-form").fill("email", MIA).fill("name", "Eve");
        assert_eq!(form.fill("password", PASSWORD).submit().await.status(), 422, "{transport:?}");
        let mut eve = logged_in(&app, transport, EVE).await;
        ask(&mut eve, MIA).await;
        let confirm = confirm_link(&app, MIA).await;
        eve.visit(&confirm).await;
        assert_eq!(eve.form("confirm-email-form").submit().await.status(), 422, "{transport:?}");

        undo(&app, transport, &link).await;

        assert_eq!(emails(&app).await, [EVE, MIA], "{transport:?}");
    }
}

/// REG-16: nor does the operator, who is told why.
#[tokio::test]
async fn no_admin_is_seeded_with_an_address_that_its_owner_can_go_back_to() {
    let app = app().await;
    change(&app, MIA, NEW_MIA).await;
    let url = format!("sqlite://{}/test.db?mode=rwc", app.folder().display());
    let xtask = Operator::on(app.folder(), &url);

    let line = xtask.run(&["seed-admin", "--email", MIA, "--invite"]).await.failed_with(1);

    assert!(line.contains("is reserved"), "{line}");
    assert_eq!(emails(&app).await, [NEW_MIA]);
    app.database.execute("UPDATE email_changes SET expires_at = 0").await;
    xtask.run(&["seed-admin", "--email", MIA, "--invite"]).await.succeeded();
}

/// ENU-04: where no answer tells who has an account, it does not tell this either.
#[tokio::test]
async fn a_confirmed_sign_up_with_an_address_that_is_reserved_ends_like_any_other() {
    for transport in Transport::ALL {
        let app = TestApp::with(|settings| settings.accounts.signup = SignupMode::Confirmed).await;
        make_user(&app, MIA).await;
        app.database.execute("UPDATE users SET confirmed_at = created_at").await;
        let link = change(&app, MIA, NEW_MIA).await;
        let mut seen = Vec::new();
        for email in [MIA, EVE] {
            let mut browser = app.browser(transport);
            browser.visit("/signup").await;
            let page = browser.form("signup-form").fill("email", email).submit().await;
            let (status, path) = (page.status(), page.path());
            // Else it would be chance whether the page says that the mail is out.
            mails_sent(&app).await;
            let text = browser.visit("/mailbox").await.visible_text().replace(email, "*");
            seen.push((status, path, text));
        }

        assert_eq!(seen[0], seen[1], "{transport:?}");
        assert_eq!(seen[0].1, "/mailbox", "{transport:?}");
        assert_eq!(emails(&app).await, [NEW_MIA], "{transport:?}");
        app.mailbox.wait_for_link(MIA, "/login").await;
        undo(&app, transport, &link).await;
        assert_eq!(emails(&app).await, [MIA], "{transport:?}");
    }
}

/// A browser that is logged in as another user stays so.
#[tokio::test]
async fn undoing_in_the_browser_of_another_user_leaves_their_session_alone() {
    for transport in Transport::ALL {
        let app = app().await;
        make_user(&app, EVE).await;
        let link = change(&app, MIA, NEW_MIA).await;
        let mut eve = logged_in(&app, transport, EVE).await;
        eve.visit(&link).await;

        let page = eve.form("undo-email-form").submit().await;

        assert!(page.is_logged_in(), "{transport:?}");
        assert!(eve.visit("/profile").await.visible_text().contains(EVE), "{transport:?}");
        assert_eq!(emails(&app).await, [EVE, MIA], "{transport:?}");
    }
}
