//! `migrate`: applies migrations, reverts them and shows their status. Only `up` and
//! `fresh` create the database.

use std::{process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use hypermedia::settings::{Environment, Settings};
use store::{
    DatabaseSettings, MigrationProgress, MigrationStep, OpenError, PlannedMigration, SayProgress,
    Store,
};

use super::{
    database_name,
    exit_code::{PENDING, USAGE},
    listing,
};

const SAY: SayProgress<'static> = &|progress: &MigrationProgress| eprintln!("{progress}");

/// The action on the schema; `up` by default.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    direction: Option<Direction>,
}

#[derive(Debug, Subcommand)]
enum Direction {
    /// Apply every pending migration
    Up,
    /// Revert the newest migrations
    Down {
        /// The number of migrations
        #[arg(default_value_t = 1)]
        count: u32,
        /// Allow this in production
        #[arg(long)]
        yes: bool,
    },
    /// Show which migrations are applied
    Status {
        /// Exit with 3 if migrations are pending
        #[arg(long)]
        check: bool,
    },
    /// Revert every migration and apply all again; all rows are lost
    Fresh {
        /// Allow this in production
        #[arg(long)]
        yes: bool,
    },
}

/// Runs the action.
pub(super) async fn run(arguments: &Arguments, settings: &Settings) -> Result<ExitCode> {
    let direction = arguments.direction.as_ref().unwrap_or(&Direction::Up);
    if let Direction::Down { yes: false, .. } | Direction::Fresh { yes: false } = direction
        && settings.environment == Environment::Production
    {
        eprintln!("this loses rows of a production database; add --yes if that is meant");
        return Ok(ExitCode::from(USAGE));
    }
    database_name::print(settings);
    let store = open(settings, direction).await?;
    let code = match direction {
        Direction::Up => up(&store).await?,
        Direction::Down { count, .. } => {
            store.check_may_migrate().await.context("not reverted")?;
            let status = store.migration_status().await.context("the schema cannot be read")?;
            let applied = status.iter().filter(|migration| migration.applied).count();
            if usize::try_from(*count).is_ok_and(|count| count > applied) {
                eprintln!("not reverted: {applied} migrations are applied, fewer than {count}");
                return Ok(ExitCode::from(USAGE));
            }
            report("reverted", &store.migrate_down(*count, SAY).await.context("not reverted")?)?
        }
        Direction::Fresh { .. } => {
            store.check_may_migrate().await.context("not migrated")?;
            report("applied", &store.migrate_fresh(SAY).await.context("not migrated")?)?
        }
        Direction::Status { check } => status(&store, *check).await?,
    };
    store.close().await.context("the database was not closed in order")?;
    Ok(code)
}

/// Opens the database, and creates it for `up` and `fresh` only. The status of a missing database
/// is that every migration is pending.
async fn open(settings: &Settings, direction: &Direction) -> Result<Store> {
    let database = match direction {
        Direction::Up | Direction::Fresh { .. } => settings.database.clone(),
        Direction::Down { .. } | Direction::Status { .. } => settings.database.existing(),
    };
    let opened = match Store::connect(&database, Duration::ZERO).await {
        Err(OpenError::Missing) if matches!(direction, Direction::Status { .. }) => {
            let url = "sqlite::memory:".parse()?;
            let empty = DatabaseSettings { url, ..settings.database.clone() };
            Store::connect(&empty, Duration::ZERO).await
        }
        opened => opened,
    };
    opened.with_context(|| format!("cannot open the database {}", database.url))
}

/// Prints the plan, then carries it out.
async fn up(store: &Store) -> Result<ExitCode> {
    let plan = store.migration_plan().await.context("the schema cannot be read")?;
    if !plan.is_empty() {
        store.check_may_migrate().await.context("not migrated")?;
    }
    for line in describe(&plan) {
        eprintln!("{line}");
    }
    let steps = store.migrate_up_saying(SAY).await;
    let steps = steps.context("not migrated; mend the cause, then run the same command again")?;
    report("applied", &steps)
}

/// Describes the plan: a line for each migration, one for each of its parts that concerns rows, and
/// the time of all, if it is a second or more.
fn describe(plan: &[PlannedMigration]) -> Vec<String> {
    let mut lines = Vec::new();
    for migration in plan {
        lines.push(format!("pending {}", migration.name));
        let parts = migration.parts.iter().filter(|part| part.rows > 0);
        lines.extend(parts.map(|part| format!("    {part}")));
    }
    let all = plan.iter().flat_map(|migration| &migration.parts);
    let seconds = all.map(|part| part.takes.as_secs()).sum::<u64>();
    if seconds > 0 {
        lines.push(format!("expected to take about {seconds} s in all"));
    }
    lines
}

fn report(what: &str, steps: &[MigrationStep]) -> Result<ExitCode> {
    let line =
        |step: &MigrationStep| format!("{what} {} in {} ms", step.name, step.took.as_millis());
    if steps.is_empty() {
        listing::print(["nothing to do"])?;
    }
    listing::print(steps.iter().map(line))?;
    Ok(ExitCode::SUCCESS)
}

async fn status(store: &Store, check: bool) -> Result<ExitCode> {
    let status = store.migration_status().await.context("the schema cannot be read")?;
    let plan = store.migration_plan().await.context("the schema cannot be read")?;
    let applied = status.iter().filter(|migration| migration.applied);
    let applied = applied.map(|migration| format!("applied {}", migration.name));
    listing::print(applied.chain(describe(&plan)))?;
    Ok(if check && !plan.is_empty() { ExitCode::from(PENDING) } else { ExitCode::SUCCESS })
}
