//! Fetches axe-core, which checks pages for accessibility, in the version and with the sha512
//! digest that `assets/package-lock.json` pins. Keeps it in a cache outside the source tree.
//! Without a network the file is empty, and the tests that need it are left out, or fail in CI.
//! `TEST_AXE_JS=/path` names a copy for builds without a network.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};
use npm_utils::{
    download,
    extract::{self, Select},
    integrity,
    package_json::lock::{LockedPackage, Lockfile},
    registry::Registry,
};

const LOCK: &str = "../assets/package-lock.json";
const PACKAGE: &str = "axe-core";
const FILE: &str = "axe.min.js";

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed={LOCK}");
    println!("cargo::rerun-if-env-changed=TEST_AXE_JS");
    let folder = PathBuf::from(env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    let file = folder.join(FILE);
    if let Some(copy) = env::var_os("TEST_AXE_JS") {
        fs::copy(&copy, &file).with_context(|| format!("{}", Path::new(&copy).display()))?;
        return Ok(());
    }
    if let Err(error) = fetch(&folder) {
        println!("cargo::warning=axe-core is left out: {error:#}");
        // A file that never exists makes cargo run this script again in the next build.
        println!("cargo::rerun-if-changed={}", folder.join("never").display());
        fs::write(&file, "")?;
    }
    Ok(())
}

fn fetch(folder: &Path) -> Result<()> {
    let lock = fs::read_to_string(LOCK).context(LOCK)?;
    let lock = Lockfile::parse(&lock).map_err(|error| anyhow!("{LOCK}: {error}"))?;
    let package = lock.packages.iter().find(|package| package.name == PACKAGE);
    let package = package.with_context(|| format!("{LOCK} does not pin {PACKAGE}"))?;
    let archive = archive(package)?;
    let files = [(FILE, FILE)];
    extract::tar_gz(&archive, folder, Some("package/"), Select::Files(&files))
        .map_err(|error| anyhow!("{PACKAGE}: {error}"))?;
    Ok(())
}

fn archive(package: &LockedPackage) -> Result<Vec<u8>> {
    let pinned = package.integrity.as_deref().context("the lock has no integrity")?;
    let verify = |bytes: &[u8]| {
        integrity::verify(PACKAGE, bytes, pinned).map_err(|error| anyhow!("{error}"))
    };
    let cached = cache().map(|cache| cache.join(format!("{PACKAGE}-{}.tgz", package.version)));
    if let Some(bytes) = cached.as_ref().and_then(|path| fs::read(path).ok())
        && verify(&bytes).is_ok()
    {
        return Ok(bytes);
    }
    let url = Registry::npm().tarball_url(PACKAGE, &package.version);
    let bytes = download::fetch(&url).map_err(|error| anyhow!("{url}: {error}"))?;
    verify(&bytes)?;
    if let Some(path) = cached {
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        let partial = path.with_extension(format!("{}.part", std::process::id()));
        fs::write(&partial, &bytes)?;
        fs::rename(&partial, &path)?;
    }
    Ok(bytes)
}

fn cache() -> Option<PathBuf> {
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache"));
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)?;
    Some(cache.join("latchkey"))
}
