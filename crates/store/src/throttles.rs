//! Throttles: the number of tries that a key has left. The database counts them, so that all nodes
//! share the counts and a restart keeps them.
//!
//! The algorithm is the generic cell rate algorithm (ITU-T I.371). A row per key holds the time at
//! which all tries are available again. A try moves that time forward by one interval, and is
//! refused if the time would then be more than a period ahead. A try is one conditional statement,
//! which counts simultaneous tries exactly.

use std::time::Duration;

use domain::Timestamp;
use sea_orm::{ConnectionTrait, DbErr, ExecResult, QueryResult, Statement, Value};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
};

/// The repository of throttles.
#[derive(Debug)]
pub struct Throttles<'a>(pub(crate) &'a WriteTx);

/// A limit of `count` tries at once, which become available again evenly over `period`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The most tries in a row, at least 1.
    pub count: u32,
    /// The time in which all tries become available again.
    pub period: Duration,
}

/// The result of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The try is allowed and was counted.
    Allowed,
    /// The try is refused and was not counted.
    Refused {
        /// The time until the next try is allowed, at least a second.
        retry_after: Duration,
    },
}

impl Limit {
    /// Returns the number of tries that are left if all are available again after `wait`.
    pub(crate) fn left(&self, wait: Duration) -> u32 {
        let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 4);
        let used = wait.div_euclid(self.interval_millis())
            + i64::from(wait.rem_euclid(self.interval_millis()) > 0);
        self.count.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
    }

    fn interval_millis(&self) -> i64 {
        (self.period_millis() / i64::from(self.count.max(1))).max(1)
    }

    fn period_millis(&self) -> i64 {
        i64::try_from(self.period.as_millis()).unwrap_or(i64::MAX / 4)
    }
}

impl Throttles<'_> {
    /// Counts a try against `key`, if a try is left.
    pub async fn take(
        &self,
        key: &[u8; 32],
        limit: Limit,
        now: Timestamp,
    ) -> Result<Taken, StoreError> {
        let (now, interval) = (now.as_millis(), limit.interval_millis());
        // `count` intervals, not the period: the interval is rounded down, and the period could
        // then hold one try more.
        let horizon = now + interval * i64::from(limit.count.max(1));
        let counted = self
            .execute(
                "INSERT INTO throttles (key_hash, free_at) VALUES ($1, $2 + $3) \
                 ON CONFLICT (key_hash) DO UPDATE SET free_at = \
                   CASE WHEN throttles.free_at > $2 THEN throttles.free_at ELSE $2 END + $3 \
                 WHERE CASE WHEN throttles.free_at > $2 THEN throttles.free_at ELSE $2 END + $3 <= $4",
                [key.to_vec().into(), now.into(), interval.into(), horizon.into()],
            )
            .await?;
        if counted.rows_affected() == 1 {
            return Ok(Taken::Allowed);
        }
        // The time is further ahead than any try can move it: the clock was set back, or the limit
        // was lowered.
        self.execute(
            "UPDATE throttles SET free_at = $2 WHERE key_hash = $1 AND free_at > $2",
            [key.to_vec().into(), horizon.into()],
        )
        .await?;
        let free_at = self.free_at(key).await?.unwrap_or(now);
        let wait = u64::try_from(free_at + interval - horizon).unwrap_or(0);
        Ok(Taken::Refused { retry_after: Duration::from_millis(wait.max(1_000)) })
    }

    /// Gives back one counted try.
    pub async fn give_back(&self, key: &[u8; 32], limit: Limit) -> Result<(), StoreError> {
        self.execute(
            "UPDATE throttles SET free_at = free_at - $2 WHERE key_hash = $1",
            [key.to_vec().into(), limit.interval_millis().into()],
        )
        .await?;
        Ok(())
    }

    /// Deletes all counted tries of `key`. Returns `false` if there were none.
    pub async fn clear(&self, key: &[u8; 32]) -> Result<bool, StoreError> {
        let sql = "DELETE FROM throttles WHERE key_hash = $1";
        Ok(self.execute(sql, [key.to_vec().into()]).await?.rows_affected() > 0)
    }

    async fn free_at(&self, key: &[u8; 32]) -> Result<Option<i64>, StoreError> {
        let statement = self
            .statement("SELECT free_at FROM throttles WHERE key_hash = $1", [key.to_vec().into()]);
        let row: Option<QueryResult> = self.0.connection().query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
    }

    async fn execute<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<ExecResult, DbErr> {
        self.0.connection().execute_raw(self.statement(sql, values)).await
    }

    fn statement<const N: usize>(&self, sql: &str, values: [Value; N]) -> Statement {
        Statement::from_sql_and_values(self.0.connection().get_database_backend(), sql, values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, testing::NOW, testing::stores};

    const KEY: [u8; 32] = [7; 32];
    const LIMIT: Limit = Limit { count: 3, period: Duration::from_mins(1) };

    async fn take(store: &Store, now: Timestamp) -> Taken {
        let tx = store.begin().await.unwrap();
        let taken = tx.throttles().take(&KEY, LIMIT, now).await.unwrap();
        tx.commit().await.unwrap();
        taken
    }

    #[tokio::test]
    async fn tries_beyond_the_limit_are_refused_and_come_back_one_by_one() {
        for test in stores().await {
            for _ in 0..3 {
                assert_eq!(take(&test.store, NOW).await, Taken::Allowed);
            }
            let retry_after = Duration::from_secs(20);
            assert_eq!(take(&test.store, NOW).await, Taken::Refused { retry_after });
            assert_eq!(take(&test.store, NOW + retry_after).await, Taken::Allowed);
            assert!(matches!(take(&test.store, NOW + retry_after).await, Taken::Refused { .. }));
        }
    }

    /// CLK-01.
    #[tokio::test]
    async fn a_clock_that_is_set_back_costs_no_more_than_a_period() {
        for test in stores().await {
            for _ in 0..3 {
                take(&test.store, NOW + Duration::from_hours(24)).await;
            }
            let retry_after = Duration::from_secs(20);
            assert_eq!(take(&test.store, NOW).await, Taken::Refused { retry_after });
            assert_eq!(take(&test.store, NOW + retry_after).await, Taken::Allowed);
        }
    }

    /// RTL-01, RAC-05.
    #[tokio::test]
    async fn tries_at_once_are_counted_exactly() {
        for test in stores().await {
            let tries: Vec<_> = (0..50)
                .map(|_| {
                    let store = test.store.clone();
                    tokio::spawn(async move { take(&store, NOW).await })
                })
                .collect();
            let mut allowed = 0;
            for a_try in tries {
                allowed += usize::from(a_try.await.unwrap() == Taken::Allowed);
            }
            assert_eq!(allowed, 3);
        }
    }

    #[tokio::test]
    async fn a_try_given_back_can_be_made_again() {
        for test in stores().await {
            for _ in 0..3 {
                take(&test.store, NOW).await;
            }
            let tx = test.store.begin().await.unwrap();
            tx.throttles().give_back(&KEY, LIMIT).await.unwrap();
            tx.commit().await.unwrap();

            assert_eq!(take(&test.store, NOW).await, Taken::Allowed);
            assert!(matches!(take(&test.store, NOW).await, Taken::Refused { .. }));
        }
    }
}
