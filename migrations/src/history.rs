//! The state of migrations in the database: those that are applied, and on PostgreSQL the one that
//! is under way, which a killed migrator leaves to the next.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, DbErr, Statement},
};

use crate::list::Migrator;

/// Where sea-orm keeps the names of applied migrations.
const APPLIED: &str = "seaql_migrations";
/// The migration with parts that are still to be done; there while one is.
const UNDER_WAY: &str = "migration_under_way";

/// The names of the applied migrations. Reads only.
pub(crate) async fn applied(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    names(db, APPLIED).await
}

/// The name of the migration that was begun and not finished. Reads only.
pub(crate) async fn under_way(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    Ok(names(db, UNDER_WAY).await?.pop())
}

/// Notes, in the transaction of its `up`, that the migration has parts to be done.
pub(crate) async fn begin(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    tx.execute_unprepared(&format!("CREATE TABLE {UNDER_WAY} (version text PRIMARY KEY)")).await?;
    tx.execute_unprepared(&format!("INSERT INTO {UNDER_WAY} VALUES ('{name}')")).await.map(drop)
}

/// Forgets that a migration is under way.
pub(crate) async fn end(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    tx.execute_unprepared(&format!("DROP TABLE IF EXISTS {UNDER_WAY}")).await.map(drop)
}

/// Notes that the migration is applied.
pub(crate) async fn record(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    Migrator::install(tx).await?;
    let now = match tx.get_database_backend() {
        DbBackend::Postgres => "extract(epoch FROM now())::bigint",
        _ => "CAST(strftime('%s', 'now') AS INTEGER)",
    };
    let sql = format!("INSERT INTO {APPLIED} (version, applied_at) VALUES ('{name}', {now})");
    tx.execute_unprepared(&sql).await.map(drop)
}

/// Notes that the migration is not applied any more.
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

/// Whether there is such a table.
pub(crate) async fn exists(db: &impl ConnectionTrait, table: &str) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => format!("SELECT 1 WHERE to_regclass('{table}') IS NOT NULL"),
        _ => format!("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{table}'"),
    };
    Ok(db.query_one_raw(Statement::from_string(backend, sql)).await?.is_some())
}
