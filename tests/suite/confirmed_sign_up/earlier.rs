//! Accounts that were made before sign-ups began with the address, and were never confirmed.

use auth::ConfirmByLink;
use domain::Token;
use tests::{TestApp, Transport};

use super::{LINK, confirmed_app};
use crate::{
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, make_user, post},
    people::{self, mails_sent},
};

const CONFIRM: &str = "/confirm-address/";

/// Gives the account a pending proof, as the sign-up of before did; its link.
async fn with_proof(app: &TestApp) -> String {
    make_user(app, MIA).await;
    let accounts = app.accounts_with(|settings| {
        settings.accounts.signup = auth::SignupMode::Open;
    });
    let client = auth::Client::new([192, 0, 2, 1].into(), "tests");
    let log_in = auth::LogIn {
        email: people::address(MIA),
        password: domain::Password::parse(PASSWORD).unwrap(),
        remember: false,
        next_path: None,
        remembered: None,
    };
    let accounts = accounts.await;
    let logged_in = accounts.sessions().log_in(log_in, None, &client).await.unwrap();
    app.accounts().registration().send_proof(&logged_in.principal).await.unwrap();
    app.database.execute("DELETE FROM sessions").await;
    app.database.execute("DELETE FROM security_events WHERE event = 'logged_in'").await;
    people::newest_link(app, MIA, CONFIRM).await
}

/// REG-12: it was never logged in to, so that it may be any visitor's.
#[tokio::test]
async fn an_account_that_was_never_logged_in_to_opens_nothing_and_gives_way_to_a_sign_up() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        make_user(&app, MIA).await;
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        let link = people::sign_up_path(&app, MIA).await;
        let mut owner = app.browser(transport);
        owner.visit(&link).await;
        let form = owner.form("signup-form").fill("name", "Mia");

        let page = form.fill("password", NEW_PASSWORD).submit().await;

        assert!(page.is_logged_in(), "{transport:?}: {}", page.visible_text());
        assert_eq!(app.count("users").await, 1, "{transport:?}");
        assert!(can_log_in(&app, MIA, NEW_PASSWORD).await, "{transport:?}");
        assert!(!can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
    }
}

/// The mail of before the upgrade loses nothing.
#[tokio::test]
async fn a_link_of_before_confirms_the_account_with_its_password() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let link = with_proof(&app).await;
        let mut phone = app.browser(transport);
        phone.visit(&link).await;

        let page = phone.form("confirm-address-form").fill("password", PASSWORD).submit().await;

        assert!(page.is_logged_in(), "{transport:?}: {}", page.visible_text());
        assert!(can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        let token: Token = link.rsplit('/').next().unwrap().parse().unwrap();
        let link = ConfirmByLink { token: &token, cookie: None, device: None, principal: None };
        let used = app.accounts().registration().check_link(link).await;
        assert_eq!(used, Ok(auth::ProofLink::Used(people::address(MIA))), "{transport:?}");
    }
}

/// An account that was used before addresses had to be confirmed is its user's.
#[tokio::test]
async fn an_account_that_was_used_before_is_asked_to_confirm_and_is_no_free_address() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let link = with_proof(&app).await;
        let used = "UPDATE security_events SET event = 'logged_in'";
        app.database.execute(used).await;
        app.clock.advance(auth::RESEND_PAUSE);
        let mut browser = app.browser(transport);
        browser.visit("/login").await;

        let form = browser.form("login-form").fill("email", MIA);
        let page = form.fill("password", PASSWORD).submit().await;

        assert_eq!((page.path().as_str(), page.is_logged_in()), ("/mailbox", false));
        mails_sent(&app).await;
        assert_eq!(app.mailbox.count_to(MIA).await, 2, "{transport:?}: another mail");
        assert_eq!(browser.raw("GET", &link).send().await.status(), 410, "{transport:?}");
        let newest = people::newest_link(&app, MIA, CONFIRM).await;
        browser.visit(&newest).await;
        let page = browser.form("confirm-address-form").submit().await;
        assert_eq!(page.path(), "/login", "{transport:?}");
        assert!(can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        let mut other = app.browser(transport);
        other.visit("/signup").await;
        post(&other, "/signup", &[("email", MIA)]).await;
        mails_sent(&app).await;
        assert_eq!(app.mailbox.latest_to(MIA).await.find_link(LINK), None, "{transport:?}");
    }
}
