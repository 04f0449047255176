//! Takes the pictures of docs/tour.md, in the folder that `TEST_SCREENSHOT` names. Without that
//! variable there is nothing to do. The pages are those of the shipped product.

use std::{env, fs, path::Path};

use serde_json::json;
use tests::Window;

use super::{ROOT, Visitor, database, site_with_admin};

/// The most bytes of a picture.
const MAX_BYTES: usize = 60_000;

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

    visitor.log_in(ROOT).await;
    for (path, name) in [("/settings/profile", "settings"), ("/admin/users", "users")] {
        visitor.open(path).await;
        take(&visitor, folder, name).await;
    }
    visitor.leave().await;
}

async fn take(visitor: &Visitor, folder: &Path, name: &str) {
    // The gutter of the scrollbar would be a strip without the colour of the bar at the top.
    let no_gutter = "return document.documentElement.style.scrollbarGutter = 'auto'";
    let _style: String = visitor.eval(no_gutter).await;
    let picture = visitor.chromium().screenshot().await;
    assert!(picture.len() < MAX_BYTES, "{name}: {} bytes", picture.len());
    fs::write(folder.join(format!("{name}.png")), picture).unwrap();
}
