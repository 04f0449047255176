//! The commands of a product's binary: the server, and what its operator needs. One file each.
//!
//! Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 migrations pending. Results are
//! printed to stdout, errors to stderr, one line each.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "commands print their results")]

mod accounts;
mod config;
mod database_name;
mod doctor;
mod exit_code;
mod healthcheck;
mod invitation;
mod listing;
mod migrate;
mod role;
mod routes;
mod seed_admin;
mod serve;
mod user;
mod user_report;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use hypermedia::{
    operator_command,
    settings::{Settings, SettingsError},
};

use self::exit_code::USAGE;
use crate::App;

#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site until SIGTERM or Ctrl-C; what happens without a command, too
    Serve,
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
}

impl App {
    /// Runs the command that this process was started with: the server without arguments, else
    /// what `--help` lists.
    pub fn run(self) -> ExitCode {
        run(&self)
    }
}

fn run(app: &App) -> ExitCode {
    let command = match command(app) {
        Ok(command) => command,
        Err(error) => error.exit(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.context("no threads can be started").and_then(|runtime| {
        // The future of a command is large.
        runtime.block_on(Box::pin(run_command(app, command)))
    });
    done.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}

/// Parses the arguments of this process. The usage names the command as it is called on this
/// machine.
fn command(app: &App) -> Result<Command, clap::Error> {
    let brand = app.brand;
    let called = operator_command(brand.slug, "");
    let matches = Cli::command()
        .name(brand.slug)
        .about(format!("Serves and operates {}", brand.name))
        .version(brand.version)
        .bin_name(called.trim_end())
        .try_get_matches()?;
    Ok(Cli::from_arg_matches(&matches)?.command.unwrap_or(Command::Serve))
}

async fn run_command(app: &App, command: Command) -> Result<ExitCode> {
    let load = || Settings::load(app.brand);
    let settings = match &command {
        Command::Routes => return Ok(routes::run(app).map(|()| ExitCode::SUCCESS)?),
        Command::Doctor(arguments) => return doctor::run(app, arguments).await,
        Command::Serve => Settings::load_to_serve(app.brand),
        Command::Migrate(_) | Command::Config | Command::Healthcheck(_) => load(),
        // A command that changes accounts may mail links, so a server has to be able to start.
        Command::SeedAdmin(_) | Command::User(_) => {
            load().and_then(|settings| settings.check_production().map(|()| settings))
        }
    };
    let settings = match settings {
        Ok(settings) => app.prepare(settings),
        Err(error) => return Ok(refuse(&error)),
    };
    match command {
        Command::Serve => serve::run(app, settings).await,
        Command::Config => Ok(config::run(&settings).map(|()| ExitCode::SUCCESS)?),
        Command::Healthcheck(arguments) => healthcheck::run(arguments, &settings).await,
        Command::Migrate(arguments) => migrate::run(&arguments, &settings).await,
        Command::SeedAdmin(arguments) => seed_admin::run(app, &arguments, &settings).await,
        Command::User(arguments) => user::run(app, &arguments, &settings).await,
        Command::Routes | Command::Doctor(_) => Ok(ExitCode::SUCCESS),
    }
}

fn refuse(error: &SettingsError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(USAGE)
}
