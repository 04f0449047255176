//! How long a session lives.

use std::time::Duration;

use tests::{Browser, TestApp, Transport};

use crate::{
    flows::{MIA, PASSWORD, logged_in, make_user},
    people::{is_alive, session_of},
};

use super::{DAY, SECOND};

const HOUR: Duration = Duration::from_hours(1);
const ALMOST_AN_HOUR: Duration = Duration::from_secs(3_599);
const ALMOST_A_DAY: Duration = Duration::from_secs(86_399);

/// Logs in with "remember me".
async fn remembered(app: &TestApp, transport: Transport) -> Browser {
    let mut browser = app.browser(transport);
    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", MIA).fill("password", PASSWORD);
    form.check("remember").submit().await;
    browser
}

/// SES-08: an absolute end, however busy the session is.
#[tokio::test]
async fn a_session_ends_after_a_day_however_busy_it_is() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        app.clock.advance(25 * HOUR);
        let mut browser = logged_in(&app, transport, MIA).await;
        for _ in 0..23 {
            app.clock.advance(HOUR);
            assert_eq!(browser.visit("/profile").await.path(), "/profile", "{transport:?}");
        }
        app.clock.advance(ALMOST_AN_HOUR);
        assert_eq!(browser.visit("/profile").await.path(), "/profile", "{transport:?}");

        app.clock.advance(SECOND);

        assert!(!is_alive(&app, &session_of(&browser)).await);
        assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
    }
}

/// SES-08, SES-09: thirty days, not a second less by a flash or a request.
#[tokio::test]
async fn a_remembered_session_outlives_the_window_and_ends_after_thirty_days() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = remembered(&app, transport).await;
        let cookie = browser.cookies().session().unwrap().clone();
        assert_eq!(cookie.max_age, Some(30 * 24 * 60 * 60), "{transport:?}");
        let end = app.database.texts("SELECT CAST(expires_at AS TEXT) FROM sessions").await;
        browser.cookies_mut().close_window();
        app.clock.advance(29 * DAY);

        browser.visit("/forgot-password").await;
        browser.form("forgot-password-form").fill("email", MIA).submit().await;
        assert!(browser.page().is_logged_in(), "{transport:?}");
        assert_eq!(browser.cookies().session(), Some(&cookie), "{transport:?}");
        let now = app.database.texts("SELECT CAST(expires_at AS TEXT) FROM sessions").await;
        assert_eq!(now, end, "{transport:?}");

        app.clock.advance(ALMOST_A_DAY);
        assert!(is_alive(&app, &cookie.value).await, "{transport:?}");
        app.clock.advance(SECOND);
        assert!(!is_alive(&app, &cookie.value).await, "{transport:?}");
    }
}

#[tokio::test]
async fn how_long_sessions_live_is_a_setting() {
    let app = TestApp::with(|settings| {
        settings.session.lifetime = HOUR;
        settings.session.remember_lifetime = 2 * HOUR;
    })
    .await;
    make_user(&app, MIA).await;
    let short = session_of(&logged_in(&app, Transport::Plain, MIA).await);
    let browser = remembered(&app, Transport::Plain).await;
    assert_eq!(browser.cookies().session().unwrap().max_age, Some(7_200));

    app.clock.advance(HOUR);

    assert!(!is_alive(&app, &short).await);
    assert!(is_alive(&app, &session_of(&browser)).await);
}

/// SES-08: a session that is used goes on, one that is not ends.
#[tokio::test]
async fn an_idle_session_ends_where_that_is_set() {
    let app = TestApp::with(|settings| settings.session.idle_timeout = Some(HOUR)).await;
    make_user(&app, MIA).await;
    let busy = session_of(&remembered(&app, Transport::Plain).await);
    let idle = session_of(&remembered(&app, Transport::Plain).await);
    for _ in 0..4 {
        app.clock.advance(ALMOST_AN_HOUR);
        assert!(is_alive(&app, &busy).await);
    }

    assert!(!is_alive(&app, &idle).await);

    app.clock.advance(HOUR);
    assert!(!is_alive(&app, &busy).await);
}

/// SES-08: an open page looks whether its session lives, and does not keep it alive.
#[tokio::test]
async fn a_page_that_looks_by_itself_does_not_keep_a_session_alive() {
    let app = TestApp::with(|settings| settings.session.idle_timeout = Some(HOUR)).await;
    make_user(&app, MIA).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;
    let session = session_of(&browser);
    for _ in 0..2 {
        assert_eq!(browser.raw("GET", "/session").send().await.status(), 204);
        app.clock.advance(HOUR / 2);
    }

    let answer = browser.raw("GET", "/session").send().await;

    assert_eq!((answer.status(), answer.header("location")), (303, Some("/login?next=%2Fsession")));
    assert!(!is_alive(&app, &session).await);
}

/// SES-08: however short the limit is, a session that is used within it goes on.
#[tokio::test]
async fn a_short_idle_limit_ends_no_session_that_is_used_within_it() {
    for limit in [Duration::from_mins(1), Duration::from_secs(20), SECOND] {
        let app = TestApp::with(|settings| settings.session.idle_timeout = Some(limit)).await;
        make_user(&app, MIA).await;
        let session = session_of(&logged_in(&app, Transport::Plain, MIA).await);
        for n in 0..40 {
            // The last note may be a tenth of the limit old.
            app.clock.advance(if n % 2 == 0 { limit / 11 } else { limit * 8 / 10 });
            assert!(is_alive(&app, &session).await, "{limit:?} {n}");
        }

        app.clock.advance(limit);

        assert!(!is_alive(&app, &session).await, "{limit:?}");
    }
}

#[tokio::test]
async fn without_an_idle_limit_a_session_may_rest() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let session = session_of(&logged_in(&app, Transport::Plain, MIA).await);

    app.clock.advance(23 * HOUR);

    assert!(is_alive(&app, &session).await);
}
