//! The command line: one subcommand per file.
//!
//! Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 migrations pending. Results are
//! printed to stdout, errors to stderr, one line each.

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use web::{Settings, operator_command, settings::SettingsError};

use crate::{
    bench, config, dev, doctor, drill, example, exit_code::USAGE, healthcheck, migrate, routes,
    seed_admin, test, tidy, user,
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
    Migrate(migrate::Arguments),
    /// Create the admin, or promote an account
    SeedAdmin(seed_admin::Arguments),
    /// Show an account, or change it
    User(user::Arguments),
    /// Print the route table: method, path, access policy
    Routes,
    /// Print the effective settings and the source of each
    Config,
    /// Ask the configured server whether it is alive
    Healthcheck(healthcheck::Arguments),
    /// Check everything that a server depends on, and name the fixes
    Doctor(doctor::Arguments),
    /// Build, migrate, catch mail and serve, for development
    Dev,
    /// Run every test
    Test(test::TestArgs),
    /// Check layers, sizes and promises
    Tidy,
    /// Apply the example of docs/adding-a-page.md to a copy of the tree and test it
    Example,
    /// Measure, and print ratios
    Bench(bench::Arguments),
    /// Kill servers and databases under load, and count losses
    Drill,
}

impl Cli {
    /// Parses the arguments of this process. Wrong arguments end the process with the usage, which
    /// names the command as it is called on this machine.
    pub fn of_process() -> Self {
        let called = operator_command("");
        let matches = Self::command().bin_name(called.trim_end()).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// Runs the command.
    pub async fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Routes => Ok(routes::run().map(|()| ExitCode::SUCCESS)?),
            Command::Tidy => tidy::run().map(|()| ExitCode::SUCCESS),
            Command::Example => example::run(),
            Command::Test(arguments) => test::run(&arguments),
            Command::Bench(arguments) => bench::run(&arguments).await,
            Command::Drill => drill::run().await,
            Command::Doctor(arguments) => Box::pin(doctor::run(&arguments)).await,
            Command::Config => match load() {
                Ok(settings) => Ok(config::run(&settings).map(|()| ExitCode::SUCCESS)?),
                Err(code) => Ok(code),
            },
            Command::Healthcheck(arguments) => match load() {
                Ok(settings) => healthcheck::run(arguments, &settings).await,
                Err(code) => Ok(code),
            },
            Command::Migrate(arguments) => match load() {
                Ok(settings) => migrate::run(&arguments, &settings).await,
                Err(code) => Ok(code),
            },
            Command::SeedAdmin(arguments) => match load_for_accounts() {
                Ok(settings) => seed_admin::run(&arguments, &settings).await,
                Err(code) => Ok(code),
            },
            Command::User(arguments) => match load_for_accounts() {
                Ok(settings) => user::run(&arguments, &settings).await,
                Err(code) => Ok(code),
            },
            Command::Dev => match load() {
                Ok(settings) => dev::run(&settings).await,
                Err(code) => Ok(code),
            },
        }
    }
}

/// Loads the settings that the server would use. An invalid setting ends the command.
fn load() -> Result<Settings, ExitCode> {
    Settings::load().map_err(|error| refuse(&error))
}

/// Loads the settings and checks that a server would start with them, because a command that
/// changes accounts may mail links.
fn load_for_accounts() -> Result<Settings, ExitCode> {
    let settings = load()?;
    settings.check_production().map_err(|error| refuse(&error))?;
    Ok(settings)
}

fn refuse(error: &SettingsError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(USAGE)
}
