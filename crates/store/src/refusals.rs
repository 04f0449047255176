//! Refused passwords in the timelines of accounts.
//!
//! Guards against a flood of refusals that fills a timeline or the disk. Refusals within one hour
//! with one reason and from one network share a row. Beyond [`MAX_NETWORKS`] such rows, the
//! refusals from all other networks share a row as well.

use std::time::Duration;

use domain::{EventActor, RefusalReason, SecurityEvent, Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::{
    NewSecurityEvent, Refusals, SecurityEvents, StoreError,
    database::{Reads, WriteTx},
    users::uuid,
};

/// The time during which refusals are counted in one row.
const SPAN: Duration = Duration::from_hours(1);
/// Most rows of one account within [`SPAN`] that name their network.
const MAX_NETWORKS: i64 = 8;

/// Refused passwords with one reason and from one network, since the last write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefusals {
    /// The event that they are recorded as.
    pub event: SecurityEvent,
    /// The actor, as far as it is known.
    pub actor: EventActor,
    /// The reason.
    pub reason: RefusalReason,
    /// The network of the client.
    pub network: String,
    /// The id of the first request.
    pub request_id: String,
    /// The number of refusals.
    pub count: u32,
    /// The time of the first refusal.
    pub first_at: Timestamp,
    /// The time of the last refusal.
    pub last_at: Timestamp,
}

impl SecurityEvents<'_, WriteTx> {
    /// Adds refusals to the timeline of the user. The caller has locked the user.
    pub async fn insert_refusals(
        &self,
        user_id: UserId,
        new: &NewRefusals,
    ) -> Result<(), StoreError> {
        if self.add_to_row(user_id, new, &new.network).await? {
            return Ok(());
        }
        let is_full = self.count_networks(user_id, new.first_at - SPAN).await? >= MAX_NETWORKS;
        if is_full && self.add_to_row(user_id, new, "").await? {
            return Ok(());
        }
        let NewRefusals { ref event, actor, reason, count, last_at, .. } = *new;
        let (ip_address, request_id) = if is_full {
            (String::new(), String::new())
        } else {
            (new.network.clone(), new.request_id.clone())
        };
        let row = NewSecurityEvent {
            user_id,
            event: event.clone(),
            actor,
            actor_id: None,
            ip_address,
            user_agent: String::new(),
            request_id,
            refusals: Some(Refusals { reason, count, last_at }),
            note: None,
            role: None,
        };
        self.insert(row, new.first_at).await
    }

    /// Adds the refusals to an existing row of this span and network. Returns whether there is
    /// one.
    async fn add_to_row(
        &self,
        user_id: UserId,
        new: &NewRefusals,
        network: &str,
    ) -> Result<bool, StoreError> {
        let statement = self.statement(
            "UPDATE security_events SET refusals = refusals + $1, last_at = $2 \
             WHERE user_id = $3 AND created_at > $4 AND event = $5 AND reason = $6 \
             AND ip_address = $7 AND actor = $8",
            [
                i64::from(new.count).into(),
                new.last_at.as_millis().into(),
                uuid(user_id).into(),
                (new.first_at - SPAN).as_millis().into(),
                new.event.as_str().into(),
                new.reason.as_str().into(),
                network.into(),
                new.actor.as_str().into(),
            ],
        );
        Ok(self.0.connection().execute_raw(statement).await?.rows_affected() > 0)
    }

    async fn count_networks(&self, user_id: UserId, since: Timestamp) -> Result<i64, StoreError> {
        let statement = self.statement(
            "SELECT COUNT(*) FROM security_events WHERE user_id = $1 AND created_at > $2 \
             AND reason IS NOT NULL AND ip_address <> ''",
            [uuid(user_id).into(), since.as_millis().into()],
        );
        let row: Option<QueryResult> = self.0.connection().query_one_raw(statement).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
    }

    fn statement<const N: usize>(&self, sql: &str, values: [Value; N]) -> Statement {
        Statement::from_sql_and_values(self.0.connection().get_database_backend(), sql, values)
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;
    use crate::{
        Store,
        testing::{NOW, insert_user, stores},
    };

    async fn note(store: &Store, user_id: UserId, network: &str, moment: Timestamp) {
        let new = NewRefusals {
            event: SecurityEvent::LogInRefused,
            actor: EventActor::Anyone,
            reason: RefusalReason::WrongPassword,
            network: network.to_owned(),
            request_id: "a-1".to_owned(),
            count: 3,
            first_at: moment,
            last_at: moment,
        };
        let tx = store.begin().await.unwrap();
        tx.security_events().insert_refusals(user_id, &new).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn rows(store: &Store, user_id: UserId) -> Vec<(String, u32)> {
        let page = store.security_events().list(user_id, None, 1_000).await.unwrap();
        let row = |(_, event): (Timestamp, NewSecurityEvent)| {
            (event.ip_address, event.refusals.unwrap().count)
        };
        page.events.into_iter().map(row).collect()
    }

    /// WHY-01: a flood from many networks takes few rows, and every try is counted.
    #[tokio::test]
    async fn refusals_of_one_hour_are_few_rows_whatever_networks_they_come_from() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let leo = insert_user(store, "leo@example.org", Role::USER).await;
            for n in 0..40 {
                for again in 0..2 {
                    let moment = NOW + Duration::from_millis(2 * n + again);
                    note(store, mia, &format!("192.0.{n}.0/24"), moment).await;
                }
            }
            note(store, leo, "192.0.2.0/24", NOW).await;

            let found = rows(store, mia).await;
            assert_eq!(found.len(), 9, "{found:?}");
            assert_eq!(found.iter().map(|(_, count)| count).sum::<u32>(), 240);
            assert!(found.contains(&(String::new(), 32 * 6)), "{found:?}");
            assert_eq!(rows(store, leo).await, [("192.0.2.0/24".to_owned(), 3)]);

            note(store, leo, "192.0.2.0/24", NOW + SPAN + SPAN).await;
            assert_eq!(rows(store, leo).await.len(), 2, "another hour has a row of its own");
        }
    }
}
