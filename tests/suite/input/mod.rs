//! Bodies, hosts, methods and fields that no browser sends.

mod addresses;
mod bodies;
mod fields;
mod framing;
mod hosts;

use tests::{Browser, TestApp, Transport};

const FORM: &str = "application/x-www-form-urlencoded";

async fn visitor(app: &TestApp) -> Browser {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/signup").await;
    browser
}
