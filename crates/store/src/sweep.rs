//! Removing what has had its time, in batches that hold the write lock briefly.

use domain::Timestamp;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::{Store, StoreError, database::Reads};

/// Most rows removed by one statement.
const BATCH: u64 = 1_000;

/// How many rows a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions past their end.
    pub sessions: u64,
    /// Tokens past their end.
    pub tokens: u64,
    /// Proofs of addresses past their end.
    pub address_proofs: u64,
    /// Links in notices past their end.
    pub notice_links: u64,
    /// Forms held past their end.
    pub held_forms: u64,
    /// Changes of address that cannot be undone any more.
    pub email_changes: u64,
    /// Mails sent or given up long enough ago.
    pub mails: u64,
    /// Throttles whose whole allowance is back.
    pub throttles: u64,
}

impl Swept {
    /// All rows.
    pub fn total(&self) -> u64 {
        let Self { sessions, tokens, address_proofs, notice_links, .. } = self;
        let Self { held_forms, email_changes, mails, throttles, .. } = self;
        let secrets = sessions + tokens + address_proofs + notice_links;
        secrets + held_forms + email_changes + mails + throttles
    }
}

impl Store {
    /// Removes sessions that ended before `sessions_before` or were idle since before
    /// `idle_since`, tokens, proofs, links, held forms and ways back to an address that
    /// expired, mails done before `mails_before`, and throttles that are free. A table that
    /// cannot be swept holds up no other; the first error is handed out.
    pub async fn sweep(
        &self,
        now: Timestamp,
        sessions_before: Timestamp,
        idle_since: Option<Timestamp>,
        mails_before: Timestamp,
    ) -> Result<Swept, StoreError> {
        let expired = "expires_at <= $1";
        let mut failed = None;
        let mut count = |removed: Result<u64, StoreError>| {
            removed.map_err(|error| failed.get_or_insert(error)).unwrap_or_default()
        };
        let mut sessions =
            count(self.sweep_table("sessions", "id_hash", expired, sessions_before).await);
        if let Some(moment) = idle_since {
            let idle = "last_seen_at < $1";
            sessions += count(self.sweep_table("sessions", "id_hash", idle, moment).await);
        }
        let mut past = async |table, key| count(self.sweep_table(table, key, expired, now).await);
        let tokens = past("tokens", "token_hash").await;
        let address_proofs = past("address_proofs", "token_hash").await;
        let notice_links = past("notice_links", "token_hash").await;
        let email_changes = past("email_changes", "undo_hash").await;
        let held_forms = past("held_forms", "token_hash").await;
        let done = "COALESCE(sent_at, failed_at) < $1";
        let mails = count(self.sweep_table("outbox", "id", done, mails_before).await);
        let throttles =
            count(self.sweep_table("throttles", "key_hash", "free_at <= $1", now).await);
        let swept = Swept {
            sessions,
            tokens,
            address_proofs,
            notice_links,
            held_forms,
            email_changes,
            mails,
            throttles,
        };
        failed.map_or(Ok(swept), Err)
    }

    /// Removes the rows of `table` of which `condition` is true at `moment`, its `$1`.
    pub(crate) async fn sweep_table(
        &self,
        table: &str,
        key: &str,
        condition: &str,
        moment: Timestamp,
    ) -> Result<u64, StoreError> {
        let past = format!("SELECT {key} FROM {table} WHERE {condition}");
        self.delete_in_batches(table, key, &past, [moment.as_millis().into()]).await
    }

    /// Removes the rows of `table` whose `key` is among what `keys` selects, and says how
    /// many, each batch in a transaction of its own.
    pub(crate) async fn delete_in_batches<const N: usize>(
        &self,
        table: &str,
        key: &str,
        keys: &str,
        values: [Value; N],
    ) -> Result<u64, StoreError> {
        let sql = format!("DELETE FROM {table} WHERE {key} IN ({keys} LIMIT {BATCH})");
        let mut total = 0;
        loop {
            let tx = self.begin().await?;
            let connection = tx.connection();
            let backend = connection.get_database_backend();
            let statement = Statement::from_sql_and_values(backend, &sql, values.clone());
            let removed = connection.execute_raw(statement).await?.rows_affected();
            tx.commit().await?;
            total += removed;
            if removed < BATCH {
                return Ok(total);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{
        Limit,
        testing::{NOW, stores},
    };

    /// RTL-08, RES-08: what many keys leave behind is rows, and those go.
    #[tokio::test]
    async fn throttles_of_many_keys_are_gone_when_they_are_free() {
        let limit = Limit { count: 3, period: Duration::from_mins(1) };
        for test in stores().await {
            let tx = test.store.begin().await.unwrap();
            for n in 0..1_500_u32 {
                let mut key = [0; 32];
                key[..4].copy_from_slice(&n.to_be_bytes());
                tx.throttles().take(&key, limit, NOW).await.unwrap();
            }
            tx.commit().await.unwrap();

            let early = test.store.sweep(NOW, NOW, None, NOW).await.unwrap();
            let late = test.store.sweep(NOW + limit.period, NOW, None, NOW).await.unwrap();

            assert_eq!((early.throttles, late.throttles), (0, 1_500));
        }
    }
}
