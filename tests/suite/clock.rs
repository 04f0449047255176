//! Clocks that jump, and servers in unusual time zones.

use std::time::Duration;

use tests::{ServerProcess, TestApp, Transport};

use crate::{
    cast::NOAH,
    flows,
    people::{self, MIA, PASSWORD},
};

const HOUR: Duration = Duration::from_hours(1);

/// CLK-01: a clock that is set two hours ahead and back again breaks nothing. Used-up links and
/// limits stay used up.
#[tokio::test]
async fn a_clock_that_jumps_ahead_and_back_brings_nothing_back_to_life() {
    let app = TestApp::start().await;
    for email in [MIA, NOAH] {
        people::sign_up(&app, email).await;
    }
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    let used = people::reset_path(&app, MIA).await;
    let mut ahead = app.browser(Transport::Plain);
    ahead.visit(&used).await;
    ahead.form("reset-password-form").fill("password", PASSWORD).submit().await;

    app.clock.advance(2 * HOUR);
    assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    let link = people::reset_path(&app, NOAH).await;
    app.clock.turn_back(4 * HOUR);

    assert!(browser.visit("/profile").await.is_logged_in(), "a session from the future");
    for path in ["/", "/login", "/readyz", "/livez", "/.well-known/security.txt"] {
        assert!(ahead.raw("GET", path).send().await.status() < 400, "{path}");
    }
    assert_eq!(ahead.visit(&used).await.status(), 410);
    assert_eq!(ahead.visit(&link).await.status(), 200);
    people::logged_in(&app, Transport::Plain, MIA).await;
}

/// CLK-01: all times are in UTC.
#[tokio::test]
async fn the_time_zone_of_the_server_changes_nothing() {
    for zone in ["Asia/Kathmandu", "America/St_Johns"] {
        let server = ServerProcess::start(&[("TZ", zone)]).await;
        let mut browser = server.browser(Transport::Plain);
        flows::sign_up(&mut browser, MIA).await;
        let form = browser.form("login-form").fill("email", MIA).fill("password", PASSWORD);
        let page = form.check("remember").submit().await;
        assert!(page.is_logged_in(), "{zone}: {}", page.visible_text());

        let expires = browser.cookies().session().unwrap().max_age.unwrap();
        let thirty_days = 30 * 24 * 3_600;
        assert!((thirty_days - 60..=thirty_days).contains(&expires), "{zone}: {expires}");
        for line in server.log().lines().filter(|line| line.starts_with('{')) {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{zone}: {line}");
        }
    }
}
