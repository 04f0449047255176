//! The last use of accounts, by which admins sort the list of users.
//!
//! A row of `users` has many indexes, so the time is written at each log-in, and while sessions are
//! in use once an hour.

use std::{collections::BTreeMap, time::Duration};

use domain::{SessionKey, Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement, entity::prelude::Uuid};

use crate::{
    Sessions, StoreError,
    database::{Reads, WriteTx},
    users::uuid,
    values::Values,
};

/// How old the time of the last use may grow while a session is in use.
const PRECISION: Duration = Duration::from_hours(1);

impl Sessions<'_, WriteTx> {
    /// Records the last use of the accounts of these sessions, if the recorded one is an hour old.
    /// Locks the users in the order of their ids and before their sessions, so that no deadlock
    /// occurs.
    pub(crate) async fn set_last_seen_of_users(
        &self,
        seen: &[(SessionKey, Timestamp)],
    ) -> Result<(), StoreError> {
        let Some(latest) = seen.iter().map(|(_, moment)| *moment).max() else { return Ok(()) };
        let connection = self.0.connection();
        let mut values = Values::default();
        let keys = seen.iter().map(|(key, _)| values.bind(key.as_bytes().to_vec()));
        let keys = keys.collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT DISTINCT u.id FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE s.id_hash IN ({keys}) AND u.last_seen_at <= {}",
            values.bind((latest - PRECISION).as_millis())
        );
        let backend = connection.get_database_backend();
        let due = Statement::from_sql_and_values(backend, sql, values.0);
        let mut users = BTreeMap::new();
        for row in connection.query_all_raw(due).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            users.insert(id.into_bytes(), UserId::from_bytes(id.into_bytes()));
        }
        for user in users.into_values() {
            self.set_user_last_seen(user, latest).await?;
        }
        Ok(())
    }

    /// Records a use of the account, unless a later one is recorded.
    pub(crate) async fn set_user_last_seen(
        &self,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let connection = self.0.connection();
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "UPDATE users SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2",
            [uuid(user_id).into(), now.as_millis().into()],
        );
        connection.execute_raw(statement).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;
    use crate::testing::{NOW, insert_user, new_session, stores};

    #[tokio::test]
    async fn the_last_use_of_an_account_is_exact_at_the_log_in_and_hourly_afterwards() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let last = async || store.users().find(mia).await.unwrap().unwrap().last_seen_at;
            assert_eq!(last().await, None);
            let session = new_session(mia, "one");
            let tx = store.begin().await.unwrap();
            tx.sessions().insert(&session, NOW).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(last().await, Some(NOW));

            for (minutes, recorded) in [(59, 0), (60, 60), (61, 60), (30, 60)] {
                let seen = NOW + Duration::from_mins(minutes);
                let tx = store.begin().await.unwrap();
                tx.sessions().set_last_seen(&[(session.key, seen)]).await.unwrap();
                tx.commit().await.unwrap();

                assert_eq!(last().await, Some(NOW + Duration::from_mins(recorded)), "{minutes}");
            }
        }
    }
}
