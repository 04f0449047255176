//! Migrates PostgreSQL while the site is in use (MIG-02, MIG-04).
//!
//! Each migration starts with a transaction that waits for a lock no longer than
//! `plan::LOCK_LIMIT`, because other statements queue behind it, and retries after a pause. Indexes
//! are built concurrently, and rows are filled in batches. If a migrator is killed, the next one
//! completes the migration under way. The advisory lock and the work share one connection: if it
//! breaks, the server holds the lock until the last statement ends.

use std::time::{Duration, Instant};

use sea_orm_migration::{
    prelude::*,
    sea_orm::{
        DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement, TransactionOptions,
        TransactionTrait,
    },
};
use tokio::time::sleep;

use crate::{
    at_once::{Step, apply, revert},
    change::{Change, Part, has_trigrams},
    history,
    list::Schema,
    plan::FILL_BATCH,
    progress::{Progress, Say},
    tries::Tries,
};

/// The key of the advisory lock that a migrator holds: eight letters in ASCII.
const LOCK_KEY: i64 = 0x6c61_7463_686b_6579;
/// The pause between two tries to get the advisory lock. The migrator does not wait within a
/// statement, because the other one's concurrent index build would wait for that statement.
const LOOK_INTERVAL: Duration = Duration::from_millis(250);
/// Most passes over the rows of a table. A further pass fills the rows that the previous release
/// adds during the pass before.
const MAX_PASSES: u32 = 5;

/// The settings with which each connection of a migrator starts: statements have no time limit,
/// and the wait for a lock ends after 300 ms.
pub const SESSION: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; \
     SET lock_timeout = '300ms'";

/// Applies every pending migration: in one transaction to an empty database, else one by one.
pub(crate) async fn up(
    db: &DatabaseConnection,
    schema: &Schema,
    say: Say<'_>,
) -> Result<Vec<Step>, DbErr> {
    lock(db, say).await?;
    let applied = history::applied(db).await?;
    let under_way = history::under_way(db).await?;
    if applied.is_empty() && under_way.is_none() {
        return at_once(db, schema, say, u32::MAX, Direction::Up).await;
    }
    let mut steps = Vec::new();
    for change in schema.pending(&applied) {
        lock(db, say).await?;
        let is_under_way = under_way.as_deref() == Some(change.name());
        let step = apply_one(db, &*change, is_under_way, say).await;
        steps.push(step.inspect_err(|_| say(&Progress::failed(&*change)))?);
    }
    Ok(steps)
}

async fn apply_one(
    db: &DatabaseConnection,
    change: &dyn Change,
    is_under_way: bool,
    say: Say<'_>,
) -> Result<Step, DbErr> {
    let started = Instant::now();
    let name = change.name().to_owned();
    say(&Progress::Begun { name: name.clone() });
    if !is_under_way {
        begin(db, change, say).await?;
    }
    for part in change.parts(DbBackend::Postgres) {
        run(db, part, say).await?;
    }
    if !history::applied(db).await?.contains(&name) {
        finish(db, &name, say).await?;
    }
    Ok(Step { name, took: started.elapsed() })
}

/// The work of one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Applies all pending migrations.
    Up,
    /// Reverts the newest migrations.
    Down,
    /// Reverts all migrations and applies them again.
    Fresh,
}

/// Runs the work of `direction` in one transaction. `count` is the number of migrations to revert.
pub(crate) async fn at_once(
    db: &DatabaseConnection,
    schema: &Schema,
    say: Say<'_>,
    count: u32,
    direction: Direction,
) -> Result<Vec<Step>, DbErr> {
    lock(db, say).await?;
    let mut tries = Tries::new(say);
    loop {
        match try_at_once(db, schema, say, count, direction).await {
            Err(error) => tries.pause(error).await?,
            done => return done,
        }
    }
}

async fn try_at_once(
    db: &DatabaseConnection,
    schema: &Schema,
    say: Say<'_>,
    count: u32,
    direction: Direction,
) -> Result<Vec<Step>, DbErr> {
    let tx = transaction(db).await?;
    let mut steps = Vec::new();
    if direction != Direction::Up {
        steps = revert(&tx, schema, count, say).await?;
    }
    if direction != Direction::Down {
        steps = apply(&tx, schema, say).await?;
    }
    tx.commit().await?;
    Ok(steps)
}

/// Takes the advisory lock, and waits while another migrator holds it. The lock belongs to the
/// connection, so a migrator takes it again after a reconnect.
async fn lock(db: &DatabaseConnection, say: Say<'_>) -> Result<(), DbErr> {
    let mut is_told = false;
    let sql = format!("SELECT pg_try_advisory_lock({LOCK_KEY})");
    loop {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, &*sql)).await?;
        if row.is_some_and(|row| row.try_get_by_index(0).unwrap_or(false)) {
            return Ok(());
        }
        if !is_told {
            say(&Progress::Waiting);
            is_told = true;
        }
        sleep(LOOK_INTERVAL).await;
    }
}

