//! Makes the table of assets that `src/assets.rs` serves: fetches htmx, names every
//! file by its content, compresses it once.

mod bundle;
mod npm;

use std::{
    env,
    fs::{self},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::bundle::Asset;

const HTMX_OVERRIDE: &str = "HTMX_JS_FILE";

fn main() -> Result<()> {
    let out = PathBuf::from(env::var("OUT_DIR").context("cargo sets OUT_DIR")?);
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    watch(&assets);

    let own = |constant, name| Asset::new(constant, name, assets.join(name), Some(name));
    let htmx = Asset::new("HTMX_JS", "htmx.js", htmx(&assets, &out)?, None);
    let table = [
        own("APP_CSS", "app.css"),
        own("APP_JS", "app.js"),
        own("FIELDS_JS", "fields.js"),
        own("PAGE_JS", "page.js"),
        own("PASSKEYS_JS", "passkeys.js"),
        own("SESSION_JS", "session.js"),
        own("DEV_JS", "dev.js"),
        own("ICONS", "icons.svg"),
        htmx,
    ];
    fs::write(out.join("assets.rs"), bundle::table(&table, &out)?)
        .context("the table of assets cannot be written")
}

fn htmx(assets: &Path, out: &Path) -> Result<PathBuf> {
    if let Some(path) = env::var_os(HTMX_OVERRIDE) {
        return Ok(path.into());
    }
    npm::file(assets, "htmx.org", "dist/htmx.min.js", out)
        .with_context(|| format!("connect once, or set {HTMX_OVERRIDE} to a copy of the file"))
}

#[expect(clippy::print_stdout, reason = "the way to talk to cargo")]
fn watch(assets: &Path) {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", assets.display());
    println!("cargo::rerun-if-env-changed={HTMX_OVERRIDE}");
    println!("cargo::rerun-if-env-changed={}", npm::REGISTRY);
}
