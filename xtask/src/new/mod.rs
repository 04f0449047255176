//! `cargo xtask new`: writes a feature into a product, or a new product. Everything is checked and
//! put together before the first file is written.

mod code;
mod feature;
mod field;
mod manifest;
mod name;
mod product;
mod template;

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::{Context, Result};

pub use self::feature::{TAKEN_PATHS, TAKEN_TABLES};

/// What is to be written.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum What {
    /// Write the table, pages, texts and tests of a user's own rows into a product
    Feature(feature::Arguments),
    /// Write a product of its own, beside this repository
    Product(product::Arguments),
}

/// Writes it, and prints the names of the files.
pub(crate) fn run(what: &What) -> Result<ExitCode> {
    let root = workspace_root()?;
    let files = match what {
        What::Feature(arguments) => feature::files(&root, arguments)?,
        What::Product(arguments) => product::files(&root, arguments)?,
    };
    for (path, text) in files {
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(&path, text).with_context(|| path.display().to_string())?;
        println!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn workspace_root() -> Result<PathBuf> {
    let arguments = ["locate-project", "--workspace", "--message-format", "plain"];
    let located = Command::new("cargo").args(arguments).output().context("cargo does not run")?;
    let manifest = PathBuf::from(String::from_utf8(located.stdout)?.trim());
    Ok(manifest.parent().context("this is no folder of the workspace")?.to_owned())
}
