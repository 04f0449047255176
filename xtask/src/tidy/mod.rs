//! `cargo xtask tidy`: checks that the compiler and clippy do not offer. It checks the layers of
//! ARCHITECTURE.md, cycles between modules, the rules of docs/style.md, the size of the style
//! sheet, and that the threat model contains every promise that a test names.

mod cycles;
mod layers;
mod paths;
mod rules;

use std::{
    collections::BTreeSet,
    fmt, fs,
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};

/// Folders without sources of this project.
const SKIPPED: [&str; 4] = [".git", "node_modules", "target", "var"];
/// The checked files: sources and assets.
const EXTENSIONS: [&str; 3] = ["rs", "js", "css"];
/// The largest style sheet in bytes, compressed with gzip as browsers load it.
const MAX_STYLE_SHEET: usize = 6144;
/// The source folders of the crates that must have no cycle between their modules.
const WITHOUT_CYCLES: [&str; 8] = [
    "crates/domain/src/",
    "crates/store/src/",
    "crates/auth/src/",
    "crates/hypermedia/src/",
    "crates/web/src/",
    "migrations/src/",
    "xtask/src/",
    "xtask/bench/src/",
];
/// The document that defines every promise with its id.
const THREAT_MODEL: &str = "docs/threat-model.md";
/// Pins the assets by name, version and digest.
const ASSET_LOCK: &str = "assets/package-lock.json";

/// A file of the source tree.
struct Source {
    /// Relative to the root of the workspace.
    path: String,
    text: String,
}

impl Source {
    fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

/// A violation: the problem, its place, and the fix.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    path: String,
    line: usize,
    what: String,
}

impl Violation {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Checks the workspace around the current folder. Prints a line per violation and fails if there
/// is one.
pub fn run() -> Result<()> {
    let workspace = layers::Workspace::load()?;
    let sources = read_sources(workspace.root())?;
    let mut violations = workspace.violations();
    violations.extend(sources.iter().flat_map(rules::check));
    violations.extend(WITHOUT_CYCLES.iter().flat_map(|folder| cycles::check(&sources, folder)));
    violations.extend(unknown_promises(&sources, workspace.root()));
    violations.extend(oversized_style_sheets(&sources)?);
    violations.extend(resolved_assets(workspace.root())?);
    violations.sort();

    for violation in &violations {
        writeln!(io::stderr(), "{violation}")?;
    }
    if !violations.is_empty() {
        bail!("tidy: {} out of order in {} files", violations.len(), sources.len());
    }
    writeln!(io::stdout(), "tidy: {} files, all in order", sources.len())?;
    Ok(())
}

fn read_sources(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let is_skipped = entry.file_name().to_str().is_none_or(|name| SKIPPED.contains(&name));
            if entry.file_type()?.is_dir() && !is_skipped {
                folders.push(entry.path());
            } else if is_checked(&entry.path()) {
                sources.push(read_source(root, &entry.path())?);
            }
        }
    }
    Ok(sources)
}

fn is_checked(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}

fn read_source(root: &Path, path: &Path) -> Result<Source> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let path = path.strip_prefix(root).unwrap_or(path);
    Ok(Source { path: path.to_string_lossy().into_owned(), text })
}

/// Returns the promises that tests name and the threat model does not contain.
fn unknown_promises(sources: &[Source], root: &Path) -> Vec<Violation> {
    let Ok(model) = fs::read_to_string(root.join(THREAT_MODEL)) else {
        return vec![Violation::new(THREAT_MODEL, 1, "is missing: write it")];
    };
    let known: BTreeSet<&str> = rules::promises(&model).collect();
    let named = sources.iter().flat_map(|source| {
        rules::promises_of_tests(source).map(move |(line, id)| (source, line, id))
    });
    named
        .filter(|(_, _, id)| !known.contains(id))
        .map(|(source, line, id)| {
            let what = format!("{id} is not in {THREAT_MODEL}: add the promise or correct the id");
            Violation::new(&source.path, line, what)
        })
        .collect()
}

fn oversized_style_sheets(sources: &[Source]) -> Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for sheet in sources.iter().filter(|source| source.extension() == "css") {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(sheet.text.as_bytes())?;
        let size = gzip.finish()?.len();
        if size > MAX_STYLE_SHEET {
            let what = format!("{size} bytes with gzip: take out {}", size - MAX_STYLE_SHEET);
            violations.push(Violation::new(&sheet.path, 1, what));
        }
    }
    Ok(violations)
}

/// Returns the addresses in the lock file of the assets, which would tie a build to one registry.
fn resolved_assets(root: &Path) -> Result<Vec<Violation>> {
    let lock = fs::read_to_string(root.join(ASSET_LOCK))
        .with_context(|| format!("{ASSET_LOCK} cannot be read"))?;
    let lines = lock.lines().enumerate().filter(|(_, line)| line.contains("\"resolved\""));
    let what = "pins an address: delete the line, the integrity is what counts";
    Ok(lines.map(|(index, _)| Violation::new(ASSET_LOCK, index + 1, what)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_over_its_budget_is_out_of_order() {
        let sheet = |text: String| Source { path: "assets/app.css".to_owned(), text };
        let numbers = (0..9_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_string());
        let noise = numbers.collect();

        assert_eq!(oversized_style_sheets(&[sheet("a{}".repeat(9_000))]).unwrap(), []);
        assert_eq!(oversized_style_sheets(&[sheet(noise)]).unwrap().len(), 1);
    }

    #[test]
    fn a_violation_reads_as_place_and_fix() {
        let violation = Violation::new("a/b.rs", 7, "is wrong: do right");
        assert_eq!(violation.to_string(), "a/b.rs:7: is wrong: do right");
    }
}
