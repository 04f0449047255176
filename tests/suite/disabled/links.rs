//! What is left of an account that the operator has disabled: nothing that was mailed
//! before opens it, then or later, and nothing that is mailed meanwhile.

use auth::Order;
use tests::{Browser, TestApp, Transport};

use crate::{
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, post},
    people::{self, ZOE, mails_sent, newest_link, order},
};

/// How an account came to be disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The operator's order.
    Order,
    /// What says so alone, as a link finds it that was made at the same moment.
    Row,
}

impl By {
    async fn disable(self, app: &TestApp, email: &str) {
        match self {
            Self::Order => order(app, email, Order::Disable).await,
            Self::Row => {
                let sql = format!("UPDATE users SET disabled_at = 1 WHERE email = '{email}'");
                app.database.execute(&sql).await;
            }
        }
    }
}

async fn visitor(app: &TestApp) -> Browser {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    browser
}

/// That the link is one that does not work, to look at and to use.
async fn assert_void(browser: &Browser, link: &str) {
    assert_eq!(browser.raw("GET", link).send().await.status(), 410, "{link}");
    let used = post(browser, link, &[("password", NEW_PASSWORD), ("renew", "yes")]).await;
    assert_eq!(used.status(), 410, "{link}");
}

/// LOG-06, RST-06.
#[tokio::test]
async fn no_link_of_before_opens_an_account_that_is_disabled() {
    for by in [By::Order, By::Row] {
        let app = TestApp::start().await;
        make_user(&app, "old@example.test").await;
        let undo = people::undo_path(&app, "old@example.test", MIA).await;
        logged_in(&app, Transport::Plain, MIA).await;
        let notice = newest_link(&app, MIA, "/not-me/").await;
        let confirm = people::confirm_path(&app, MIA, "new@example.test").await;
        let reset = people::reset_path(&app, MIA).await;
        let browser = visitor(&app).await;
        for link in [&undo, &notice, &confirm, &reset] {
            assert_eq!(browser.raw("GET", link).send().await.status(), 200, "{link}");
        }

        by.disable(&app, MIA).await;

        let before = app.database_digest().await;
        for link in [&undo, &notice, &confirm, &reset] {
            assert_void(&browser, link).await;
        }
        assert_eq!(app.database_digest().await, before, "{by:?}");
        if by == By::Order {
            order(&app, MIA, Order::Enable).await;
            for link in [&notice, &confirm, &reset] {
                assert_void(&browser, link).await;
            }
            assert!(can_log_in(&app, MIA, PASSWORD).await);
            assert_eq!(browser.raw("GET", &undo).send().await.status(), 200, "the owner's way");
        }
    }
}

/// LOG-06: neither by the link nor by the code.
#[tokio::test]
async fn no_link_proves_the_address_of_an_account_that_is_disabled() {
    for by in [By::Order, By::Row] {
        let app = TestApp::start().await;
        people::sign_up(&app, ZOE).await;
        let proof = people::proof(&app, ZOE).await;
        let mut browser = visitor(&app).await;
        browser.cookies_mut().plant(people::PROOF, &proof.cookie);
        assert_eq!(browser.raw("GET", &proof.path).send().await.status(), 200, "{by:?}");

        by.disable(&app, ZOE).await;

        assert_void(&browser, &proof.path).await;
        let typed = post(&browser, "/mailbox/code", &[("code", &proof.code)]).await;
        let expected = if by == By::Order { 303 } else { 422 };
        assert_eq!(typed.status(), expected, "{by:?}");
        if by == By::Order {
            order(&app, ZOE, Order::Enable).await;
            assert_void(&browser, &proof.path).await;
            let typed = post(&browser, "/mailbox/code", &[("code", &proof.code)]).await;
            assert_eq!(typed.header("location"), Some("/login"), "{by:?}");
        }
        let sql = "SELECT 'confirmed' FROM users WHERE confirmed_at IS NOT NULL";
        assert_eq!(app.database.texts(sql).await, Vec::<String>::new(), "{by:?}");
    }
}

/// LOG-06, ENU-02: who asks is answered like everybody, and the mail says why it has no
/// link.
#[tokio::test]
async fn who_forgot_the_password_of_a_disabled_account_is_mailed_no_link_to_one() {
    for (language, says) in [("en", "disabled"), ("de", "gesperrt")] {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let sql = format!("UPDATE users SET language = '{language}'");
        app.database.execute(&sql).await;
        order(&app, MIA, Order::Disable).await;
        let browser = visitor(&app).await;

        let answer = post(&browser, "/forgot-password", &[("email", MIA)]).await;

        assert_eq!(answer.status(), 303);
        mails_sent(&app).await;
        let mail = app.mailbox.latest_to(MIA).await;
        assert!(mail.text.contains(says), "{}", mail.text);
        assert_eq!(mail.links(), Vec::<String>::new());
        assert_eq!(app.count("tokens").await, 0);
        let sql = "SELECT event FROM security_events WHERE event = 'password_reset_requested'";
        assert_eq!(app.database.texts(sql).await.len(), 1);
    }
}
