//! How often an action may be tried, and which clients delay each other.

#![expect(clippy::unwrap_used, reason = "an expectation that does not hold is a failed test")]

mod clients;
mod devices;
mod forms;
mod load;
mod log_in;
mod mails;
mod owners;
mod passwords;

use std::time::Duration;

use tests::{Answer, Browser, TestApp, Transport};
use web::{Settings, settings::TrustedProxies};

const WRONG: &str = "not the right password";
const QUARTER: Duration = Duration::from_mins(15);

/// With the limits on, behind a proxy on this machine.
async fn behind_a_proxy(change: impl FnOnce(&mut Settings)) -> TestApp {
    TestApp::with(|settings| {
        settings.limits.enabled = true;
        settings.server.trusted_proxies = TrustedProxies::parse("127.0.0.1").unwrap();
        change(settings);
    })
    .await
}

/// With the limits on, reached by everybody directly.
async fn open(change: impl FnOnce(&mut Settings)) -> TestApp {
    TestApp::with(|settings| {
        settings.limits.enabled = true;
        change(settings);
    })
    .await
}

/// A browser on the log-in page.
async fn visitor(app: &TestApp) -> Browser {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    browser
}

/// A log-in with headers that name a client.
async fn log_in_from(
    browser: &Browser,
    headers: &[(&str, &str)],
    email: &str,
    password: &str,
) -> Answer {
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", email), ("password", password)];
    let mut request = browser.raw("POST", "/login").same_origin().form(&fields);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send().await
}

async fn forgot(browser: &Browser, email: &str) -> Answer {
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", email)];
    browser.raw("POST", "/forgot-password").same_origin().form(&fields).send().await
}
