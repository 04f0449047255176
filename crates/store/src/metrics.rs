//! The numbers of the store for monitoring: connections, cache, queued mails. They contain no
//! personal data. The only statement stays cheap with a million mails.

use domain::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::{CacheState, Store, StoreError, database::Reads};

/// Most queued mails that are counted.
const MAX_COUNTED: u32 = 100_000;
/// Most queued mails that are searched for the oldest, those due next first.
const MAX_DATED: u32 = 1_000;

/// The connections of this process that serve requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Open connections.
    pub open: u64,
    /// Open connections that are not in use.
    pub idle: u64,
    /// Most connections that may be open.
    pub limit: u64,
}

/// The queued mails of all nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxState {
    /// The number of queued mails, counted up to 100,000.
    pub waiting: u64,
    /// The time at which the oldest of the thousand mails due next was queued.
    pub oldest_created_at: Option<Timestamp>,
}

impl Store {
    /// Returns the present state of the connections.
    pub fn pool_state(&self) -> PoolState {
        let connection = &self.connection().inner;
        let (open, idle, limit) = if is_postgres(connection) {
            let pool = connection.get_postgres_connection_pool();
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        } else {
            let pool = connection.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        };
        PoolState { open: open.into(), idle: idle as u64, limit: limit.into() }
    }

    /// Returns the present state of the cache.
    pub fn cache_state(&self) -> CacheState {
        self.principals().state()
    }

    /// Queries the queued mails, in one statement.
    pub async fn outbox_state(&self) -> Result<OutboxState, StoreError> {
        let connection = self.connection();
        // Unlike `IS NOT NULL`, a comparison uses the index on both databases.
        let sql = format!(
            "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE due_at > 0 \
             LIMIT {MAX_COUNTED}) AS waiting), (SELECT MIN(created_at) FROM \
             (SELECT created_at FROM outbox WHERE due_at > 0 ORDER BY due_at \
             LIMIT {MAX_DATED}) AS next)"
        );
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await?;
        let row = row.ok_or_else(|| StoreError::corrupt("the count of mails"))?;
        let (waiting, oldest): (i64, Option<i64>) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        Ok(OutboxState {
            waiting: waiting.unsigned_abs(),
            oldest_created_at: oldest.map(Timestamp::from_millis),
        })
    }
}

/// Returns whether the connection leads to PostgreSQL.
pub(crate) fn is_postgres(connection: &DatabaseConnection) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn mails_that_wait_are_counted_and_the_oldest_of_them_is_dated() {
        for test in testing::stores().await {
            let store = &test.store;
            let none = OutboxState { waiting: 0, oldest_created_at: None };
            assert_eq!(store.outbox_state().await.unwrap(), none);

            for (id, created_at, due_at) in
                [(1, 5_000, "9000"), (2, 3_000, "70000"), (3, 1_000, "NULL")]
            {
                let sql = format!(
                    "INSERT INTO outbox (id, recipient, subject, text_body, html_body, created_at, \
                     expires_at, due_at, attempts) VALUES ({}, 'a@b.test', '', '', '', \
                     {created_at}, 99999, {due_at}, 0)",
                    id_literal(store, id)
                );
                let tx = store.begin().await.unwrap();
                tx.connection().execute_unprepared(&sql).await.unwrap();
                tx.commit().await.unwrap();
            }

            let before = store.statement_count();
            let state = store.outbox_state().await.unwrap();
            assert_eq!(store.statement_count() - before, 1);
            let oldest = Some(Timestamp::from_millis(3_000));
            assert_eq!(state, OutboxState { waiting: 2, oldest_created_at: oldest });
        }
    }

    fn id_literal(store: &Store, id: u8) -> String {
        let hex = format!("{id:032x}");
        if is_postgres(&store.connection().inner) {
            format!("'{hex}'")
        } else {
            format!("x'{hex}'")
        }
    }

    /// The query does not read a million sent mails to find the queued ones.
    #[tokio::test]
    async fn mails_that_wait_are_found_by_the_index() {
        let test = testing::sqlite().await;
        let connection = test.store.connection();
        let sql = "EXPLAIN QUERY PLAN SELECT COUNT(*) FROM \
                   (SELECT 1 FROM outbox WHERE due_at > 0 LIMIT 10)";
        let plan = Statement::from_string(connection.get_database_backend(), sql);
        let plan = connection.query_all_raw(plan).await.unwrap();
        let steps: Vec<String> =
            plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.contains("COVERING INDEX")), "{steps:?}");
    }

    #[tokio::test]
    async fn the_pool_tells_how_many_connections_are_in_use() {
        for test in testing::stores().await {
            let idle = test.store.pool_state();
            assert!(idle.open <= idle.limit && idle.idle <= idle.open, "{idle:?}");
        }
    }

    #[tokio::test]
    async fn the_cache_tells_what_it_answered_and_whether_it_was_lost() {
        let test = testing::sqlite().await;
        let start = CacheState { is_trusted: true, hits: 0, misses: 0, losses: 0 };
        assert_eq!(test.store.cache_state(), start);

        test.store.principals().find(&domain::SessionKey::of("id"));
        test.store.principals().distrust();

        let lost = CacheState { is_trusted: false, hits: 0, misses: 1, losses: 1 };
        assert_eq!(test.store.cache_state(), lost);
    }
}
