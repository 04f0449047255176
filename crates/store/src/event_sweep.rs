//! Deletes the oldest events of accounts with too many, and old events of deleted accounts.
//!
//! An account keeps more events than its owner will read. The limit guards against activity on one
//! account that fills the disk, or makes an export or a deletion too large.

use domain::{Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value, entity::prelude::Uuid};

use crate::{Store, StoreError, database::Reads, sweep::Past, users::uuid};

/// Most events that an account keeps. Events of admins and operators stay beyond this number, and
/// so does the latest log-in, which proves that the account was used.
pub const MAX_EVENTS: u64 = 10_000;
/// The part of [`MAX_EVENTS`] that strangers can cause: one tenth. Without this limit, a stranger
/// who requests mails for weeks would displace the events that the owner has to see.
const STRANGERS_PART: u64 = 10;

/// Most events that one statement counts, so that it ends in time for timelines of any length. An
/// account is examined further if it has more events than strangers may cause.
const WINDOW: u64 = 2 * MAX_EVENTS;

/// Selects the events of the account `$1` up to the time `$2`, except the latest log-in.
const CROWDED_OUT: &str = "SELECT e.id FROM security_events e \
     WHERE e.user_id = $1 AND e.created_at <= $2 \
     AND (e.event <> 'logged_in' OR EXISTS (SELECT 1 FROM security_events l \
     WHERE l.user_id = $1 AND l.event = 'logged_in' AND l.created_at > e.created_at))";

/// Events of deleted accounts from before `$1`.
pub(crate) const ORPHANS: Past = Past {
    table: "security_events",
    key: "id",
    condition: "user_id IS NULL AND created_at < $1",
    order: "created_at",
};

/// The actors of the events that are counted and deleted.
#[derive(Clone, Copy)]
enum Actors {
    Strangers,
    All,
}

impl Actors {
    const fn counted(self) -> &'static str {
        match self {
            Self::Strangers => "AND e.actor = 'anyone'",
            Self::All => "",
        }
    }

    const fn trimmed(self) -> &'static str {
        match self {
            Self::Strangers => "AND e.actor = 'anyone'",
            Self::All => "AND e.actor IN ('owner', 'anyone')",
        }
    }
}

impl Store {
    /// Deletes the oldest events of accounts that have more than `most`, or more than a tenth of
    /// that by strangers. Returns how many were deleted.
    pub async fn sweep_events(&self, most: u64) -> Result<u64, StoreError> {
        self.sweep_events_by(WINDOW, most).await
    }

    /// Deletes events of deleted accounts from before `moment`, and returns how many.
    pub async fn sweep_nobodys_events(&self, moment: Timestamp) -> Result<u64, StoreError> {
        self.sweep_past(&ORPHANS, moment).await
    }

    async fn sweep_events_by(&self, window: u64, most: u64) -> Result<u64, StoreError> {
        let by_strangers = most / STRANGERS_PART;
        let (mut total, mut last) = (0, Uuid::nil());
        loop {
            let mut counts = self.count_events(window, last).await?;
            let is_end = counts.iter().map(|(_, count)| *count).sum::<u64>() < window;
            // The window may end within the events of the last account. The next window starts
            // with that account.
            if !is_end && counts.len() > 1 {
                counts.pop();
            }
            for (user_id, count) in &counts {
                if *count > by_strangers {
                    total += self.trim(*user_id, by_strangers, Actors::Strangers).await?;
                    total += self.trim(*user_id, most, Actors::All).await?;
                }
            }
            match counts.last() {
                Some((user_id, _)) if !is_end => last = uuid(*user_id),
                _ => return Ok(total),
            }
        }
    }

