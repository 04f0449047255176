//! The pages without tries left.

use std::time::Duration;

use auth::Rate;
use tests::Transport;

use super::{QUARTER, WRONG, behind_a_proxy, forgot, open, visitor};
use crate::people::{self, MIA, PASSWORD};

/// RTL-10, contract, "Three transports, one form", "too many tries".
#[tokio::test]
async fn too_many_tries_leave_the_form_as_it_was_and_say_when_to_come_back() {
    for transport in Transport::ALL {
        let app = open(|settings| {
            settings.limits.login_per_account = Rate::new(1, QUARTER);
        })
        .await;
        let mut browser = app.browser(transport);
        browser.visit("/login").await;
        for _ in 0..2 {
            let form = browser.form("login-form").fill("email", MIA).check("remember");
            form.fill("password", WRONG).submit().await;
        }
        let page = browser.page();

        assert_eq!((page.status(), page.header("retry-after")), (429, Some("900")));
        assert!(page.form_error("login-form").is_some(), "{transport:?}");
        let value = |name| page.field("login-form", name).expect("a field");
        assert_eq!((value("email").value.as_str(), value("remember").checked), (MIA, true));
        assert_eq!(value("password").value, "");
        assert_eq!(page.body().contains("<main"), transport != Transport::HtmxPartial);
        assert!(page.header("cache-control").is_some_and(|value| value.contains("no-store")));
    }
}

/// REG-14.
#[tokio::test]
async fn the_twenty_first_sign_up_in_a_minute_has_to_wait() {
    for transport in Transport::ALL {
        let app = open(|_| {}).await;
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;
        let token = browser.csrf_token();
        for n in 0..20 {
            let email = format!("user{n}@example.test");
            let fields = [
                ("csrf_token", token.as_str()),
                ("email", &email),
                ("name", "Mia"),
                ("password", PASSWORD),
            ];
            let answer = browser.raw("POST", "/signup").same_origin().form(&fields).send().await;
            assert_eq!(answer.status(), 303, "{n}");
        }
        let hashed = app.accounts().operations().hash_count();

        let form = browser.form("signup-form").fill("email", MIA).fill("name", "Mia");
        let page = form.fill("password", PASSWORD).submit().await;

        assert_eq!((page.status(), page.header("retry-after")), (429, Some("3")), "{transport:?}");
        assert!(page.form_error("signup-form").is_some(), "{transport:?}");
        assert_eq!(app.accounts().operations().hash_count(), hashed, "{transport:?}");
        assert_eq!(app.count("users").await, 20, "{transport:?}");
        app.clock.advance(Duration::from_secs(3));
        let form = browser.form("signup-form").fill("password", PASSWORD);
        assert!(form.submit().await.path().starts_with("/login"), "{transport:?}");
    }
}

/// RES-09, RST-11: no mailbox is flooded, and the answer does not tell that there were too many
/// requests.
#[tokio::test]
async fn beyond_the_limit_no_more_reset_mails_are_queued_and_the_answer_is_the_same() {
    let app = behind_a_proxy(|_| {}).await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;

    for n in 0..8 {
        let answer = forgot(&browser, MIA).await;
        assert_eq!((answer.status(), answer.header("retry-after")), (303, None), "{n}");
    }
    assert_eq!(app.count("outbox").await, 5);
    for n in 0..25 {
        assert_eq!(forgot(&browser, &format!("user{n}@example.test")).await.status(), 303);
    }

    // Twenty were asked for, three of them in vain: asking is what the network has to pay.
    assert_eq!(app.count("outbox").await, 17);
    assert_eq!(people::try_log_in(&browser, MIA, PASSWORD).await.status(), 303);
}

/// RES-08: no account can fill its timeline, or the memory.
#[tokio::test]
async fn an_account_changes_its_name_and_asks_for_its_file_so_often_and_no_more() {
    for transport in Transport::ALL {
        let app = open(|_| {}).await;
        people::sign_up(&app, MIA).await;
        let mut browser = people::logged_in(&app, transport, MIA).await;
        browser.visit("/settings/profile").await;
        for n in 0..20 {
            let page =
                browser.form("profile-form").fill("name", &format!("Mia {n}")).submit().await;
            assert_eq!(page.status(), 200, "{transport:?} {n}");
        }
        let page = browser.form("profile-form").fill("name", "Mia 20").submit().await;
        assert_eq!((page.status(), page.header("retry-after")), (429, Some("180")));
        assert!(page.form_error("profile-form").is_some(), "{transport:?}");
        assert_eq!(page.field("profile-form", "name").expect("a field").value, "Mia 20");
        // The name that they have is no change.
        let page = browser.form("profile-form").fill("name", "Mia 19").submit().await;
        assert_eq!(page.status(), 200, "{transport:?}");

        for _ in 0..5 {
            browser.visit("/settings/data").await;
            let file = browser.form("export-form").submit().await;
            assert_eq!(file.header("content-type"), Some("application/json"), "{transport:?}");
        }
        browser.visit("/settings/data").await;
        let page = browser.form("export-form").submit().await;
        assert_eq!((page.status(), page.header("retry-after")), (429, Some("720")));
        assert!(page.form_error("export-form").is_some(), "{transport:?}");
        let told = |event| format!("SELECT event FROM security_events WHERE event = '{event}'");
        for (event, times) in [("name_changed", 20), ("exported", 5)] {
            let events = app.database.texts(&told(event)).await;
            assert_eq!(events.len(), times, "{transport:?} {event}");
        }
    }
}
