//! `cargo xtask example`: proves that docs/adding-a-page.md is correct. Runs the commands that it
//! prints in a copy of the working tree. What they write must be formatted and tidy, please
//! Clippy, build, and pass its own tests and the tests of the copy that look at the whole product.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, bail, ensure};

use crate::programs::cargo;

const DOCUMENT: &str = "docs/adding-a-page.md";
/// What the commands of the document begin with.
const COMMAND: &str = "cargo xtask new ";
/// The product that the document makes beside the copy.
const PRODUCT: &str = "acme";
/// The tests of the suite that see every feature of the product.
const TESTS: [&str; 3] = ["commands::the_routes", "probes::crawlers", "smoke::"];

/// Checks the example and prints the name of each step.
pub(crate) fn run() -> Result<ExitCode> {
    let root = env::current_dir()?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let (tree, product) = (target.join("example/tree"), target.join("example").join(PRODUCT));
    if product.exists() {
        fs::remove_dir_all(&product)?;
    }
    copy(&root, &tree)?;
    follow(&tree)?;

    let cargo_in = |folder: &Path, arguments: &[&str]| {
        let mut cargo = cargo();
        cargo.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", &target);
        cargo
    };
    for folder in [&tree, &product] {
        succeed(cargo_in(folder, &["fmt", "--all", "--check"]), "what was written is formatted")?;
    }
    let mut tidy = Command::new(env::current_exe()?);
    tidy.arg("tidy").current_dir(&tree);
    succeed(tidy, "it is tidy")?;
    let clippy = ["clippy", "--quiet", "--workspace", "--lib", "--bins", "--test", "notes"];
    let mut clippy = cargo_in(&tree, &clippy);
    clippy.args(["--", "-D", "warnings"]);
    succeed(clippy, "Clippy has nothing against it")?;
    // One build for all tests, without the unit tests, which are no different in the copy.
    let test = |arguments: &[&str]| {
        let mut test = cargo_in(&tree, &["test", "--quiet", "--workspace"]);
        test.args(arguments);
        test
    };
    succeed(test(&["--no-run", "--test", "notes", "--test", "suite"]), "it builds")?;
    // The next build of this tree replaces the program in the shared target folder.
    let (built, kept) = (target.join("debug/latchkey"), target.join("example/latchkey"));
    fs::copy(&built, &kept).with_context(|| built.display().to_string())?;
    succeed(test(&["--test", "notes"]), "its tests pass")?;
    let mut suite = test(&["--test", "suite", "--"]);
    suite.args(TESTS).env("TEST_BIN", kept);
    succeed(suite, "the tests of the whole product pass")?;
    succeed(cargo_in(&product, &["build", "--quiet"]), "the new product builds")?;
    succeed(cargo_in(&product, &["test", "--quiet"]), "the tests of the new product pass")?;
    Ok(ExitCode::SUCCESS)
}

/// Runs the commands of the document in the copy, by this program.
fn follow(tree: &Path) -> Result<()> {
    let text = fs::read_to_string(tree.join(DOCUMENT))?;
    let commands = text.lines().filter_map(|line| line.strip_prefix(COMMAND));
    let commands: Vec<&str> = commands.collect();
    ensure!(commands.len() > 1, "{DOCUMENT} prints no commands that begin with `{COMMAND}`");
    for command in commands {
        // No argument of the document has a space in it.
        let arguments = command.split_whitespace().map(|word| word.trim_matches('"'));
        let mut new = Command::new(env::current_exe()?);
        new.arg("new").args(arguments).current_dir(tree);
        succeed(new, &format!("{COMMAND}{command}"))?;
    }
    Ok(())
}

/// Copies the files of the tree, committed or not, without ignored ones. Unchanged files keep their
/// times, so that they are not built again.
fn copy(root: &Path, tree: &Path) -> Result<()> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(list).current_dir(root).output();
    let listed = listed.context("git does not run")?;
    if !listed.status.success() {
        bail!("the tree is copied by git: {}", String::from_utf8_lossy(&listed.stderr).trim());
    }
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    let names = String::from_utf8(listed.stdout)?;
    for name in names.split('\0').filter(|name| root.join(name).is_file()) {
        let to = tree.join(name);
        fs::create_dir_all(to.parent().unwrap_or(tree))?;
        fs::copy(root.join(name), &to).with_context(|| to.display().to_string())?;
        let made = fs::metadata(root.join(name))?.modified()?;
        fs::File::options().write(true).open(&to)?.set_modified(made)?;
    }
    Ok(())
}

fn succeed(mut command: Command, what: &str) -> Result<()> {
    println!("{what}: …");
    if !command.status().with_context(|| format!("{what}: it does not run"))?.success() {
        bail!("not so: {what}");
    }
    Ok(())
}
