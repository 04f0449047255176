//! One change of the schema: what its migration does in one short transaction, and the
//! parts that follow, which take as long as the table is large.
//!
//! `up` of a migration only changes the catalogue: new tables, new columns with a
//! constant default. An index on a table that has rows, or values for rows that exist,
//! is a [`Part`], so that PostgreSQL builds it while the site is in use.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, DbErr, Statement},
};

/// A migration with the facts that are needed to run it while the site is in use.
pub(crate) trait Change: MigrationTrait {
    /// Existing tables that `up` locks for a moment, including the parents of new foreign keys.
    fn locks(&self) -> &'static [&'static str] {
        &[]
    }

    /// The steps after `up`. The result is the same however often a step is repeated.
    fn parts(&self, _backend: DbBackend) -> &'static [Part] {
        &[]
    }
}

/// Work on the rows of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Builds an index.
    Index {
        /// Its name.
        name: &'static str,
        /// Its table.
        table: &'static str,
        /// The text behind the table's name: `(column) WHERE …`.
        on: &'static str,
    },
    /// Builds an index of trigrams on PostgreSQL, unless the extension `pg_trgm` is missing.
    Trigrams {
        /// Its name.
        name: &'static str,
        /// Its table.
        table: &'static str,
        /// The column of text.
        column: &'static str,
    },
    /// Gives existing rows a value.
    Fill {
        /// The table.
        table: &'static str,
        /// Its primary key, by which the rows are gone through.
        key: &'static str,
        /// Assignments, as behind `SET`.
        set: &'static str,
        /// Which rows still lack the value.
        rows: &'static str,
    },
}

impl Part {
    /// The table it works on.
    pub(crate) const fn table(&self) -> &'static str {
        match self {
            Self::Index { table, .. } | Self::Trigrams { table, .. } | Self::Fill { table, .. } => {
                table
            }
        }
    }

    /// The text behind the table's name in the statement that makes the index.
    pub(crate) fn indexed(&self) -> String {
        match self {
            Self::Index { on, .. } => (*on).to_owned(),
            Self::Trigrams { column, .. } => format!("USING gin ({column} gin_trgm_ops)"),
            Self::Fill { .. } => String::new(),
        }
    }

    /// Does the whole part in one statement, in the transaction of `up`.
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

    /// Takes back what stays when the columns of the change go.
    pub(crate) async fn undo(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        match self {
            Self::Index { name, .. } | Self::Trigrams { name, .. } => {
                db.execute_unprepared(&format!("DROP INDEX IF EXISTS {name}")).await.map(drop)
            }
            Self::Fill { .. } => Ok(()),
        }
    }
}

/// Whether the database has the extension that trigrams need.
pub(crate) async fn has_trigrams(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'";
    let found = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(found.is_some())
}
