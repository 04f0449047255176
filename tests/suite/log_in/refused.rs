//! Refused log-ins, as the owner, the operator and the log see them.

use std::time::Duration;

use auth::{Order, Rate, SignupMode};
use tests::{Backend, Browser, TestApp, Transport};
use web::settings::TrustedProxies;

use crate::{
    cast::LEO,
    flows::post,
    people::{self, MIA, PASSWORD},
};

const WRONG: &str = "not the right password";
const PATH: &str = "/settings/security";

async fn app(change: impl FnOnce(&mut web::Settings)) -> TestApp {
    app_on(Backend::Sqlite, change).await
}

async fn app_on(backend: Backend, change: impl FnOnce(&mut web::Settings)) -> TestApp {
    let app = TestApp::on(backend, |settings| {
        settings.limits.enabled = true;
        settings.server.trusted_proxies = TrustedProxies::parse("127.0.0.1").unwrap();
        change(settings);
    })
    .await;
    people::sign_up(&app, MIA).await;
    people::confirm(&app, MIA).await;
    app
}

async fn visitor(app: &TestApp) -> Browser {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    browser
}

async fn try_from(browser: &Browser, address: &str, email: &str, password: &str) -> u16 {
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", email), ("password", password)];
    let request = browser.raw("POST", "/login").same_origin().form(&fields);
    request.header("x-forwarded-for", address).send().await.status()
}

/// Why log-ins to the account were refused, and how often, once they are written down.
async fn refusals(app: &TestApp, reasons: usize) -> Vec<String> {
    let sql = "SELECT event || ' ' || reason || ' ' || refusals || ' ' || ip_address \
        FROM security_events WHERE reason IS NOT NULL ORDER BY created_at, reason";
    for _ in 0..200 {
        let found = app.database.texts(sql).await;
        if found.len() >= reasons {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    app.database.texts(sql).await
}

/// WHY-01: the owner reads why, from where and how often, as soon as the next log-in lets
/// them in.
#[tokio::test]
async fn the_owner_reads_of_refused_log_ins() {
    for backend in Backend::available() {
        let app = app_on(backend, |_| {}).await;
        let stranger = visitor(&app).await;
        for address in ["198.51.100.7", "198.51.100.8", "2001:db8:1:2::3"] {
            assert_eq!(try_from(&stranger, address, MIA, WRONG).await, 422);
        }

        let mut owner = people::logged_in(&app, Transport::Plain, MIA).await;
        let text = owner.visit(PATH).await.visible_text();

        for part in
            ["Log-in failed: wrong password", "2 times", "198.51.100.0/24", "2001:db8:1::/48"]
        {
            assert!(text.contains(part), "{backend:?}: no {part} in {text}");
        }
        assert!(!text.contains("198.51.100.7"), "{text}");
        let file = post(&owner, "/settings/data/export", &[]).await.body;
        assert!(file.contains("\"reason\": \"wrong_password\""), "{file}");
    }
}

/// WHY-01: each reason, and none for an address without an account.
#[tokio::test]
async fn every_reason_is_told_apart() {
    let app = app(|settings| {
        settings.limits.login_per_account = Rate::new(3, Duration::from_hours(1));
        settings.limits.login_per_device = Rate::new(1, Duration::from_hours(1));
        settings.limits.login_per_client = Rate::new(7, Duration::from_hours(1));
    })
    .await;
    let owner = people::logged_in(&app, Transport::Plain, MIA).await;
    let stranger = visitor(&app).await;
    let from = "192.0.2.1";
    for (password, status) in [(WRONG, 422), (WRONG, 422), (WRONG, 422), (PASSWORD, 429)] {
        assert_eq!(try_from(&stranger, from, MIA, password).await, status);
    }
    let mut device = app.browser(Transport::Plain);
    let cookie = owner.cookies().get("__Host-latchkey-device").expect("it logged in").value.clone();
    device.cookies_mut().plant("__Host-latchkey-device", &cookie);
    device.visit("/login").await;
    for status in [422, 429] {
        assert_eq!(try_from(&device, from, MIA, WRONG).await, status);
    }
    assert_eq!(try_from(&stranger, from, LEO, WRONG).await, 422);
    assert_eq!(try_from(&stranger, from, MIA, WRONG).await, 429);

    let expected = [
        "log_in_refused throttled_account 1 192.0.2.0/24",
        "log_in_refused throttled_client 1 192.0.2.0/24",
        "log_in_refused throttled_device 1 192.0.2.0/24",
        "log_in_refused wrong_password 4 192.0.2.0/24",
    ];
    assert_eq!(refusals(&app, expected.len()).await, expected);
}

/// WHY-01: the reasons that keep an owner with the right password out.
#[tokio::test]
async fn a_right_password_that_does_not_log_in_has_a_reason_of_its_own() {
    for (reason, orders) in
        [("disabled", &[Order::Disable][..]), ("unconfirmed", &[]), ("void_password", &[])]
    {
        let app = app(|settings| settings.accounts.signup = SignupMode::Confirmed).await;
        match reason {
            "unconfirmed" => {
                let sql = format!("UPDATE users SET confirmed_at = NULL WHERE email = '{MIA}'");
                app.database.execute(&sql).await;
            }
            "void_password" => {
                let path = people::compromise_report_path(&app, MIA).await;
                let mut owner = app.browser(Transport::Plain);
                owner.visit(&path).await;
                owner.form("not-me-form").submit().await;
            }
            _ => {}
        }
        for order in orders {
            people::order(&app, MIA, order.clone()).await;
        }
        let browser = visitor(&app).await;

        assert_ne!(try_from(&browser, "192.0.2.1", MIA, PASSWORD).await, 200, "{reason}");

        let expected = format!("log_in_refused {reason} 1 192.0.2.0/24");
        assert_eq!(refusals(&app, 1).await, [expected]);
    }
}

/// WHY-01, RES-09: a flood from many networks writes a few rows, and nothing while the
/// tries are counted.
#[tokio::test]
async fn a_flood_of_tries_makes_a_timeline_no_longer_than_a_page() {
    let app = app(|settings| {
        settings.limits.login_per_account = Rate::new(1_000, Duration::from_hours(1));
    })
    .await;
    let stranger = visitor(&app).await;
    for n in 0..60 {
        assert_eq!(try_from(&stranger, &format!("203.0.{n}.1"), MIA, WRONG).await, 422);
    }

    let mut owner = people::logged_in(&app, Transport::Plain, MIA).await;
    let rows = refusals(&app, 9).await;

    assert_eq!(rows.len(), 9, "{rows:?}");
    let counted: usize =
        rows.iter().filter_map(|row| row.split(' ').nth(2)?.parse::<usize>().ok()).sum();
    assert_eq!(counted, 60, "{rows:?}");
    assert!(owner.visit(PATH).await.visible_text().contains("Several networks"));
}
