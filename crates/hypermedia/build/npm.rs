//! One file out of an npm package, without Node. The lock file says which package:
//! its version and the SHA-512 of its archive, which is checked on every use, cached
//! or not. Archives are kept in cargo's home, outside the source tree.
//!
//! The build script of `tests` includes this file too.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context, Result, anyhow, ensure};
use npm_utils::{
    download,
    extract::{self, Select},
    integrity,
    package_json::lock::{LockedPackage, Lockfile},
    registry::Registry,
};

/// The variable that names another registry, as npm itself reads it.
pub(crate) const REGISTRY: &str = "NPM_CONFIG_REGISTRY";

/// Puts `file` of the locked `package` into the folder `out`; `assets` holds the lock.
pub(crate) fn file(assets: &Path, package: &str, file: &str, out: &Path) -> Result<PathBuf> {
    let lock = fs::read_to_string(assets.join("package-lock.json"))
        .context("assets/package-lock.json cannot be read")?;
    let lock = Lockfile::parse(&lock).map_err(|error| anyhow!(error))?;
    let package = lock
        .packages
        .iter()
        .find(|entry| entry.name == package)
        .with_context(|| format!("assets/package-lock.json does not lock {package}"))?;

    let name = file.rsplit('/').next().unwrap_or(file);
    let count =
        extract::tar_gz(&archive(package)?, out, Some("package/"), Select::Files(&[(file, name)]))
            .map_err(|error| anyhow!(error))?;
    ensure!(count == 1, "{} {} has no {file}", package.name, package.version);
    Ok(out.join(name))
}

fn archive(package: &LockedPackage) -> Result<Vec<u8>> {
    let LockedPackage { name, version, integrity, .. } = package;
    let integrity =
        integrity.as_deref().with_context(|| format!("the lock has no integrity of {name}"))?;
    let verify = |bytes: &[u8]| integrity::verify(name, bytes, integrity);

    let cached = cache().map(|folder| folder.join(format!("{name}-{version}.tgz")));
    if let Some(bytes) = cached.as_ref().and_then(|path| fs::read(path).ok())
        && verify(&bytes).is_ok()
    {
        return Ok(bytes);
    }
    let url = registry().tarball_url(name, version);
    let bytes = download::fetch(&url)
        .map_err(|error| anyhow!("{name} {version} cannot be fetched from {url}: {error}"))?;
    verify(&bytes).map_err(|error| anyhow!(error))?;
    if let Some(path) = cached {
        keep(&path, &bytes);
    }
    Ok(bytes)
}

fn registry() -> Registry {
    env::var(REGISTRY)
        .map_or_else(|_| Registry::npm(), |url| Registry::with_base_url(url.trim_end_matches('/')))
}

fn cache() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))?;
    Some(home.join("hypermedia-assets"))
}

/// Keeps an archive for the next build. A cache that cannot be written costs that
/// build a download and is no reason to fail this one.
fn keep(path: &Path, bytes: &[u8]) {
    let part = path.with_extension(format!("{}.part", process::id()));
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    if folder.and_then(|()| fs::write(&part, bytes)).is_ok() {
        let _ = fs::rename(&part, path);
    }
}
