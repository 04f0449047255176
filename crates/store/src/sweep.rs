//! Deletes expired rows, in batches that hold the write lock briefly.
//!
//! A batch finds its rows by an index, or scans a bounded part of the table. It therefore ends
//! within the time limit of a statement for tables of any size (RES-08). Unconfirmed accounts and
//! events have sweeps of their own.

use std::time::Duration;

use domain::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::{Store, StoreError, database::Reads};

/// Most rows deleted by one statement.
const BATCH: u64 = 1_000;
/// How long an invitation stays in the list after it expired, so that it can be sent again.
pub(crate) const INVITATION_MEMORY: Duration = Duration::from_hours(30 * 24);
/// Sessions scanned by one statement that cannot use an index on the last use.
const WINDOW: u64 = 5_000;

/// The rows of a table that a sweep deletes at the time `$1`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past {
    /// The table.
    pub(crate) table: &'static str,
    /// Its primary key.
    pub(crate) key: &'static str,
    /// The condition for these rows.
    pub(crate) condition: &'static str,
    /// The column or expression of the index that finds them.
    pub(crate) order: &'static str,
}

impl Past {
    const fn expired(table: &'static str, key: &'static str) -> Self {
        Self { table, key, condition: "expires_at <= $1", order: "expires_at" }
    }

    /// Returns the statement that selects the keys of the rows, the longest expired first.
    pub(crate) fn keys(&self) -> String {
        let Self { table, key, condition, order } = self;
        format!("SELECT {key} FROM {table} WHERE {condition} ORDER BY {order}")
    }
}

const SESSIONS: Past = Past::expired("sessions", "id_hash");
const TOKENS: Past = Past::expired("tokens", "token_hash");
const ADDRESS_PROOFS: Past = Past::expired("address_proofs", "token_hash");
const NOTICE_LINKS: Past = Past::expired("notice_links", "token_hash");
const EMAIL_CHANGES: Past = Past::expired("email_changes", "undo_hash");
const INVITATIONS: Past = Past::expired("invitations", "id");
const SAVED_SUBMISSIONS: Past = Past::expired("held_forms", "token_hash");
const PENDING_LOG_INS: Past = Past::expired("pending_log_ins", "id_hash");
const REMEMBERED_BROWSERS: Past = Past::expired("remembered_browsers", "id_hash");
const SPENT_CEREMONIES: Past = Past::expired("spent_ceremonies", "ceremony_hash");
const MAILS: Past = Past {
    table: "outbox",
    key: "id",
    condition: "due_at IS NULL AND COALESCE(sent_at, failed_at) < $1",
    order: "COALESCE(sent_at, failed_at)",
};
const THROTTLES: Past =
    Past { table: "throttles", key: "key_hash", condition: "free_at <= $1", order: "free_at" };

/// The numbers of rows that a sweep deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Ended and idle sessions.
    pub sessions: u64,
    /// Expired tokens.
    pub tokens: u64,
    /// Expired address proofs.
    pub address_proofs: u64,
    /// Expired links in notices.
    pub notice_links: u64,
    /// Expired saved submissions.
    pub saved_submissions: u64,
    /// Pending log-ins that waited too long for a second factor.
    pub pending_log_ins: u64,
    /// Browsers that are no longer remembered.
    pub remembered_browsers: u64,
    /// Address changes that can no longer be reverted.
    pub email_changes: u64,
    /// Invitations that expired long ago.
    pub invitations: u64,
    /// Old mails that were sent or given up.
    pub mails: u64,
    /// Throttles that have all tries available.
    pub throttles: u64,
    /// Challenges of passkeys that were answered and would have expired.
    pub spent_ceremonies: u64,
}

impl Swept {
    /// Returns the number of all deleted rows.
    pub fn total(&self) -> u64 {
        let Self { sessions, tokens, address_proofs, notice_links, .. } = self;
        let Self { saved_submissions, email_changes, invitations, mails, throttles, .. } = self;
        let Self { pending_log_ins, remembered_browsers, spent_ceremonies, .. } = self;
        let secrets = sessions + tokens + address_proofs + notice_links;
        let log_ins = pending_log_ins + remembered_browsers + spent_ceremonies;
        let rest = saved_submissions + email_changes + invitations + mails + throttles;
        secrets + log_ins + rest
    }
}

