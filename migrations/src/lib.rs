//! The schema, one file per change.
//!
//! A migration imports nothing of ours: it describes the tables as they were on
//! its day, whatever the code has become since. SQLite, and a PostgreSQL database that
//! is empty, get all that is pending in one transaction under one lock, so that a crash
//! leaves the schema as it was. A PostgreSQL database in use is migrated step by step,
//! as `online.rs` says. A second migrator waits in each case.

mod change;
mod history;
mod m20261123_000001_create_users;
mod m20261123_000002_create_sessions;
mod m20261123_000003_create_tokens;
mod m20261123_000004_create_outbox;
mod m20261123_000005_create_throttles;
mod m20261123_000006_create_security_events;
mod m20261123_000007_create_address_proofs;
mod m20261123_000008_prove_addresses;
mod m20261123_000009_create_notice_links;
mod m20261123_000010_create_held_forms;
mod m20261123_000011_create_email_changes;
mod m20261123_000012_add_users_disabled_at;
mod m20261123_000013_add_users_delete_after;
mod m20261123_000014_add_languages;
mod m20261123_000015_name_owners_and_actors;
mod m20261123_000016_shut_thieves_out;
mod m20261129_000011_rank_mails;
mod m20261129_000021_index_search_text;
mod m20261129_000041_mark_mended_sign_ups;
mod m20261129_000042_note_refusals;
mod m20261129_000051_create_readiness;
mod m20261129_000052_index_sweeps;
mod online;
mod plan;
mod progress;

use std::time::{Duration, Instant};

use sea_orm_migration::{
    prelude::*,
    sea_orm::{
        DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
        TransactionOptions, TransactionTrait,
    },
};

use crate::{
    change::{Change, Part},
    online::Direction,
};

pub use self::{
    online::SESSION,
    plan::{Blocks, Planned, PlannedPart, plan},
    progress::{Progress, Say},
};

struct Migrator;

/// Every change, the oldest first.
fn changes() -> Vec<Box<dyn Change>> {
    vec![
        Box::new(m20261123_000001_create_users::Migration),
        Box::new(m20261123_000002_create_sessions::Migration),
        Box::new(m20261123_000003_create_tokens::Migration),
        Box::new(m20261123_000004_create_outbox::Migration),
        Box::new(m20261123_000005_create_throttles::Migration),
        Box::new(m20261123_000006_create_security_events::Migration),
        Box::new(m20261123_000007_create_address_proofs::Migration),
        Box::new(m20261123_000008_prove_addresses::Migration),
        Box::new(m20261123_000009_create_notice_links::Migration),
        Box::new(m20261123_000010_create_held_forms::Migration),
        Box::new(m20261123_000011_create_email_changes::Migration),
        Box::new(m20261123_000012_add_users_disabled_at::Migration),
        Box::new(m20261123_000013_add_users_delete_after::Migration),
        Box::new(m20261123_000014_add_languages::Migration),
        Box::new(m20261123_000015_name_owners_and_actors::Migration),
        Box::new(m20261123_000016_shut_thieves_out::Migration),
        Box::new(m20261129_000011_rank_mails::Migration),
        Box::new(m20261129_000021_index_search_text::Migration),
        Box::new(m20261129_000041_mark_mended_sign_ups::Migration),
        Box::new(m20261129_000042_note_refusals::Migration),
        Box::new(m20261129_000051_create_readiness::Migration),
        Box::new(m20261129_000052_index_sweeps::Migration),
    ]
}

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        changes().into_iter().map(|change| change as Box<dyn MigrationTrait>).collect()
    }
}

/// A migration that was just applied or reverted, and the time that took.
#[derive(Clone, Debug)]
pub struct Step {
    /// The migration's name.
    pub name: String,
    /// How long it ran.
    pub took: Duration,
}

/// A migration that this program knows, and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The migration's name.
    pub name: String,
    /// Whether it has been applied.
    pub applied: bool,
}

/// Every migration that this program knows, the oldest first. Reads only, and
/// passes over migrations of a newer program.
pub async fn status(db: &DatabaseConnection) -> Result<Vec<Status>, DbErr> {
    let applied = history::applied(db).await?;
    Ok(changes()
        .iter()
        .map(|change| Status {
            name: change.name().to_owned(),
            applied: applied.iter().any(|name| name == change.name()),
        })
        .collect())
}

/// Applies every pending migration. On PostgreSQL `db` is one connection, which was told
/// [`SESSION`] and serves this alone.
pub async fn up(db: &DatabaseConnection, say: Say<'_>) -> Result<Vec<Step>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        return online::up(db, say).await;
    }
    let tx = lock_sqlite(db).await?;
    let steps = apply(&tx).await?;
    tx.commit().await?;
    Ok(steps)
}

/// Reverts the newest `count` migrations, all or none.
pub async fn down(db: &DatabaseConnection, count: u32, say: Say<'_>) -> Result<Vec<Step>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        return online::at_once(db, say, count, Direction::Down).await;
    }
    let tx = lock_sqlite(db).await?;
    let steps = revert(&tx, count).await?;
    tx.commit().await?;
    Ok(steps)
}

/// Reverts everything and applies it again: **all rows are lost**.
pub async fn fresh(db: &DatabaseConnection, say: Say<'_>) -> Result<Vec<Step>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        return online::at_once(db, say, u32::MAX, Direction::Fresh).await;
    }
    let tx = lock_sqlite(db).await?;
    revert(&tx, u32::MAX).await?;
    let steps = apply(&tx).await?;
    tx.commit().await?;
    Ok(steps)
}

/// The changes that are not among `applied`, the oldest first.
fn pending(applied: &[String]) -> impl Iterator<Item = Box<dyn Change>> {
    changes().into_iter().filter(|change| !applied.iter().any(|name| name == change.name()))
}

/// Applies everything pending in `tx`.
async fn apply(tx: &DatabaseTransaction) -> Result<Vec<Step>, DbErr> {
    let mut steps = Vec::new();
    for change in pending(&history::applied(tx).await?) {
        let started = Instant::now();
        change.up(&SchemaManager::new(tx)).await?;
        for part in change.parts(tx.get_database_backend()) {
            part.run_at_once(tx).await?;
        }
        history::record(tx, change.name()).await?;
        steps.push(Step { name: change.name().to_owned(), took: started.elapsed() });
    }
    Ok(steps)
}

/// Reverts the newest `count` in `tx`; one that is under way is the newest.
async fn revert(tx: &DatabaseTransaction, count: u32) -> Result<Vec<Step>, DbErr> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut applied = history::applied(tx).await?;
    applied.extend(history::under_way(tx).await?);
    let is_applied = |change: &dyn Change| applied.iter().any(|name| name == change.name());
    let mut steps = Vec::new();
    for change in changes().iter().rev().filter(|change| is_applied(&***change)).take(count) {
        let started = Instant::now();
        for part in change.parts(tx.get_database_backend()) {
            part.undo(tx).await?;
        }
        change.down(&SchemaManager::new(tx)).await?;
        history::erase(tx, change.name()).await?;
        steps.push(Step { name: change.name().to_owned(), took: started.elapsed() });
    }
    history::end(tx).await?;
    Ok(steps)
}

/// Begins the one transaction that migrates SQLite; a second migrator waits for it here.
async fn lock_sqlite(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await
}
