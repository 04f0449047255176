//! The plan of a run of the migrator, printed before the run: the steps, their durations, and which
//! statements they block. The durations are those of a small server, rounded up. The row counts
//! are estimates of the database, which need no scan.

use std::{fmt, time::Duration};

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DatabaseConnection, DbBackend, DbErr, Statement},
};

use crate::{
    change::{Change, Part},
    history,
    list::Schema,
};

/// How long the migrator waits for the lock of a table, while other statements queue behind it.
pub(crate) const LOCK_LIMIT: Duration = Duration::from_millis(300);
/// Rows filled by one statement.
pub(crate) const FILL_BATCH: u64 = 2_000;
/// Rows that are indexed in a second.
const INDEXED_PER_SECOND: u64 = 200_000;
/// Rows of which the trigrams are indexed in a second.
const TRIGRAMS_PER_SECOND: u64 = 15_000;
/// Rows that are filled in a second.
const FILLED_PER_SECOND: u64 = 10_000;

/// A pending migration and its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The name of the migration.
    pub name: String,
    /// The steps of the migration, in order.
    pub parts: Vec<PlannedPart>,
}

/// A step of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPart {
    /// The step, with its table.
    pub what: String,
    /// The approximate number of rows of the tables.
    pub rows: u64,
    /// The statements that the step blocks.
    pub blocks: Blocks,
    /// The approximate duration; zero where there are no rows.
    pub takes: Duration,
}

/// The statements that a step blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
    /// The step blocks no statement.
    Nothing,
    /// The step blocks reads and writes of the tables, for at most this time per try.
    Moment(Duration),
    /// The step blocks all writes until it ends.
    Writers,
}

/// Returns the plan of all pending migrations. Only reads.
pub async fn plan(db: &DatabaseConnection, schema: &Schema) -> Result<Vec<Planned>, DbErr> {
    let backend = db.get_database_backend();
    let applied = history::applied(db).await?;
    let mut plan = Vec::new();
    for change in schema.pending(&applied) {
        let mut parts = vec![schema_part(db, &*change).await?];
        for part in change.parts(backend) {
            parts.push(planned(db, part).await?);
        }
        plan.push(Planned { name: change.name().to_owned(), parts });
    }
    Ok(plan)
}

async fn schema_part(db: &DatabaseConnection, change: &dyn Change) -> Result<PlannedPart, DbErr> {
    let mut rows = 0;
    for table in change.locks() {
        rows += count(db, table).await?;
    }
    let what = match change.locks() {
        [] => "new tables".to_owned(),
        tables => format!("schema of {}", tables.join(", ")),
    };
    let blocks = match db.get_database_backend() {
        _ if rows == 0 => Blocks::Nothing,
        DbBackend::Postgres => Blocks::Moment(LOCK_LIMIT),
        _ => Blocks::Writers,
    };
    Ok(PlannedPart { what, rows, blocks, takes: Duration::from_secs(u64::from(rows > 0)) })
}

async fn planned(db: &DatabaseConnection, part: &Part) -> Result<PlannedPart, DbErr> {
    let rows = count(db, part.table()).await?;
    let (what, pace) = match part {
        Part::Index { name, table, .. } => (format!("index {name} on {table}"), INDEXED_PER_SECOND),
        Part::Trigrams { name, table, .. } => {
            (format!("index {name} on {table}, where there is pg_trgm"), TRIGRAMS_PER_SECOND)
        }
        Part::Fill { table, .. } => (format!("values for rows of {table}"), FILLED_PER_SECOND),
    };
    let blocks = match db.get_database_backend() {
        DbBackend::Postgres => Blocks::Nothing,
        _ => Blocks::Writers,
    };
    let seconds = if rows == 0 { 0 } else { 1 + rows / pace };
    Ok(PlannedPart { what, rows, blocks, takes: Duration::from_secs(seconds) })
}

/// Returns the approximate number of rows of the table, or 0 if the table does not exist yet.
async fn count(db: &DatabaseConnection, table: &str) -> Result<u64, DbErr> {
    if !history::exists(db, table).await? {
        return Ok(0);
    }
    let backend = db.get_database_backend();
    let sql = match backend {
        // A table that was never analysed has no row estimate. Its size stands in for it, at 150
        // bytes per row.
        DbBackend::Postgres => format!(
            "SELECT CASE WHEN reltuples > 0 THEN reltuples::bigint \
             ELSE pg_relation_size(oid) / 150 END FROM pg_class WHERE oid = to_regclass('{table}')"
        ),
        _ => format!("SELECT COALESCE(max(rowid), 0) FROM {table}"),
    };
    let row = db.query_one_raw(Statement::from_string(backend, sql)).await?;
    let rows: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(rows.unwrap_or(0).unsigned_abs())
}

impl fmt::Display for PlannedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, rows, blocks, takes } = self;
        if *rows == 0 {
            return write!(f, "{what}: no rows yet");
        }
        write!(f, "{what}: about {rows} rows, {blocks}, about {} s", takes.as_secs())
    }
}

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("blocks nothing"),
            Self::Moment(limit) => write!(f, "blocks the table for {limit:?} at most"),
            Self::Writers => f.write_str("blocks writes"),
        }
    }
}