async fn begin(db: &DatabaseConnection, change: &dyn Change, say: Say<'_>) -> Result<(), DbErr> {
    let mut tries = Tries::new(say);
    while let Err(error) = try_begin(db, change).await {
        tries.pause(error).await?;
    }
    Ok(())
}

/// Runs `up` of the change. A migration without parts is complete after that.
async fn try_begin(db: &DatabaseConnection, change: &dyn Change) -> Result<(), DbErr> {
    let tx = transaction(db).await?;
    change.up(&SchemaManager::new(&tx)).await?;
    if change.parts(DbBackend::Postgres).is_empty() {
        history::record(&tx, change.name()).await?;
    } else {
        history::begin(&tx, change.name()).await?;
    }
    tx.commit().await
}

async fn finish(db: &DatabaseConnection, name: &str, say: Say<'_>) -> Result<(), DbErr> {
    let mut tries = Tries::new(say);
    while let Err(error) = try_finish(db, name).await {
        tries.pause(error).await?;
    }
    Ok(())
}

async fn try_finish(db: &DatabaseConnection, name: &str) -> Result<(), DbErr> {
    let tx = transaction(db).await?;
    history::record(&tx, name).await?;
    history::end(&tx).await?;
    tx.commit().await
}

async fn run(db: &DatabaseConnection, part: &Part, say: Say<'_>) -> Result<(), DbErr> {
    match part {
        Part::Trigrams { .. } if !has_trigrams(db).await? => Ok(()),
        Part::Index { name, table, .. } | Part::Trigrams { name, table, .. } => {
            say(&Progress::Indexing { index: name });
            let create = format!("CREATE INDEX CONCURRENTLY {name} ON {table} {}", part.indexed());
            let mut tries = Tries::new(say);
            while let Err(error) = try_build(db, name, &create).await {
                tries.pause(error).await?;
            }
            Ok(())
        }
        Part::Fill { .. } => {
            for _ in 0..MAX_PASSES {
                if fill(db, part, say).await? == 0 {
                    break;
                }
            }
            Ok(())
        }
    }
}

/// Builds the index unless it exists. An invalid index, which an interrupted build leaves behind,
/// is dropped first. A concurrent build waits for older transactions. That wait blocks no other
/// statement and has no time limit.
async fn try_build(db: &DatabaseConnection, name: &str, create: &str) -> Result<(), DbErr> {
    let valid = format!("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{name}')");
    let found = db.query_one_raw(Statement::from_string(DbBackend::Postgres, valid)).await?;
    let is_valid = found.map(|row| row.try_get_by_index::<bool>(0)).transpose()?;
    if is_valid == Some(true) {
        return Ok(());
    }
    db.execute_unprepared("SET lock_timeout = 0").await?;
    let built = async {
        if is_valid == Some(false) {
            db.execute_unprepared(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")).await?;
        }
        db.execute_unprepared(create).await
    }
    .await;
    db.execute_unprepared(SESSION).await?;
    built.map(drop)
}

/// Fills the rows that lack the value, in one pass, and returns how many.
async fn fill(db: &DatabaseConnection, part: &Part, say: Say<'_>) -> Result<u64, DbErr> {
    let (mut last, mut total) = (None, 0);
    loop {
        let sql = fill_sql(part, last.as_deref());
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let mut tries = Tries::new(say);
        let row = loop {
            match db.query_one_raw(statement.clone()).await {
                Err(error) => tries.pause(error).await?,
                Ok(row) => break row,
            }
        };
        let Some(row) = row else { return Ok(total) };
        last = Some(row.try_get_by_index::<String>(0)?);
        total += row.try_get_by_index::<i64>(1)?.unsigned_abs();
        say(&Progress::Filled { table: part.table(), rows: total });
    }
}

/// Returns the statement that fills the first rows after the key `last`, locked in the order of
/// their keys, and selects the last key and the number of rows. A key can be written into the SQL,
/// because it is an id or a hash.
fn fill_sql(part: &Part, last: Option<&str>) -> String {
    let Part::Fill { table, key, set, rows } = part else { return String::new() };
    let behind = last.map(|last| format!("{key} > '{last}' AND ")).unwrap_or_default();
    format!(
        "WITH batch AS (SELECT {key} AS batch_key FROM {table} WHERE {behind}({rows}) \
           ORDER BY {key} LIMIT {FILL_BATCH} FOR UPDATE), \
         filled AS (UPDATE {table} SET {set} FROM batch WHERE {key} = batch_key RETURNING 1) \
         SELECT batch_key::text, (SELECT count(*) FROM filled) FROM batch \
         ORDER BY batch_key DESC LIMIT 1"
    )
}

async fn transaction(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    db.begin_with_options(TransactionOptions::default()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::LOCK_LIMIT;

    #[test]
    fn the_limit_that_is_said_is_the_one_that_is_set() {
        assert!(SESSION.contains(&format!("lock_timeout = '{LOCK_LIMIT:?}'")));
    }
}