    /// Counts the first `window` events of the accounts after `last`, by account.
    async fn count_events(
        &self,
        window: u64,
        last: Uuid,
    ) -> Result<Vec<(UserId, u64)>, StoreError> {
        let sql = count_sql(window);
        let count = |row: &QueryResult| {
            let (id, count): (Uuid, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok((UserId::from_bytes(id.into_bytes()), count.unsigned_abs()))
        };
        self.query(&sql, [last.into()]).await?.iter().map(count).collect()
    }

    /// Deletes the events of these actors beyond the latest `most` of the account, and returns how
    /// many.
    async fn trim(&self, user_id: UserId, most: u64, actors: Actors) -> Result<u64, StoreError> {
        let first_too_many = format!(
            "SELECT created_at FROM security_events e WHERE user_id = $1 {} \
             ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $2",
            actors.counted()
        );
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let values = [uuid(user_id).into(), most.into()];
        let found = self.query(&first_too_many, values).await?;
        let Some(row) = found.first() else { return Ok(0) };
        let moment: i64 = row.try_get_by_index(0)?;
        let crowded_out = format!("{CROWDED_OUT} {}", actors.trimmed());
        let values = [uuid(user_id).into(), moment.into()];
        self.delete_in_batches("security_events", "id", &crowded_out, values).await
    }

    async fn query<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Vec<QueryResult>, StoreError> {
        let connection = self.connection();
        let backend = connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        Ok(connection.query_all_raw(statement).await?)
    }
}

/// Returns the statement that counts the first `window` events of the accounts after `$1`, by
/// account.
pub(crate) fn count_sql(window: u64) -> String {
    format!(
        "SELECT e.user_id, COUNT(*) FROM (SELECT user_id FROM security_events \
         WHERE user_id > $1 ORDER BY user_id LIMIT {window}) e \
         GROUP BY e.user_id ORDER BY e.user_id"
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{EventActor, Role, SecurityEvent};

    use super::*;
    use crate::{
        NewSecurityEvent,
        testing::{NOW, insert_user, stores},
    };

    /// Adds `count` events, a millisecond apart.
    async fn add(store: &Store, user_id: UserId, event: SecurityEvent, first: u64, count: u64) {
        let tx = store.begin().await.unwrap();
        for n in first..first + count {
            let actor = match event {
                SecurityEvent::BecameUser => EventActor::Admin,
                SecurityEvent::PasswordResetRequested => EventActor::Anyone,
                _ => EventActor::Owner,
            };
            let new = NewSecurityEvent {
                user_id,
                event: event.clone(),
                actor,
                actor_id: None,
                refusals: None,
                note: None,
                role: None,
                ip_address: String::new(),
                user_agent: String::new(),
                request_id: String::new(),
            };
            tx.security_events().insert(new, NOW + Duration::from_millis(n)).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn left(store: &Store, user_id: UserId) -> Vec<(u64, SecurityEvent)> {
        let page = store.security_events().list(user_id, None, 5_000).await.unwrap();
        let since = |moment: Timestamp| (moment.as_millis() - NOW.as_millis()).unsigned_abs();
        page.events.into_iter().map(|(moment, event)| (since(moment), event.event)).collect()
    }

    /// RES-08.
    #[tokio::test]
    async fn of_too_many_events_the_latest_stay_and_what_was_done_by_an_admin() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let leo = insert_user(store, "leo@example.org", Role::USER).await;
            add(store, mia, SecurityEvent::LoggedIn, 0, 1).await;
            add(store, mia, SecurityEvent::BecameUser, 1, 1).await;
            add(store, mia, SecurityEvent::NameChanged, 2, 1_507).await;
            add(store, leo, SecurityEvent::NameChanged, 0, 5).await;

            assert_eq!(store.sweep_events(5).await.unwrap(), 1_502);

            let names = (1_504..1_509).rev().map(|n| (n, SecurityEvent::NameChanged));
            let kept = [(1, SecurityEvent::BecameUser), (0, SecurityEvent::LoggedIn)];
            let expected: Vec<_> = names.chain(kept).collect();
            assert_eq!(left(store, mia).await, expected);
            assert_eq!(left(store, leo).await.len(), 5);
            // Only the latest log-in is kept beyond the limit.
            add(store, mia, SecurityEvent::LoggedIn, 1_600, 1).await;
            assert_eq!(store.sweep_events(5).await.unwrap(), 2);
            assert_eq!(left(store, mia).await.last(), Some(&(1, SecurityEvent::BecameUser)));
        }
    }

    /// RES-08: this holds even if a window ends within the events of an account, or if one account
    /// fills a window.
    #[tokio::test]
    async fn every_account_is_looked_at() {
        for window in [20, 22] {
            for test in stores().await {
                let store = &test.store;
                for n in 0..4 {
                    let user = insert_user(store, &format!("{n}@example.org"), Role::USER).await;
                    add(store, user, SecurityEvent::NameChanged, 0, 21).await;
                }

                let swept = [
                    store.sweep_events_by(window, 20).await.unwrap(),
                    store.sweep_events_by(window, 20).await.unwrap(),
                ];

                assert_eq!(swept, [4, 0], "{window}");
            }
        }
    }

    /// LOG-13, RES-08: weeks of mails that strangers cause hide neither the owner's actions nor the
    /// owner's last log-in.
    #[tokio::test]
    async fn what_strangers_make_happen_crowds_out_nothing_of_the_owners() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let tx = store.begin().await.unwrap();
            tx.users().set_confirmed(mia, NOW).await.unwrap();
            tx.commit().await.unwrap();
            add(store, mia, SecurityEvent::LoggedIn, 0, 1).await;
            add(store, mia, SecurityEvent::NameChanged, 1, 1).await;
            add(store, mia, SecurityEvent::PasswordResetRequested, 2, 30).await;

            assert_eq!(store.sweep_events(20).await.unwrap(), 28);

            let requested = |n| (n, SecurityEvent::PasswordResetRequested);
            let own = [(1, SecurityEvent::NameChanged), (0, SecurityEvent::LoggedIn)];
            let expected: Vec<_> = [requested(31), requested(30)].into_iter().chain(own).collect();
            assert_eq!(left(store, mia).await, expected);
            assert_eq!(store.sweep_events(1).await.unwrap(), 2);
            assert!(store.users().has_logged_in(mia).await.unwrap());
        }
    }

    /// RES-08: no event of a deleted account stays for ever.
    #[tokio::test]
    async fn events_of_nobody_go_in_time_and_those_of_accounts_stay() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let leo = insert_user(store, "leo@example.org", Role::USER).await;
            for user_id in [mia, leo] {
                add(store, user_id, SecurityEvent::LoggedIn, 0, 1).await;
            }
            let tx = store.begin().await.unwrap();
            tx.security_events().anonymize(leo).await.unwrap();
            tx.commit().await.unwrap();

            let later = NOW + Duration::from_millis(1);
            let swept = [
                store.sweep_nobodys_events(NOW).await.unwrap(),
                store.sweep_nobodys_events(later).await.unwrap(),
            ];

            assert_eq!(swept, [0, 1]);
            assert_eq!(left(store, mia).await, [(0, SecurityEvent::LoggedIn)]);
        }
    }
}
