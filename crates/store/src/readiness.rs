//! Checks whether the database accepts writes, by a write. A database can answer reads and still
//! be read-only or out of disk space (OTG-06). The write updates one row that no other code reads,
//! so that no table grows.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use tokio::time::timeout;

use crate::{Store, StoreError, database::Reads};

/// How long the write may take.
const LIMIT: Duration = Duration::from_secs(1);

/// Updates the only row of the table, which its migration inserted.
const WRITE: &str = "UPDATE readiness SET beat = 1 - beat";

/// Whether the database accepts writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writable {
    /// It does, now or after the writes of other requests.
    Yes,
    /// It does not.
    No,
}

impl Store {
    /// Writes, and returns within a second whether that succeeded. On SQLite a time-out counts as
    /// success, because it has one writer at a time and the wait is no fault.
    pub async fn try_write(&self) -> Writable {
        match timeout(LIMIT, self.write_beat()).await {
            Ok(Ok(())) => Writable::Yes,
            Err(_) if !self.settings.url.is_postgres() => Writable::Yes,
            Ok(Err(_)) | Err(_) => Writable::No,
        }
    }

    async fn write_beat(&self) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        tx.connection().execute_unprepared(WRITE).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::stores;

    /// OTG-06.
    #[tokio::test]
    async fn a_database_that_takes_no_writes_is_found_out_and_found_well_again() {
        for test in stores().await {
            let store = &test.store;
            assert_eq!(store.try_write().await, Writable::Yes);
            let (off, on) = if store.settings.url.is_postgres() {
                let name = "BEGIN READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \
                     default_transaction_read_only = VALUE', current_database()); END $$; COMMIT";
                (name.replace("VALUE", "on"), name.replace("VALUE", "off"))
            } else {
                let trigger = "CREATE TRIGGER no BEFORE UPDATE ON readiness BEGIN \
                     SELECT RAISE(FAIL, 'full'); END";
                (trigger.to_owned(), "DROP TRIGGER no".to_owned())
            };
            let outside = async |sql: &str| {
                let outside = Store::connect(&store.settings, Duration::ZERO).await.unwrap();
                outside.connection().inner.execute_unprepared(sql).await.unwrap();
                outside.close().await.unwrap();
            };
            outside(&off).await;
            if store.settings.url.is_postgres() {
                outside(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                )
                .await;
                // The first try finds its connection broken, and retires the others.
                assert_eq!(store.try_write().await, Writable::No);
            }

            assert_eq!(store.try_write().await, Writable::No);

            outside(&on).await;
            // An older connection is still read-only. The try that uses it retires it.
            let mut tries = 0;
            while store.try_write().await == Writable::No {
                tries += 1;
                assert!(tries < 5, "it is never found well again");
            }
        }
    }
}
