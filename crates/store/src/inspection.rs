//! What the operator's check-up asks of the database beside what a start asks. Nothing is
//! changed by it.

use domain::{Clock, Timestamp};
use sea_orm::{ConnectionTrait, Statement};

use crate::{Store, StoreError, database::Reads, metrics::is_postgres};

/// The extension of PostgreSQL with which the search for a part of an address is quick.
const TRIGRAMS: &str = "pg_trgm";

/// The database's clock beside that of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockComparison {
    /// The database's.
    pub database: Timestamp,
    /// This machine's, halfway through the question.
    pub machine: Timestamp,
}

impl Store {
    /// Begins a transaction, changes no row in it and undoes it: a database that is read
    /// only refuses even that.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        let nothing = "UPDATE throttles SET free_at = free_at WHERE 1 = 0";
        tx.connection().execute_unprepared(nothing).await?;
        Ok(())
    }

    /// The clocks of both; `None` on SQLite, which has that of this machine.
    pub async fn compare_clocks(
        &self,
        clock: &Clock,
    ) -> Result<Option<ClockComparison>, StoreError> {
        if !is_postgres(&self.connection().inner) {
            return Ok(None);
        }
        let before = clock.now();
        let sql = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint";
        let database = self.number(sql).await?;
        let machine = before + (clock.now() - before) / 2;
        Ok(database
            .map(|millis| ClockComparison { database: Timestamp::from_millis(millis), machine }))
    }

    /// Whether PostgreSQL has the extension for quick searches; `None` on SQLite.
    pub async fn has_trigrams(&self) -> Result<Option<bool>, StoreError> {
        if !is_postgres(&self.connection().inner) {
            return Ok(None);
        }
        let sql = format!("SELECT COUNT(*) FROM pg_extension WHERE extname = '{TRIGRAMS}'");
        Ok(Some(self.number(&sql).await? == Some(1)))
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
    use std::time::Duration;

    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn looking_at_the_database_changes_nothing() {
        for test in testing::stores().await {
            test.store.check_writable().await.unwrap();
            let is_postgres = is_postgres(&test.store.connection().inner);
            assert_eq!(test.store.has_trigrams().await.unwrap().is_some(), is_postgres);

            let compared = test.store.compare_clocks(&Clock::system()).await.unwrap();

            assert_eq!(compared.is_some(), is_postgres);
            if let Some(ClockComparison { database, machine }) = compared {
                assert!((database - machine).max(machine - database) < Duration::from_secs(2));
            }
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
