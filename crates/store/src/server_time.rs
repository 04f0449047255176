//! The time of the database server. Nodes follow it, so that they agree on when a session, a token
//! or a lease ends. This module only reads it.

use domain::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::{Store, StoreError, database::Reads};

const QUERY: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

impl Store {
    /// Returns the time of the database server, or `None` on SQLite, which uses the clock of this
    /// machine.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        let connection = self.connection();
        if connection.get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let statement = Statement::from_string(DbBackend::Postgres, QUERY);
        let row = connection.query_one_raw(statement).await?;
        let millis: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(millis.map(Timestamp::from_millis))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Clock;

    use super::*;
    use crate::testing::stores;

    #[tokio::test]
    async fn a_database_server_has_a_time_of_its_own() {
        for test in stores().await {
            let is_server = test.store.connection().get_database_backend() == DbBackend::Postgres;
            let before = Clock::system().now();

            let time = test.store.server_time().await.unwrap();

            assert_eq!(time.is_some(), is_server);
            let off = time.map(|time| (time - before).max(before - time));
            assert!(off.is_none_or(|off| off < Duration::from_mins(1)), "{off:?}");
        }
    }
}
