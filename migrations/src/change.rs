//! A change of the schema: a short transaction, and parts that take longer the larger the table
//! is.
//!
//! `up` of a migration changes only the catalogue: it adds tables, and columns with a constant
//! default. An index on an existing table and values for existing rows are [`Part`]s, which
//! PostgreSQL can process while the site is in use.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, DbErr, Statement},
};

/// A migration that can run while the site is in use.
pub trait Change: MigrationTrait {
    /// The existing tables that `up` locks briefly, including the parents of new foreign keys.
    fn locks(&self) -> &'static [&'static str] {
        &[]
    }

    /// The parts that follow `up`. Each part can be repeated without a further effect.
    fn parts(&self, _backend: DbBackend) -> &'static [Part] {
        &[]
    }
}

/// Work on the rows of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Builds an index.
    Index {
        /// The name of the index.
        name: &'static str,
        /// The table.
        table: &'static str,
        /// The SQL after the name of the table: `(column) WHERE …`.
        on: &'static str,
    },
    /// Builds an index of trigrams on PostgreSQL, unless the extension `pg_trgm` is missing.
    Trigrams {
        /// The name of the index.
        name: &'static str,
        /// The table.
        table: &'static str,
        /// The text column.
        column: &'static str,
    },
    /// Sets values in existing rows.
    Fill {
        /// The table.
        table: &'static str,
        /// The primary key, which gives the order of the batches.
        key: &'static str,
        /// The assignments after `SET`.
        set: &'static str,
        /// The condition for rows that still lack the values.
        rows: &'static str,
    },
}

impl Part {
    /// Returns the table that the part works on.
    pub(crate) const fn table(&self) -> &'static str {
        match self {
            Self::Index { table, .. } | Self::Trigrams { table, .. } | Self::Fill { table, .. } => {
                table
            }
        }
    }

    /// Returns the SQL after the name of the table in `CREATE INDEX`.
    pub(crate) fn indexed(&self) -> String {
        match self {
            Self::Index { on, .. } => (*on).to_owned(),
            Self::Trigrams { column, .. } => format!("USING gin ({column} gin_trgm_ops)"),
            Self::Fill { .. } => String::new(),
        }
    }

    /// Runs the whole part in one statement, in the transaction of `up`.
    pub(crate) async fn run_at_once(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let sql = match self {
            Self::Trigrams { .. } if !has_trigrams(db).await? => return Ok(()),
            Self::Index { name, table, .. } | Self::Trigrams { name, table, .. } => {
                format!("CREATE INDEX {name} ON {table} {}", self.indexed())
            }
            Self::Fill { table, set, rows, .. } => {
                format!("UPDATE {table} SET {set} WHERE {rows}")
            }
        };
        db.execute_unprepared(&sql).await.map(drop)
    }

    /// Drops the index of the part. Values disappear with their columns.
    pub(crate) async fn undo(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        match self {
            Self::Index { name, .. } | Self::Trigrams { name, .. } => {
                db.execute_unprepared(&format!("DROP INDEX IF EXISTS {name}")).await.map(drop)
            }
            Self::Fill { .. } => Ok(()),
        }
    }
}

/// Returns whether the database has the extension that trigrams need.
pub(crate) async fn has_trigrams(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'";
    let found = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(found.is_some())
}
