//! The product that is served: Latchkey itself, or one in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::programs::{cargo, server_binary, workspace};

/// Folders with sources of Latchkey, below the root of the workspace.
const OWN_SOURCES: [&str; 4] = ["assets", "crates", "examples", "migrations"];
/// Folders of a product without sources of its program.
const WITHOUT_SOURCES: [&str; 3] = ["target", "tests", "var"];

/// A product, whose program runs in its folder.
pub(super) struct Product {
    pub(super) folder: PathBuf,
    /// The name of the program.
    name: String,
    program: PathBuf,
}

impl Product {
    /// Finds the product in the folder, or Latchkey without one.
    pub(super) fn find(folder: Option<&Path>) -> Result<Self> {
        let Some(folder) = folder else {
            let (folder, program) = (workspace().to_owned(), server_binary()?);
            return Ok(Self { folder, name: "latchkey".to_owned(), program });
        };
        let told = || format!("{} has no Cargo.toml: is it a product?", folder.display());
        let folder = folder.canonicalize().with_context(told)?;
        ensure!(folder.join("Cargo.toml").is_file(), told());
        let mut cargo = cargo();
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(&folder);
        let output = cargo.output().context("cargo does not run")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let name = program_name(&metadata, &folder.join("Cargo.toml"));
        let name = name.with_context(|| format!("{} has no program", folder.display()))?;
        let target = metadata
            .get("target_directory")
            .and_then(Value::as_str)
            .context("cargo names no target")?;
        let program = Path::new(target).join("debug").join(&name);
        Ok(Self { folder, name, program })
    }

    /// Returns the variable that sets `server.listen`. It begins with the slug of the brand, which
    /// `--version` prints. Before the first build the slug is taken to be the name of the program.
    pub(super) fn listen_variable(&self) -> String {
        let printed = self.program().arg("--version").output().map(|output| output.stdout);
        let printed = String::from_utf8(printed.unwrap_or_default()).unwrap_or_default();
        let slug = printed.split_whitespace().next().unwrap_or(&self.name);
        format!("{}__SERVER__LISTEN", slug.replace('-', "_").to_uppercase())
    }

    /// Returns the folders to watch.
    pub(super) fn sources(&self) -> Result<Vec<PathBuf>> {
        if self.folder == workspace() {
            return Ok(OWN_SOURCES.map(|source| self.folder.join(source)).to_vec());
        }
        let entries = fs::read_dir(&self.folder)?.collect::<Result<Vec<_>, _>>()?;
        let has_sources = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path.is_dir() && !name.starts_with('.') && !WITHOUT_SOURCES.contains(&&*name)
        };
        Ok(entries.into_iter().map(|entry| entry.path()).filter(has_sources).collect())
    }

    /// Returns the program that was built last, to run in the folder.
    pub(super) fn program(&self) -> Command {
        let mut program = Command::new(&self.program);
        program.current_dir(&self.folder);
        program
    }

    /// Returns the build. The whole workspace is named, so that the libraries have the features that
    /// the tests need, and a test run does not build them again.
    pub(super) fn build(&self) -> Command {
        let mut cargo = cargo();
        cargo.args(["build", "--workspace", "--bin", &self.name]).current_dir(&self.folder);
        cargo
    }
}

/// Returns the name of the first program of the package with this manifest.
fn program_name(metadata: &Value, manifest: &Path) -> Option<String> {
    let text = |value: &Value, key| Some(value.get(key)?.as_str()?.to_owned());
    let is_it = |package: &&Value| text(package, "manifest_path").as_deref() == manifest.to_str();
    let package = metadata.get("packages")?.as_array()?.iter().find(is_it)?;
    let is_program = |target: &&Value| target.pointer("/kind/0").is_some_and(|kind| kind == "bin");
    text(package.get("targets")?.as_array()?.iter().find(is_program)?, "name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_found_by_its_manifest() {
        let product = Product::find(Some(&workspace().join("examples/notes"))).unwrap();

        assert_eq!(product.program.file_name().unwrap(), "notes");
        assert_eq!(product.sources().unwrap(), [product.folder.join("src")]);

        for (folder, reason) in [("docs", "is it a product?"), ("crates/web", "has no program")] {
            let error = Product::find(Some(&workspace().join(folder))).err().unwrap().to_string();
            assert!(error.contains(reason), "{error}");
        }
        assert_eq!(Product::find(None).unwrap().listen_variable(), "LATCHKEY__SERVER__LISTEN");
    }
}
