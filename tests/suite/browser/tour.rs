//! Takes the pictures of docs/tour.md, in the folder that `TEST_SCREENSHOT` names, and those that the
//! shipped product shows of itself. Without that variable there is nothing to do.

use std::{env, fs, path::Path};

use app::BRAND;
use serde_json::json;
use tests::{Colours, ServerProcess, Transport, Window};

use super::{PASSWORD, ROOT, Visitor, database, site_with_admin};

/// The most bytes of a picture.
const MAX_BYTES: usize = 100_000;
/// Where the shipped product is built from.
const PRODUCT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/app/pictures");
/// Browsers that are logged in beside the one that is photographed, with the minutes since.
const DEVICES: &[(&str, u32)] = &[
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
         (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        50,
    ),
    ("Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0", 60 * 26),
];

#[tokio::test]
async fn the_tour_takes_its_pictures() {
    let Some(folder) = env::var_os("TEST_SCREENSHOT") else { return };
    let folder = Path::new(&folder);
    let server = site_with_admin().await;
    database(&server).await.execute("UPDATE users SET confirmed_at = created_at").await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    let metrics = json!({"width": 1600, "height": 1000, "deviceScaleFactor": 0.8, "mobile": false});
    visitor.chromium().devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    visitor.chromium().devtools("Emulation.setScrollbarsHidden", json!({"hidden": true})).await;

    visitor.open("/").await;
    take(&visitor, folder, "home").await;

    visitor.open("/signup").await;
    visitor.fill("email", "ada@example").await;
    visitor.fill("name", "Ada Lovelace").await;
    visitor.fill("password", "a goose").await;
    visitor.wait_for("document.querySelector('#email-error')").await;
    visitor.wait_for("document.querySelector('#password-length').innerText").await;
    take(&visitor, folder, "sign-up").await;

    for &(agent, minutes) in DEVICES {
        log_in_as(&server, agent, minutes).await;
    }
    visitor.log_in(ROOT).await;
    for (path, name) in [("/profile", "settings"), ("/admin/users", "users")] {
        visitor.open(path).await;
        take(&visitor, folder, name).await;
    }
    take_of_the_product(&visitor).await;
    visitor.leave().await;
}

/// Logs in with another browser, so many minutes ago.
async fn log_in_as(server: &ServerProcess, agent: &str, minutes: u32) {
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/login").await;
    browser.form("login-form").fill("email", ROOT).fill("password", PASSWORD).submit().await;
    let earlier = i64::from(minutes) * 60_000;
    let update = format!(
        "UPDATE sessions SET user_agent = '{agent}', created_at = created_at - {earlier}, \
         last_seen_at = last_seen_at - {earlier} WHERE user_agent NOT LIKE '%Firefox/145%' AND user_agent NOT LIKE '%iPhone%'"
    );
    database(server).await.execute(&update).await;
}

/// Takes the pictures that the product shows of itself.
async fn take_of_the_product(visitor: &Visitor) {
    let product = Path::new(PRODUCT);
    for (colours, name) in [(Colours::Light, "sessions"), (Colours::Dark, "sessions-dark")] {
        let window = Window { width: 1120, height: 800, colours, ..Window::default() };
        visitor.chromium().emulate(window).await;
        visitor.open("/settings/sessions").await;
        take(visitor, product, name).await;
    }
    let metrics = json!({"width": 180, "height": 180, "deviceScaleFactor": 1, "mobile": false});
    visitor.chromium().devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    let icon: String = visitor.eval("return document.querySelector('link[rel=icon]').href").await;
    visitor.chromium().visit(&icon.parse().unwrap()).await;
    let ground =
        format!("return document.documentElement.style.background = '{}'", BRAND.light.accent);
    let _style: String = visitor.eval(&ground).await;
    fs::write(product.join("touch-icon.png"), visitor.chromium().screenshot().await).unwrap();
}

async fn take(visitor: &Visitor, folder: &Path, name: &str) {
    // The gutter of the scrollbar would be a strip without the colour of the bar at the top.
    let no_gutter = "return document.documentElement.style.scrollbarGutter = 'auto'";
    let _style: String = visitor.eval(no_gutter).await;
    let picture = visitor.chromium().screenshot().await;
    assert!(picture.len() < MAX_BYTES, "{name}: {} bytes", picture.len());
    fs::write(folder.join(format!("{name}.png")), picture).unwrap();
}
