//! `cargo xtask test`: runs the whole test suite.
//!
//! Looks for optional programs (PostgreSQL, Mailpit, Chromium), runs the tests with those it finds,
//! and reports at the end which tests were left out and why. With `--all` and in CI, a missing
//! program fails the run. Only Mailpit can be waived, with `TEST_MAILPIT=unavailable`,
//! which `.ci/run` sets when Mailpit cannot be installed.

use std::{
    env,
    num::NonZero,
    path::Path,
    process::{ExitCode, Stdio},
    thread::available_parallelism,
};

use anyhow::{Context, Result, ensure};

use crate::{
    postgres::{Cluster, HASTY},
    programs::{cargo, on_path, server_binary},
};

/// The exit code of a failed run.
const FAILED: u8 = 1;

/// How many tests run at once on a small machine. A test waits for most of its time.
const MIN_THREADS: usize = 8;

/// The file system in memory. On a disk, the tests wait for each write of a database.
const MEMORY: &str = "/dev/shm";
/// The free space there, in bytes, from which on the tests use it. They need a tenth at a time.
const MIN_MEMORY: u64 = 4 << 30;

/// Runs every test. Needs only Rust.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TestArgs {
    /// Fail if PostgreSQL, Mailpit or Chromium is missing, instead of leaving out the tests that
    /// need it.
    #[arg(long)]
    pub(crate) all: bool,
    /// Run only the tests that have one of these in their names.
    pub(crate) filters: Vec<String>,
}

/// An optional suite: its requirement, the variable that passes it on, and the program found or the
/// reason why none was.
struct Suite {
    name: &'static str,
    variable: &'static str,
    found: Result<String, String>,
    is_waived: bool,
}

/// Runs the tests.
pub(crate) fn run(arguments: &TestArgs) -> Result<ExitCode> {
    let is_strict = arguments.all || env::var("CI").is_ok_and(|value| value == "true");
    let (cluster, postgres) = find_postgres();
    let suites = [postgres, find_mailpit(), find_chromium()];
    let missing: Vec<_> = suites.iter().filter(|suite| suite.is_missing()).collect();
    if is_strict && !missing.is_empty() {
        for suite in missing {
            eprintln!("{} is missing: {}", suite.name, suite.reason());
        }
        return Ok(ExitCode::from(FAILED));
    }
    let passed = build()? && match_tests(&arguments.filters)? && test(arguments, &suites)?;
    drop(cluster);
    for suite in suites.iter().filter(|suite| suite.found.is_err()) {
        println!("left out: the tests with {}: {}", suite.name, suite.reason());
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Builds the binaries together with the tests, so that both use the same features and nothing is
/// built twice.
fn build() -> Result<bool> {
    let mut cargo = cargo();
    cargo.args(["build", "--workspace", "--bins", "--tests"]);
    Ok(cargo.status().context("cargo does not run")?.success())
}

/// Returns whether each filter is in the name of a test, and prints those that are not. Cargo calls a
/// run without tests a success.
fn match_tests(filters: &[String]) -> Result<bool> {
    if filters.is_empty() {
        return Ok(true);
    }
    let tests = names(&["--lib", "--bins", "--tests"])?;
    let is_in = |names: &str, filter: &String| names.lines().any(|name| name.contains(filter));
    let mut unmatched: Vec<_> = filters.iter().filter(|filter| !is_in(&tests, filter)).collect();
    if !unmatched.is_empty() {
        let doc_tests = names(&["--doc"])?;
        unmatched.retain(|filter| !is_in(&doc_tests, filter));
    }
    for filter in &unmatched {
        eprintln!("no test has {filter:?} in its name");
    }
    Ok(unmatched.is_empty())
}

/// Returns the names of the tests in these targets, one on each line.
fn names(targets: &[&str]) -> Result<String> {
    let mut cargo = cargo();
    cargo.args(["test", "--quiet", "--workspace"]).args(targets).args(["--", "--list"]);
    let listed = cargo.stderr(Stdio::inherit()).output().context("cargo does not run")?;
    ensure!(listed.status.success(), "cargo could not list the tests");
    let listed = String::from_utf8_lossy(&listed.stdout);
    let names = listed.lines().filter_map(|line| line.strip_suffix(": test"));
    Ok(names.collect::<Vec<_>>().join("\n"))
}

fn test(arguments: &TestArgs, suites: &[Suite]) -> Result<bool> {
    let mut cargo = cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast", "--"]).args(&arguments.filters);
    cargo.env("TEST_BIN", server_binary()?);
    if env::var_os("RUST_TEST_THREADS").is_none() {
        let cores = available_parallelism().map_or(1, NonZero::get);
        cargo.env("RUST_TEST_THREADS", cores.max(MIN_THREADS).to_string());
    }
    if env::var_os("TMPDIR").is_none() && free_space(MEMORY) >= MIN_MEMORY {
        cargo.env("TMPDIR", MEMORY);
    }
    for suite in suites {
        cargo.env(suite.variable, suite.found.as_deref().unwrap_or(suite.absence()));
    }
    Ok(cargo.status().context("cargo does not run")?.success())
}

/// Returns the bytes that can be written in a folder; 0 if there is none.
fn free_space(folder: &str) -> u64 {
    rustix::fs::statvfs(folder).map_or(0, |found| found.f_bavail * found.f_frsize)
}

impl Suite {
    fn is_missing(&self) -> bool {
        self.found.is_err() && !self.is_waived
    }

    fn reason(&self) -> &str {
        self.found.as_ref().err().map_or("", String::as_str)
    }

    /// Returns the value that tells the tests that the program is missing. For a URL it is empty.
    fn absence(&self) -> &'static str {
        if self.variable.ends_with("_URL") { "" } else { "skip" }
    }
}

fn find_postgres() -> (Option<Cluster>, Suite) {
    let suite = |found| Suite {
        name: "PostgreSQL",
        variable: "TEST_POSTGRES_URL",
        found,
        is_waived: false,
    };
    if let Some(url) = env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) {
        return (None, suite(Ok(url)));
    }
    match Cluster::start(&HASTY) {
        Ok(cluster) => {
            let url = cluster.url();
            (Some(cluster), suite(Ok(url)))
        }
        Err(error) => (None, suite(Err(format!("{error:#}")))),
    }
}

fn find_mailpit() -> Suite {
    let named = env::var("TEST_MAILPIT").unwrap_or_default();
    let is_waived = named == "unavailable";
    let found = Some(named).filter(|program| Path::new(program).is_file());
    let found = found.or_else(|| on_path("mailpit"));
    let reason =
        if is_waived { "it could not be installed here" } else { "no `mailpit` on the PATH" };
    let found = found.ok_or_else(|| reason.to_owned());
    Suite { name: "Mailpit", variable: "TEST_MAILPIT", found, is_waived }
}

fn find_chromium() -> Suite {
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    let browser = browsers.iter().find_map(|name| on_path(name));
    let found = match (browser, on_path("chromedriver")) {
        (Some(browser), Some(driver)) => Ok(format!("{browser};{driver}")),
        (None, _) => Err("no `chromium` on the PATH".to_owned()),
        (_, None) => Err("no `chromedriver` on the PATH".to_owned()),
    };
    Suite { name: "Chromium", variable: "TEST_CHROMIUM", found, is_waived: false }
}
