//! The schema, one file per change.
//!
//! A migration imports nothing of ours: it describes the tables as they were on
//! its day, whatever the code has become since. All that is pending is applied in
//! one transaction under one lock, so that a crash leaves the schema as it was
//! and a second migrator waits.

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

use std::time::{Duration, Instant};

use sea_orm_migration::{
    prelude::*,
    sea_orm::{
        DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
        TransactionOptions, TransactionTrait,
    },
};

/// Key of the PostgreSQL advisory lock that migrators hold: "latchkey" in ASCII.
const LOCK_KEY: i64 = 0x6c61_7463_686b_6579;

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
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
        ]
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
    let applied = if SchemaManager::new(db).has_table("seaql_migrations").await? {
        Migrator::get_migration_models(db).await?
    } else {
        Vec::new()
    };
    Ok(Migrator::migrations()
        .iter()
        .map(|migration| Status {
            name: migration.name().to_owned(),
            applied: applied.iter().any(|model| model.version == migration.name()),
        })
        .collect())
}

/// Applies every pending migration, all or none.
pub async fn up(db: &DatabaseConnection) -> Result<Vec<Step>, DbErr> {
    let tx = lock(db).await?;
    Migrator::install(&tx).await?;
    let steps = apply_pending(&tx).await?;
    tx.commit().await?;
    Ok(steps)
}

/// Reverts the newest `count` migrations, all or none.
pub async fn down(db: &DatabaseConnection, count: u32) -> Result<Vec<Step>, DbErr> {
    let tx = lock(db).await?;
    Migrator::install(&tx).await?;
    let steps = revert(&tx, count).await?;
    tx.commit().await?;
    Ok(steps)
}

/// Reverts everything and applies it anew: **all rows are lost**.
pub async fn fresh(db: &DatabaseConnection) -> Result<Vec<Step>, DbErr> {
    let tx = lock(db).await?;
    Migrator::install(&tx).await?;
    revert(&tx, u32::MAX).await?;
    let steps = apply_pending(&tx).await?;
    tx.commit().await?;
    Ok(steps)
}

async fn apply_pending(tx: &DatabaseTransaction) -> Result<Vec<Step>, DbErr> {
    let mut steps = Vec::new();
    for migration in Migrator::get_pending_migrations(tx).await? {
        let started = Instant::now();
        Migrator::up(tx, Some(1)).await?;
        steps.push(Step { name: migration.name().to_owned(), took: started.elapsed() });
    }
    Ok(steps)
}

async fn revert(tx: &DatabaseTransaction, count: u32) -> Result<Vec<Step>, DbErr> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut steps = Vec::new();
    for migration in Migrator::get_applied_migrations(tx).await?.iter().rev().take(count) {
        let started = Instant::now();
        Migrator::down(tx, Some(1)).await?;
        steps.push(Step { name: migration.name().to_owned(), took: started.elapsed() });
    }
    Ok(steps)
}

/// Begins the one transaction that migrates; a second migrator waits for it here.
async fn lock(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK_KEY})")).await?;
    }
    Ok(tx)
}
