//! `cargo xtask example`: proves that docs/adding-a-page.md is correct. Applies its diff to a copy
//! of the working tree. The copy must be formatted and tidy, build, and pass its own test and the
//! tests that look at every route.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::programs::cargo;

const DOCUMENT: &str = "docs/adding-a-page.md";
/// The test of the page, and the tests that every page has to pass.
const TESTS: [&str; 11] = [
    "nickname::",
    "commands::the_routes",
    "csrf::",
    "deletion::grace",
    "headers::",
    "hostile_text::",
    "languages::",
    "logging::no_secret",
    "policies::",
    "probes::crawlers",
    "profile::",
];

/// Checks the example and prints the name of each step.
pub(crate) fn run() -> Result<ExitCode> {
    let root = env::current_dir()?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let (tree, programs) = (target.join("example/tree"), target.join("example/programs"));
    copy(&root, &tree)?;
    apply(&tree)?;

    let cargo = |arguments: &[&str]| {
        let mut cargo = cargo();
        cargo.args(arguments).current_dir(&tree).env("CARGO_TARGET_DIR", &target);
        cargo
    };
    succeed(cargo(&["fmt", "--all", "--check"]), "the example is formatted")?;
    succeed(cargo(&["build", "--quiet", "--workspace", "--bins", "--tests"]), "it builds")?;
    // The next build of this tree replaces the programs in the shared target folder.
    fs::create_dir_all(&programs)?;
    for program in ["latchkey", "xtask"] {
        let built = target.join("debug").join(program);
        fs::copy(&built, programs.join(program)).with_context(|| built.display().to_string())?;
    }
    let mut tidy = Command::new(programs.join("xtask"));
    tidy.arg("tidy").current_dir(&tree);
    succeed(tidy, "it is tidy")?;
    let mut tests = cargo(&["test", "--quiet", "--workspace", "--test", "suite", "--"]);
    tests.args(TESTS).env("TEST_BIN", programs.join("latchkey"));
    succeed(tests, "its tests pass")?;
    Ok(ExitCode::SUCCESS)
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

/// Applies the diff as the document prints it.
fn apply(tree: &Path) -> Result<()> {
    let text = fs::read_to_string(tree.join(DOCUMENT))?;
    let diff = text.split_once("```diff\n").and_then(|(_, rest)| rest.split_once("\n```"));
    let (diff, _) = diff.with_context(|| format!("{DOCUMENT} has no diff"))?;
    let mut git = Command::new("git");
    // Keeps git from finding the repository that contains this folder.
    git.args(["apply", "-"]).current_dir(tree).env("GIT_CEILING_DIRECTORIES", tree.join(".."));
    let mut git = git.stdin(Stdio::piped()).spawn().context("git does not run")?;
    let mut input = git.stdin.take().context("git takes a diff")?;
    writeln!(input, "{diff}")?;
    drop(input);
    if !git.wait()?.success() {
        bail!("the diff of {DOCUMENT} does not apply: change the lines that it is beside");
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
