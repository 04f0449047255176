//! The command line: one subcommand, one file.
//!
//! Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 migrations pending.
//! Results go to stdout, errors to stderr, one line each.

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
    /// Bring the schema up to date, back, or tell how it stands
    Migrate(migrate::Arguments),
    /// Make the admin, or promote an account
    SeedAdmin(seed_admin::Arguments),
    /// Look at an account, or do something with it
    User(user::Arguments),
    /// Print the route table: method, path, who may
    Routes,
    /// Print the effective settings and where each came from
    Config,
    /// Ask the server of this configuration whether it lives
    Healthcheck(healthcheck::Arguments),
    /// Look at everything that a server depends on, and name the fix
    Doctor(doctor::Arguments),
    /// Build, migrate, catch mail and serve, for development
    Dev,
    /// Run every test
    Test(test::TestArgs),
    /// Check layering, sizes and documents
    Tidy,
    /// Apply the example of docs/adding-a-page.md to a copy of the tree and test it
    Example,
    /// Measure, and print ratios
    Bench(bench::Arguments),
    /// Kill servers and databases under load, and count what is lost
    Drill,
}

impl Cli {
    /// The command of this process. A wrong one is reported with its usage, as the command is
    /// called on this machine.
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

/// The settings that the server would have; a wrong one ends the command.
fn load() -> Result<Settings, ExitCode> {
    Settings::load().map_err(|error| refuse(&error))
}

/// The same, if the server would start with them: commands about accounts may mail links.
fn load_for_accounts() -> Result<Settings, ExitCode> {
    let settings = load()?;
    settings.check_production().map_err(|error| refuse(&error))?;
    Ok(settings)
}

fn refuse(error: &SettingsError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(USAGE)
}