impl Store {
    /// Deletes the rows that are no longer needed:
    ///
    /// - sessions that ended by `sessions_before` or were last used before `idle_since`;
    /// - tokens, address proofs, links in notices, saved submissions, pending log-ins, remembered
    ///   browsers, answered challenges and revertible address changes that expired by `now`;
    /// - mails that were sent or given up before `mails_before`;
    /// - invitations that expired [`INVITATION_MEMORY`] ago;
    /// - throttles that have all tries available at `now`.
    ///
    /// An error in one table does not stop the sweep of the others. Returns the first error.
    pub async fn sweep(
        &self,
        now: Timestamp,
        sessions_before: Timestamp,
        idle_since: Option<Timestamp>,
        mails_before: Timestamp,
    ) -> Result<Swept, StoreError> {
        let mut failed = None;
        let mut count = |removed: Result<u64, StoreError>| {
            removed.map_err(|error| failed.get_or_insert(error)).unwrap_or_default()
        };
        let mut sessions = count(self.sweep_past(&SESSIONS, sessions_before).await);
        if let Some(moment) = idle_since {
            sessions += count(self.sweep_idle(WINDOW, moment).await);
        }
        let tokens = count(self.sweep_past(&TOKENS, now).await);
        let address_proofs = count(self.sweep_past(&ADDRESS_PROOFS, now).await);
        let notice_links = count(self.sweep_past(&NOTICE_LINKS, now).await);
        let email_changes = count(self.sweep_past(&EMAIL_CHANGES, now).await);
        let invitations = count(self.sweep_past(&INVITATIONS, now - INVITATION_MEMORY).await);
        let saved_submissions = count(self.sweep_past(&SAVED_SUBMISSIONS, now).await);
        let pending_log_ins = count(self.sweep_past(&PENDING_LOG_INS, now).await);
        let remembered_browsers = count(self.sweep_past(&REMEMBERED_BROWSERS, now).await);
        let mails = count(self.sweep_past(&MAILS, mails_before).await);
        let throttles = count(self.sweep_past(&THROTTLES, now).await);
        let spent_ceremonies = count(self.sweep_past(&SPENT_CEREMONIES, now).await);
        let swept = Swept {
            sessions,
            tokens,
            address_proofs,
            notice_links,
            saved_submissions,
            pending_log_ins,
            remembered_browsers,
            email_changes,
            invitations,
            mails,
            throttles,
            spent_ceremonies,
        };
        failed.map_or(Ok(swept), Err)
    }

    /// Deletes these rows at `moment`, and returns how many.
    pub(crate) async fn sweep_past(
        &self,
        past: &Past,
        moment: Timestamp,
    ) -> Result<u64, StoreError> {
        let values = [moment.as_millis().into()];
        self.delete_in_batches(past.table, past.key, &past.keys(), values).await
    }

    /// Deletes the sessions that were last used before `moment`, by a scan of all sessions. An
    /// index on the last use would cost more, because every record of a use would update it.
    async fn sweep_idle(&self, window: u64, moment: Timestamp) -> Result<u64, StoreError> {
        let end = format!(
            "SELECT max(id_hash) FROM (SELECT id_hash FROM sessions WHERE id_hash > $1 \
             ORDER BY id_hash LIMIT {window}) w"
        );
        // PostgreSQL before version 18 has no `max` for `bytea`, so the hex text is compared.
        let end = match self.connection().get_database_backend() {
            DbBackend::Postgres => {
                end.replace("max(id_hash)", "decode(max(encode(id_hash, 'hex')), 'hex')")
            }
            _ => end,
        };
        let idle = "DELETE FROM sessions \
             WHERE id_hash > $1 AND id_hash <= $2 AND last_seen_at < $3";
        let (mut total, mut last) = (0, Vec::new());
        loop {
            let connection = self.connection();
            let backend = connection.get_database_backend();
            let statement = Statement::from_sql_and_values(backend, &end, [last.clone().into()]);
            let row = connection.query_one_raw(statement).await?;
            let next: Option<Vec<u8>> =
                row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
            let Some(next) = next else { return Ok(total) };
            let values = [last.into(), next.clone().into(), moment.as_millis().into()];
            let tx = self.begin().await?;
            let statement = Statement::from_sql_and_values(backend, idle, values);
            total += tx.connection().execute_raw(statement).await?.rows_affected();
            tx.commit().await?;
            last = next;
        }
    }

