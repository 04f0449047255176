//! The throttles of one account, for the operator: how many tries are left, and when they were
//! last reset. A reset writes a time that is part of the throttle keys of the account's browsers,
//! so that all of them start again.

use domain::{Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::{
    Limit, Store, StoreError, Users,
    database::{Reads, WriteTx},
    users::uuid,
};

/// The state of a throttle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitState {
    /// The number of tries that are allowed now.
    pub left: u32,
    /// The time at which all tries are available again.
    pub free_at: Timestamp,
}

impl Store {
    /// Returns the state of the throttle of this key. Counts no try.
    pub async fn find_limit(
        &self,
        key: &[u8; 32],
        limit: Limit,
        now: Timestamp,
    ) -> Result<LimitState, StoreError> {
        let sql = "SELECT free_at FROM throttles WHERE key_hash = $1";
        let free_at = find_moment(self, sql, key.to_vec().into()).await?;
        let free_at = free_at.filter(|free_at| *free_at > now).unwrap_or(now);
        Ok(LimitState { left: limit.left(free_at - now), free_at })
    }
}

impl<C: Reads> Users<'_, C> {
    /// Returns the time at which the throttles of the account were last reset, if ever.
    pub async fn find_limits_cleared_at(
        &self,
        id: UserId,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT limits_cleared_at FROM users WHERE id = $1";
        find_moment(self.0, sql, uuid(id).into()).await
    }
}

impl Users<'_, WriteTx> {
    /// Resets the throttles of the account: from then on its browsers are counted under new keys.
    pub async fn set_limits_cleared_at(
        &self,
        id: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let connection = self.0.connection();
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "UPDATE users SET limits_cleared_at = $2 WHERE id = $1",
            [uuid(id).into(), now.as_millis().into()],
        );
        Ok(connection.execute_raw(statement).await.map(drop)?)
    }
}

async fn find_moment(
    reads: &impl Reads,
    sql: &str,
    key: Value,
) -> Result<Option<Timestamp>, StoreError> {
    let connection = reads.connection();
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [key]);
    let row: Option<QueryResult> = connection.query_one_raw(statement).await?;
    let moment: Option<i64> = row.map_or(Ok(None), |row| row.try_get_by_index(0))?;
    Ok(moment.map(Timestamp::from_millis))
}
