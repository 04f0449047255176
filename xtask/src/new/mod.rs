//! `cargo xtask new`: writes a feature into a product, or a new product. Everything is checked and
//! put together before the first file is written. The templates are in `templates`; `{{name}}`
//! stands for a value in them, and rustfmt lays out what comes of them.

mod code;
mod feature;
mod field;
mod manifest;
mod name;
mod product;

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, bail};

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

/// Fills in a template. In a file of Rust, rustfmt lays out the result as the folder `like` does.
fn fill(path: &Path, template: &str, values: &[(&str, String)], like: &Path) -> Result<String> {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{{{name}}}}}"), value.trim_end());
    }
    if text.contains("{{") {
        bail!("the template of {} has a value that is not filled in", path.display());
    }
    if path.extension().is_some_and(|extension| extension == "rs") {
        return formatted(&text, like);
    }
    Ok(text)
}

fn formatted(text: &str, like: &Path) -> Result<String> {
    let mut rustfmt = Command::new(env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into()));
    rustfmt.args(["--edition", "2024", "--quiet"]).current_dir(like);
    let rustfmt = rustfmt.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut rustfmt = rustfmt.context("rustfmt does not run: rustup component add rustfmt")?;
    let mut input = rustfmt.stdin.take().context("rustfmt takes a text")?;
    input.write_all(text.as_bytes())?;
    drop(input);
    let output = rustfmt.wait_with_output()?;
    if !output.status.success() {
        bail!("rustfmt does not take what was made of a template");
    }
    Ok(String::from_utf8(output.stdout)?)
}
