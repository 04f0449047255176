//! The queries of `xtask doctor` that a start of the server does not run: write access, clock,
//! extensions, encoding and rights. They change no row.

use std::time::Duration;

use domain::{Clock, Timestamp};
use sea_orm::{ConnectionTrait, Statement};

use crate::{Store, StoreError, database::Reads, metrics::is_postgres};

/// The extension of PostgreSQL that makes the search for a part of an address fast.
const TRIGRAMS: &str = "pg_trgm";

impl Store {
    /// Checks that the database accepts writes. The statement changes no row and is rolled back,
    /// but a read-only database refuses even that.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        let nothing = "UPDATE throttles SET free_at = free_at WHERE 1 = 0";
        tx.connection().execute_unprepared(nothing).await?;
        Ok(())
    }

    /// Returns the difference between the clocks of the database and of this machine, or `None` on
    /// SQLite, which uses the clock of this machine.
    pub async fn clocks_apart(&self, clock: &Clock) -> Result<Option<Duration>, StoreError> {
        if !is_postgres(&self.connection().inner) {
            return Ok(None);
        }
        let before = clock.now();
        let sql = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint";
        let database = self.number(sql).await?.map(Timestamp::from_millis);
        let machine = before + (clock.now() - before) / 2;
        Ok(database.map(|database| (database - machine).max(machine - database)))
    }

    /// Returns whether PostgreSQL has the extension for fast searches, or `None` on SQLite.
    pub async fn has_trigrams(&self) -> Result<Option<bool>, StoreError> {
        if !is_postgres(&self.connection().inner) {
            return Ok(None);
        }
        let sql = format!("SELECT COUNT(*) FROM pg_extension WHERE extname = '{TRIGRAMS}'");
        Ok(Some(self.number(&sql).await? == Some(1)))
    }

    /// Returns the encoding of a PostgreSQL database, or `None` on SQLite, which always uses
    /// UTF-8.
    pub async fn encoding(&self) -> Result<Option<String>, StoreError> {
        Ok(self.texts("SHOW server_encoding").await?.into_iter().next())
    }

    /// Returns the first four rights that the database role lacks, such as `DELETE sessions`.
    /// SQLite has no rights, and the list is empty.
    pub async fn missing_rights(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT r.name || ' ' || t.tablename FROM pg_tables t, \
                   (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) AS r(name) \
                   WHERE t.schemaname = current_schema() AND t.tablename <> 'seaql_migrations' \
                   AND NOT has_table_privilege(quote_ident(t.schemaname) || '.' || \
                   quote_ident(t.tablename), r.name) UNION ALL SELECT 'SELECT seaql_migrations' \
                   WHERE to_regclass('seaql_migrations') IS NOT NULL \
                   AND NOT has_table_privilege(to_regclass('seaql_migrations'), 'SELECT') \
                   UNION ALL SELECT 'CREATE in any schema' WHERE current_schema() IS NULL \
                   ORDER BY 1 LIMIT 4";
        self.texts(sql).await
    }

    /// Returns the first column of the result on PostgreSQL, and an empty list on SQLite.
    async fn texts(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let connection = self.connection();
        if !is_postgres(&connection.inner) {
            return Ok(Vec::new());
        }
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await?;
        Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
    }

    async fn number(&self, sql: &str) -> Result<Option<i64>, StoreError> {
        let connection = self.connection();
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn looking_at_the_database_changes_nothing() {
        for test in testing::stores().await {
            test.store.check_writable().await.unwrap();
            let is_postgres = is_postgres(&test.store.connection().inner);
            assert_eq!(test.store.has_trigrams().await.unwrap().is_some(), is_postgres);

            let apart = test.store.clocks_apart(&Clock::system()).await.unwrap();

            assert_eq!(apart.is_some(), is_postgres);
            assert!(apart.unwrap_or_default() < Duration::from_secs(2), "{apart:?}");
        }
    }

    #[tokio::test]
    async fn a_database_that_can_only_be_read_is_told() {
        let test = testing::sqlite().await;
        test.store.check_writable().await.unwrap();
        let read_only = "PRAGMA query_only = ON";
        let tx = test.store.begin().await.unwrap();
        tx.connection().execute_unprepared(read_only).await.unwrap();
        drop(tx);

        assert!(test.store.check_writable().await.is_err());
    }
}
