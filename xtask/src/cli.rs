//! The command line: one subcommand per file.
//!
//! Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 migrations pending. Results are
//! printed to stdout, errors to stderr, one line each.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{
    dev, example,
    forward::{self, Build, Forwarded},
    new, test, tidy,
};

/// Operates and develops Latchkey.
#[derive(Debug, Parser)]
#[command(name = "xtask", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the schema up to date, revert migrations, or show their status
    #[command(disable_help_flag = true)]
    Migrate(Forwarded),
    /// Create the admin, or promote an account
    #[command(disable_help_flag = true)]
    SeedAdmin(Forwarded),
    /// Show an account, or change it
    #[command(disable_help_flag = true)]
    User(Forwarded),
    /// Print the route table: method, path, access policy
    #[command(disable_help_flag = true)]
    Routes(Forwarded),
    /// Print the effective settings and the source of each
    #[command(disable_help_flag = true)]
    Config(Forwarded),
    /// Ask the configured server whether it is alive
    #[command(disable_help_flag = true)]
    Healthcheck(Forwarded),
    /// Check everything that a server depends on, and name the fixes
    #[command(disable_help_flag = true)]
    Doctor(Forwarded),
    /// Build, migrate, catch mail and serve, and do so again after each change
    Dev(dev::Arguments),
    /// Run every test
    Test(test::TestArgs),
    /// Check layers, sizes and promises
    Tidy,
    /// Write a feature or a product to begin with
    #[command(subcommand)]
    New(new::What),
    /// Run the commands of docs/adding-a-page.md in a copy of the tree and test what they write
    Example,
    /// Measure, and print ratios: [FILTER] [--percent NUMBER]
    Bench(Forwarded),
    /// Kill servers and databases under load, and count losses
    Drill(Forwarded),
}

impl Cli {
    /// Runs the command.
    pub async fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Migrate(arguments) => forward::run("migrate", &arguments),
            Command::SeedAdmin(arguments) => forward::run("seed-admin", &arguments),
            Command::User(arguments) => forward::run("user", &arguments),
            Command::Routes(arguments) => forward::run("routes", &arguments),
            Command::Config(arguments) => forward::run("config", &arguments),
            Command::Healthcheck(arguments) => forward::run("healthcheck", &arguments),
            Command::Doctor(arguments) => forward::run("doctor", &arguments),
            Command::Tidy => tidy::run().map(|()| ExitCode::SUCCESS),
            Command::New(what) => new::run(&what),
            Command::Example => example::run(),
            Command::Test(arguments) => test::run(&arguments),
            Command::Bench(arguments) => forward::to_bench("bench", Build::Release, &arguments),
            Command::Drill(arguments) => forward::to_bench("drill", Build::Debug, &arguments),
            Command::Dev(arguments) => dev::run(&arguments).await,
        }
    }
}
