//! Checks the dependencies between crates against the allowed layers, with the metadata of cargo.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Violation;

/// The crates of this workspace that each crate may depend on. Crates that are not listed may depend
/// on all but `xtask` and `bench`.
const LAYERS: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    ("migrations", &[]),
    ("store", &["domain", "migrations"]),
    ("auth", &["domain", "store"]),
    ("hypermedia", &["domain", "auth"]),
    ("web", &["domain", "store", "auth", "hypermedia"]),
    (XTASK, &["domain"]),
];

/// Stands for every product: the crates that are neither in a layer nor a tool.
const PRODUCT: &str = "product";

/// The crates that may depend on each framework, besides `tests`.
const FRAMEWORKS: [(&str, &[&str]); 9] = [
    ("poem", &["hypermedia", "web", PRODUCT]),
    ("sea-orm", &["store", PRODUCT]),
    ("sea-orm-migration", &["migrations", PRODUCT]),
    ("lettre", &["auth"]),
    ("argon2", &["auth"]),
    ("webauthn-rs", &["auth"]),
    ("maud", &["auth", "hypermedia", "web", PRODUCT]),
    ("moka", &["store"]),
    ("prometheus-client", &["hypermedia"]),
];

/// The black-box tests and their kit, which may depend on everything, as the measurements may.
const TESTS: &str = "tests";
/// The commands of developers, which build fast because they use no more than the words.
const XTASK: &str = "xtask";
/// The measurements.
const BENCH: &str = "bench";

/// The metadata of cargo.
pub(super) struct Workspace {
    metadata: Value,
    root: PathBuf,
}

impl Workspace {
    /// Runs `cargo metadata`.
    pub(super) fn load() -> Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .output()
            .context("cargo does not run")?;
        let problem = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "cargo metadata failed: {problem}");
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let root = text(&metadata, "workspace_root");
        Ok(Self { root: PathBuf::from(root), metadata })
    }

    /// Returns the root folder of the workspace.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the dependencies that violate the layers.
    pub(super) fn violations(&self) -> Vec<Violation> {
        let packages: Vec<&Value> = array(&self.metadata, "packages").collect();
        let ours: Vec<&str> = packages.iter().map(|package| text(package, "name")).collect();
        let mut violations = Vec::new();
        for package in packages {
            let name = text(package, "name");
            let manifest = Path::new(text(package, "manifest_path"));
            let manifest = manifest.strip_prefix(&self.root).unwrap_or(manifest).to_string_lossy();
            for dependency in array(package, "dependencies") {
                let dependency = text(dependency, "name");
                if !is_allowed(name, dependency, &ours) {
                    let what =
                        format!("{name} must not depend on {dependency}: see ARCHITECTURE.md");
                    violations.push(Violation::new(&manifest, 1, what));
                }
            }
        }
        violations
    }
}

fn is_allowed(package: &str, dependency: &str, ours: &[&str]) -> bool {
    if package == TESTS || package == BENCH {
        return true;
    }
    let layer = LAYERS.iter().find(|(layer, _)| *layer == package);
    let package = if layer.is_none() { PRODUCT } else { package };
    if let Some((_, users)) = FRAMEWORKS.iter().find(|(framework, _)| *framework == dependency) {
        return users.contains(&package);
    }
    match layer {
        Some((_, below)) => below.contains(&dependency) || !ours.contains(&dependency),
        None => ![XTASK, BENCH].contains(&dependency),
    }
}

fn array<'a>(object: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    object.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OURS: [&str; 9] =
        ["domain", "store", "auth", "hypermedia", "web", "app", "migrations", "xtask", "tests"];

    #[test]
    fn dependencies_go_down_the_layers_only() {
        for (package, dependency, expected) in [
            ("web", "auth", true),
            ("web", "hypermedia", true),
            ("hypermedia", "web", false),
            ("hypermedia", "store", false),
            ("web", "store", true),
            ("app", "store", true),
            ("app", "tests", true),
            ("notes", "store", true),
            ("notes", "xtask", false),
            ("web", "app", false),
            ("web", "migrations", false),
            ("auth", "web", false),
            ("domain", "store", false),
            ("migrations", "domain", false),
            ("store", "xtask", false),
            ("xtask", "store", false),
            ("bench", "store", true),
            ("bench", "xtask", true),
            ("xtask", "tests", false),
            ("tests", "store", true),
        ] {
            assert_eq!(is_allowed(package, dependency, &OURS), expected, "{package} {dependency}");
        }
    }

    #[test]
    fn frameworks_stay_in_their_crates() {
        for (package, dependency, expected) in [
            ("web", "poem", true),
            ("auth", "poem", false),
            ("auth", "sea-orm", false),
            ("xtask", "sea-orm-migration", false),
            ("auth", "maud", true),
            ("domain", "maud", false),
            ("notes", "sea-orm-migration", true),
            ("notes", "argon2", false),
            ("auth", "serde", true),
        ] {
            assert_eq!(is_allowed(package, dependency, &OURS), expected, "{package} {dependency}");
        }
    }

    #[test]
    fn a_forbidden_dependency_is_reported_at_its_manifest() {
        let metadata = json!({"packages": [
            {"name": "migrations", "manifest_path": "/w/migrations/Cargo.toml", "dependencies": []},
            {"name": "web", "manifest_path": "/w/crates/web/Cargo.toml",
             "dependencies": [{"name": "migrations"}, {"name": "serde"}]},
        ]});
        let workspace = Workspace { metadata, root: PathBuf::from("/w") };

        let violations = workspace.violations();

        let what = "web must not depend on migrations: see ARCHITECTURE.md";
        assert_eq!(violations, [Violation::new("crates/web/Cargo.toml", 1, what)]);
    }
}
