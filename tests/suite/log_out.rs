//! Logging out.

use tests::{TestApp, Transport};

use crate::flows::{MIA, logged_in, make_user, post};

/// SES-06: the row is gone, not only the cookie.
#[tokio::test]
async fn logging_out_ends_the_session_on_the_server() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        let stolen = browser.cookies().clone();

        let page = browser.form("logout-form").submit().await;
        assert_eq!((page.status(), page.path().as_str()), (200, "/"), "{transport:?}");
        assert_eq!(page.flash(), "You are logged out.", "{transport:?}");
        assert!(!page.is_logged_in(), "{transport:?}");
        assert!(browser.cookies().session().is_none(), "{transport:?}");
        assert_eq!(app.count("sessions").await, 0);

        *browser.cookies_mut() = stolen;
        assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
        assert!(!browser.page().is_logged_in(), "{transport:?}");
    }
}

/// SES-06: a cookie is removed only under the attributes it was set with.
#[tokio::test]
async fn the_cookie_is_taken_back_with_the_attributes_it_came_with() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;

    let answer = post(&browser, "/logout", &[]).await;

    let removal =
        answer.cookies().into_iter().find(|cookie| cookie.name == "__Host-latchkey-session");
    let removal = removal.unwrap();
    assert_eq!((removal.value.as_str(), removal.max_age), ("", Some(0)));
    assert_eq!(removal.path.as_deref(), Some("/"));
    assert!(removal.secure && removal.http_only && !removal.has_domain);
    assert_eq!(removal.same_site.as_deref(), Some("Lax"));
}

/// SES-06, CSRF-05: neither a link nor an image can log a user out.
#[tokio::test]
async fn only_a_form_of_ours_logs_out() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;
    let before = app.database_digest().await;

    for method in ["GET", "HEAD"] {
        let answer = browser.raw(method, "/logout").same_origin().send().await;
        assert_eq!((answer.status(), answer.header("allow")), (405, Some("POST")));
    }
    let answer = browser.raw("POST", "/logout").same_origin().form(&[]).send().await;
    assert_eq!(answer.status(), 403);

    assert_eq!(app.database_digest().await, before);
}

#[tokio::test]
async fn other_sessions_of_the_user_go_on() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut here = logged_in(&app, Transport::Plain, MIA).await;
    let mut there = logged_in(&app, Transport::HtmxPartial, MIA).await;

    here.form("logout-form").submit().await;

    assert_eq!(there.visit("/profile").await.path(), "/profile");
    assert_eq!(app.count("sessions").await, 1);
}

/// OUT-05: what was seen before is asked for again, and is not there.
#[tokio::test]
async fn going_back_after_logging_out_shows_no_users_page() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.form("logout-form").submit().await;

        let page = browser.back().await;

        assert_eq!(page.path(), "/login?next=%2Fprofile", "{transport:?}");
        assert!(!page.visible_text().contains("mia"), "{transport:?}");
    }
}

/// Two tabs: the second finds the work done.
#[tokio::test]
async fn logging_out_twice_asks_to_log_in() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    let stale = browser.csrf_token();
    browser.form("logout-form").submit().await;

    let request = browser.raw("POST", "/logout").same_origin().form(&[("csrf_token", &stale)]);
    let answer = request.send().await;

    assert_eq!(answer.status(), 303);
    assert!(answer.header("location").unwrap().starts_with("/login"));
}
