//! The state of the migrations in the database: those that are applied, and on PostgreSQL the one
//! that is under way. If a migrator is killed, the next one completes the migration under way.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, DbErr, Statement},
};

use crate::list::Migrator;

/// The table in which SeaORM keeps the names of applied migrations.
const APPLIED: &str = "seaql_migrations";
/// The table with the name of the migration under way. It exists only while there is one.
const UNDER_WAY: &str = "migration_under_way";

/// Returns the names of the applied migrations. Only reads.
pub(crate) async fn applied(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    names(db, APPLIED).await
}

/// Returns the name of the migration that was begun and not finished. Only reads.
pub(crate) async fn under_way(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    Ok(names(db, UNDER_WAY).await?.pop())
}

/// Records that the migration is under way, in the transaction of its `up`.
pub(crate) async fn begin(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    tx.execute_unprepared(&format!("CREATE TABLE {UNDER_WAY} (version text PRIMARY KEY)")).await?;
    tx.execute_unprepared(&format!("INSERT INTO {UNDER_WAY} VALUES ('{name}')")).await.map(drop)
}

/// Records that no migration is under way.
pub(crate) async fn end(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    tx.execute_unprepared(&format!("DROP TABLE IF EXISTS {UNDER_WAY}")).await.map(drop)
}

/// Records that the migration is applied.
pub(crate) async fn record(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    Migrator::install(tx).await?;
    let now = match tx.get_database_backend() {
        DbBackend::Postgres => "extract(epoch FROM now())::bigint",
        _ => "CAST(strftime('%s', 'now') AS INTEGER)",
    };
    let sql = format!("INSERT INTO {APPLIED} (version, applied_at) VALUES ('{name}', {now})");
    tx.execute_unprepared(&sql).await.map(drop)
}

/// Records that the migration is no longer applied.
pub(crate) async fn erase(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let sql = format!("DELETE FROM {APPLIED} WHERE version = '{name}'");
    tx.execute_unprepared(&sql).await.map(drop)
}

async fn names(db: &impl ConnectionTrait, table: &str) -> Result<Vec<String>, DbErr> {
    if !exists(db, table).await? {
        return Ok(Vec::new());
    }
    let backend = db.get_database_backend();
    let statement = Statement::from_string(backend, format!("SELECT version FROM {table}"));
    db.query_all_raw(statement).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Returns whether the table exists.
pub(crate) async fn exists(db: &impl ConnectionTrait, table: &str) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => format!("SELECT 1 WHERE to_regclass('{table}') IS NOT NULL"),
        _ => format!("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{table}'"),
    };
    Ok(db.query_one_raw(Statement::from_string(backend, sql)).await?.is_some())
}
