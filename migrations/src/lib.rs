//! The schema of the database, one file per change.
//!
//! A migration uses no other crate of this workspace, so that it keeps its meaning when the code
//! changes. On SQLite and on an empty PostgreSQL database, all pending migrations run in one
//! transaction under one lock. A crash then leaves the schema unchanged. A PostgreSQL database in
//! use is migrated step by step (`online.rs`). A second migrator waits in all cases.

mod at_once;
mod change;
mod history;
mod list;
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
mod m20261129_000061_request_mails;
mod m20261129_000071_use_proofs_once;
mod m20261129_000081_note_events;
mod m20261129_000082_note_last_use;
mod m20261129_000083_index_mails;
mod m20261129_000091_create_invitations;
mod m20261129_000092_note_roles;
mod m20261129_000101_begin_second_factors;
mod m20261129_000102_create_factors;
mod m20261129_000103_remember_browsers;
mod m20261129_000104_count_recovery_codes;
mod m20261129_000121_create_passkeys;
mod m20261129_000131_add_factor_resets;
mod online;
mod plan;
mod progress;
mod tries;

use sea_orm_migration::{
    prelude::*,
    sea_orm::{
        DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
        TransactionOptions, TransactionTrait,
    },
};

use self::{
    at_once::{apply, revert},
    online::Direction,
};

pub use self::{
    at_once::Step,
    change::{Change, Part},
    list::{Changes, Schema},
    online::SESSION,
    plan::{Blocks, Planned, PlannedPart, plan},
    progress::{Progress, Say},
};

/// A migration that this program knows, and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The name of the migration.
    pub name: String,
    /// Whether it has been applied.
    pub applied: bool,
}

/// Returns every migration that this program knows, the oldest first. Only reads, and ignores
/// migrations of a newer program.
pub async fn status(db: &DatabaseConnection, schema: &Schema) -> Result<Vec<Status>, DbErr> {
    let applied = history::applied(db).await?;
    Ok(schema
        .changes()
        .iter()
        .map(|change| Status {
            name: change.name().to_owned(),
            applied: applied.iter().any(|name| name == change.name()),
        })
        .collect())
}

/// Applies every pending migration. On PostgreSQL `db` must be one connection that serves only
/// this purpose and has run [`SESSION`].
pub async fn up(
    db: &DatabaseConnection,
    schema: &Schema,
    say: Say<'_>,
) -> Result<Vec<Step>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        return online::up(db, schema, say).await;
    }
    let tx = lock_sqlite(db).await?;
    let steps = apply(&tx, schema, say).await?;
    tx.commit().await?;
    Ok(steps)
}

/// Reverts the newest `count` migrations in one transaction.
pub async fn down(
    db: &DatabaseConnection,
    schema: &Schema,
    count: u32,
    say: Say<'_>,
) -> Result<Vec<Step>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        return online::at_once(db, schema, say, count, Direction::Down).await;
    }
    let tx = lock_sqlite(db).await?;
    let steps = revert(&tx, schema, count, say).await?;
    tx.commit().await?;
    Ok(steps)
}

/// Reverts all migrations and applies them again. **All rows are lost.**
pub async fn fresh(
    db: &DatabaseConnection,
    schema: &Schema,
    say: Say<'_>,
) -> Result<Vec<Step>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        return online::at_once(db, schema, say, u32::MAX, Direction::Fresh).await;
    }
    let tx = lock_sqlite(db).await?;
    revert(&tx, schema, u32::MAX, say).await?;
    let steps = apply(&tx, schema, say).await?;
    tx.commit().await?;
    Ok(steps)
}

/// Begins the transaction that migrates SQLite. A second migrator waits here for the write lock.
async fn lock_sqlite(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await
}
