//! The templates in `templates`. `{{name}}` stands for a value in them, and rustfmt lays out what
//! comes of them.

use std::{
    env,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// Fills in a template. In a file of Rust, rustfmt lays out the result as the folder `like` does.
pub(super) fn fill(
    path: &Path,
    template: &str,
    values: &[(&str, String)],
    like: &Path,
) -> Result<String> {
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

/// Returns the source as rustfmt lays it out in this folder.
pub(super) fn formatted(text: &str, like: &Path) -> Result<String> {
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