    /// Deletes the rows of `table` with a `key` that `keys` selects, each batch in a separate
    /// transaction. Returns how many.
    pub(crate) async fn delete_in_batches<const N: usize>(
        &self,
        table: &str,
        key: &str,
        keys: &str,
        values: [Value; N],
    ) -> Result<u64, StoreError> {
        let backend = self.connection().get_database_backend();
        let sql = delete_sql(backend, table, key, keys);
        let mut total = 0;
        loop {
            let tx = self.begin().await?;
            let statement = Statement::from_sql_and_values(backend, &sql, values.clone());
            let removed = tx.connection().execute_raw(statement).await?.rows_affected();
            tx.commit().await?;
            total += removed;
            if removed < BATCH {
                return Ok(total);
            }
        }
    }
}

/// Returns the statement that deletes the first rows of `keys`. PostgreSQL gets the keys as an
/// array and looks up each one. Given a subquery, its planner sometimes chooses a join with all
/// rows of the table.
fn delete_sql(backend: DbBackend, table: &str, key: &str, keys: &str) -> String {
    let first = format!("{keys} LIMIT {BATCH}");
    match backend {
        DbBackend::Postgres => format!("DELETE FROM {table} WHERE {key} = ANY(ARRAY({first}))"),
        _ => format!("DELETE FROM {table} WHERE {key} IN ({first})"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Role;
    use sea_orm::{ConnectionTrait, Statement};

    use super::*;
    use crate::{
        Freshness, Limit, confirmation, event_sweep,
        testing::{NOW, insert_user, new_session, stores},
    };

    /// RTL-08, RES-08: the rows of many keys do not stay.
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

    /// SES-08: this holds for a window of two sessions and for a window of all.
    #[tokio::test]
    async fn idle_sessions_go_and_used_ones_stay_however_many_there_are() {
        for window in [2, 100] {
            for test in stores().await {
                let store = &test.store;
                let user = insert_user(store, "mia@example.org", Role::USER).await;
                let tx = store.begin().await.unwrap();
                let later = NOW + Duration::from_secs(1);
                for n in 0..9 {
                    let moment = if n % 2 == 0 { NOW } else { later };
                    let new = new_session(user, &n.to_string());
                    tx.sessions().insert(&new, moment).await.unwrap();
                }
                tx.commit().await.unwrap();

                assert_eq!(store.sweep_idle(window, later).await.unwrap(), 5);

                for n in 0..9 {
                    let key = new_session(user, &n.to_string()).key;
                    let found = store.sessions().find_principal(&key, Freshness::Fresh).await;
                    assert_eq!(found.unwrap().is_some(), n % 2 == 1, "{n}");
                }
            }
        }
    }

    /// Fills each swept table of PostgreSQL with so many rows that the planner uses an index, one
    /// in a hundred of them expired at moment 0.
    #[expect(clippy::too_many_lines, reason = "a statement for each table")]
    async fn fill(store: &Store) {
        let (id, hash) = ("md5(n::text)::uuid", "sha256(n::text::bytea)");
        let from = "FROM (SELECT n, CASE WHEN n % 100 = 0 THEN -n ELSE n END m \
             FROM generate_series(1, 20000) n) x";
        for (table, columns, values) in [
            (
                "users",
                "id, email, name, search_text, password_hash, role, created_at, confirmed_at, \
              delete_after",
                format!(
                    "{id}, 'user' || n, '', '', '', 'user', m, \
              CASE WHEN m < 0 THEN NULL ELSE n END, CASE WHEN m < 0 THEN n END"
                ),
            ),
            (
                "sessions",
                "id_hash, user_id, remember, role_when_issued, created_at, last_seen_at, \
              expires_at, ip_address, user_agent, session_values",
                format!("{hash}, {id}, false, '', n, n, m, '', '', ''"),
            ),
            (
                "tokens",
                "token_hash, user_id, purpose, created_at, expires_at",
                format!("{hash}, {id}, 'x', n, m"),
            ),
            (
                "notice_links",
                "token_hash, user_id, created_at, expires_at",
                format!("{hash}, {id}, n, m"),
            ),
            (
                "email_changes",
                "undo_hash, user_id, old_email, new_email, created_at, expires_at",
                format!("{hash}, {id}, '', '', n, m"),
            ),
            (
                "held_forms",
                "token_hash, user_id, sealed, created_at, expires_at",
                format!("{hash}, {id}, {hash}, n, m"),
            ),
            (
                "address_proofs",
                "token_hash, browser_hash, purpose, email, code_mac, tries_left, \
              mail_id, created_at, expires_at",
                format!("{hash}, {hash}, 'x', '', {hash}, 1, {id}, n, m"),
            ),
            (
                "outbox",
                "id, recipient, subject, text_body, html_body, created_at, expires_at, \
              attempts, sent_at",
                format!("{id}, '', '', '', '', n, n, 1, m"),
            ),
            (
                "pending_log_ins",
                "id_hash, user_id, remember, tries_left, created_at, expires_at",
                format!("{hash}, {id}, false, 1, n, m"),
            ),
            (
                "remembered_browsers",
                "id_hash, user_id, ip_address, user_agent, created_at, last_used_at, expires_at",
                format!("{hash}, {id}, '', '', n, n, m"),
            ),
            (
                "invitations",
                "id, token_hash, email, role, language, mail_id, created_at, sent_at, expires_at",
                format!("{id}, {hash}, n::text, 'user', 'en', {id}, n, n, m"),
            ),
            ("throttles", "key_hash, free_at", format!("{hash}, m")),
            ("spent_ceremonies", "ceremony_hash, expires_at", format!("{hash}, m")),
            (
                "security_events",
                "id, user_id, event, actor, created_at, ip_address, user_agent, \
              request_id",
                format!("{id}, CASE WHEN m > 0 THEN {id} END, 'x', 'x', m, '', '', ''"),
            ),
        ] {
            let sql = format!("INSERT INTO {table} ({columns}) SELECT {values} {from}");
            store.connection().execute_unprepared(&sql).await.unwrap();
        }
        store.connection().execute_unprepared("ANALYZE").await.unwrap();
    }

    /// RES-08: no sweep reads a whole table.
    #[tokio::test]
    async fn every_sweep_finds_its_rows_by_an_index() {
        for test in stores().await {
            let store = &test.store;
            let backend = store.connection().get_database_backend();
            // The plans of SQLite do not depend on the number of rows.
            if backend == DbBackend::Postgres {
                fill(store).await;
            }
            let past = [
                SESSIONS,
                TOKENS,
                ADDRESS_PROOFS,
                NOTICE_LINKS,
                EMAIL_CHANGES,
                SAVED_SUBMISSIONS,
                INVITATIONS,
                PENDING_LOG_INS,
                REMEMBERED_BROWSERS,
                MAILS,
                THROTTLES,
                SPENT_CEREMONIES,
                event_sweep::ORPHANS,
            ];
            let deletes = past
                .map(|past| (past.table, delete_sql(backend, past.table, past.key, &past.keys())));
            let others = [
                ("users", confirmation::overdue_sql(backend)),
                (
                    "users",
                    "SELECT id FROM users WHERE delete_after <= $1 \
                  ORDER BY delete_after LIMIT 100"
                        .to_owned(),
                ),
                ("security_events", event_sweep::count_sql(500)),
            ];
            for (table, sql) in deletes.into_iter().chain(others) {
                let sql =
                    sql.replace("user_id > $1", "user_id > '00000000-0000-0000-0000-000000000000'");
                let sql = sql.replace("$1", "0").replace("$2", "0");
                let explain = match backend {
                    DbBackend::Postgres => format!("EXPLAIN {sql}"),
                    _ => format!("EXPLAIN QUERY PLAN {sql}"),
                };
                let column = if backend == DbBackend::Postgres { 0 } else { 3 };
                let statement = Statement::from_string(backend, &explain);
                let rows = store.connection().query_all_raw(statement).await.unwrap();
                let lines = rows.iter().map(|row| row.try_get_by_index::<String>(column).unwrap());
                let plan = lines.collect::<Vec<_>>().join("\n");
                let is_read_whole = plan.contains(&format!("Seq Scan on {table}"))
                    || plan.lines().any(|line| {
                        line.starts_with(&format!("SCAN {table}")) && !line.contains("INDEX")
                    });
                assert!(!is_read_whole, "{sql}\n{plan}");
            }
        }
    }
}
