//! Refused log-ins as the operator sees them, and what the operator can do about them.

use std::time::Duration;

use tests::{TestApp, Transport};

use crate::{
    fault_steps::Operator,
    flows::{MIA, PASSWORD, logged_in, make_user, post},
};

/// WHY-02: what the operator sees of an owner who cannot log in, and what helps.
#[tokio::test]
async fn the_operator_sees_why_an_owner_cannot_log_in_and_lets_them_try_again() {
    let app = TestApp::with(|settings| {
        settings.session.cache_ttl = Duration::ZERO;
        settings.limits.enabled = true;
    })
    .await;
    make_user(&app, MIA).await;
    let url = format!("sqlite://{}/test.db?mode=rwc", app.folder().display());
    // The keys of the counts are signed.
    let secret = "thirty-two bytes or more, for tests alone";
    let xtask = Operator::on(app.folder(), &url).with("LATCHKEY__SECRET_KEY", secret);
    let mut known = logged_in(&app, Transport::Plain, MIA).await;
    known.form("logout-form").submit().await;
    known.visit("/login").await;
    let mut stranger = app.browser(Transport::Plain);
    stranger.visit("/login").await;
    let fields = [("email", MIA), ("password", "not the right password")];
    for browser in [&stranger, &known] {
        for status in std::iter::repeat_n(422, 10).chain([429]) {
            assert_eq!(post(browser, "/login", &fields).await.status(), status);
        }
    }
    assert_eq!(post(&stranger, "/forgot-password", &[("email", MIA)]).await.status(), 303);
    app.mailbox.latest_to(MIA).await;
    crate::people::mails_sent(&app).await;
    tokio::time::sleep(Duration::from_secs(1)).await;

    let shown = xtask.run(&["user", "show", MIA]).await.succeeded();
    for part in [
        "log-in    throttled in new browsers",
        "throttled in new browsers: `user unthrottle`",
        "limit     login_per_account  0 of 10 left",
        "sessions  0",
        "tries 1",
        "log_in_refused  anyone  127.0.0.0/24  wrong_password  20 times",
        "throttled_account  1 times",
        "throttled_device  1 times",
    ] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    assert!(
        shown.lines().any(|line| line.starts_with("mail ") && line.contains("sent 20")),
        "{shown}"
    );
    assert!(!shown.contains("$argon2id$") && !shown.contains("/reset-password/"), "{shown}");

    let done = xtask.run(&["user", "unthrottle", MIA]).await;
    assert!(!done.stderr.contains(MIA), "{done:?}");
    assert_eq!(done.succeeded().trim(), format!("{MIA} is counted anew"));
    for browser in [&stranger, &known] {
        let fields = [("email", MIA), ("password", PASSWORD)];
        assert_eq!(post(browser, "/login", &fields).await.status(), 303);
    }
    let cleared = "SELECT actor FROM security_events WHERE event = 'limits_cleared'";
    assert_eq!(app.database.texts(cleared).await, ["operator"]);
    xtask.run(&["user", "unthrottle", "nobody@example.test"]).await.failed_with(1);
}
