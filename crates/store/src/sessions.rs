//! The repository of sessions.
//!
//! A session is inserted once and then only updated, never upserted, so that a late request cannot
//! revive a session that has ended. An ended session has no row. A read writes nothing.

use std::sync::Arc;

use domain::{Assurance, LogInKeys, Principal, Role, SessionKey, Timestamp, UserId};
use sea_orm::{QueryResult, Value, entity::prelude::Uuid};

use crate::{
    Store, StoreError,
    cache_change::Change,
    database::WriteTx,
    sql::{execute, query},
    users::{self, uuid},
};

/// Selects the session and its user. It has no `LIMIT` with a bound value, because SQLite would
/// prepare such a statement each time.
const FIND_PRINCIPAL: &str = "SELECT u.id, u.email, u.name, u.role, s.remember, s.created_at, \
     s.last_seen_at, s.expires_at, s.session_values, s.role_when_issued, u.confirmed_at, \
     s.authenticated_at, u.delete_after, u.created_at, s.assurance, s.factor_at, \
     u.second_factor_since, u.factor_reset_at, u.recovery_codes_left, u.password_hash <> '!', \
     EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id) \
     FROM sessions s JOIN users u ON u.id = s.user_id \
     WHERE s.id_hash = $1 AND u.disabled_at IS NULL";

/// The repository of sessions, which reads through `C`.
#[derive(Debug)]
pub struct Sessions<'a, C>(pub(crate) &'a C);

/// How old a principal may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// As old as the lifetime of the cache allows. For safe requests to pages of the user's own
    /// account.
    Cached,
    /// Read from the database now. For requests that change data or need a role.
    Fresh,
}

/// The values of a new session.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The SHA-256 of the session id.
    pub key: SessionKey,
    /// The user.
    pub user_id: UserId,
    /// The present role of the user. A session gets a new id when the role differs from the one
    /// at the time of its id.
    pub role: Role,
    /// How the user was proven.
    pub assurance: Assurance,
    /// The time at which a second factor was given, if one was.
    pub factor_at: Option<Timestamp>,
    /// Whether the session outlives the browser window (remember me).
    pub remember: bool,
    /// The time at which the session ends, even if it is in use.
    pub expires_at: Timestamp,
    /// The IP address of the log-in.
    pub ip_address: String,
    /// The `User-Agent` header of the log-in, cut to 300 characters.
    pub user_agent: String,
    /// The values that the session keeps between requests, as a JSON object.
    pub session_values: String,
}

/// The sessions of a user that are to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnding {
    /// All sessions.
    All,
    /// All sessions except this one.
    AllBut(SessionKey),
    /// The oldest sessions, so that this many remain.
    Beyond(u32),
}

impl Sessions<'_, Store> {
    /// Returns the session with its user, unless the account is disabled. The caller checks
    /// whether the session has expired.
    pub async fn find_principal(
        &self,
        key: &SessionKey,
        freshness: Freshness,
    ) -> Result<Option<Arc<Principal>>, StoreError> {
        let cache = self.0.principals();
        if freshness == Freshness::Cached
            && let Some(principal) = cache.find(key)
        {
            return Ok(Some(principal));
        }
        let mark = cache.mark();
        let rows = query(self.0, FIND_PRINCIPAL, [key_value(key)]).await?;
        let Some(row) = rows.first() else {
            cache.forget(&[Change::Session(*key)]);
            return Ok(None);
        };
        let principal = Arc::new(principal(row, *key)?);
        cache.remember(&principal, mark);
        Ok(Some(principal))
    }
}

impl Sessions<'_, WriteTx> {
    /// Adds a session, and records it as the last use of the account. Fails with
    /// [`Constraint::DuplicateKey`](crate::Constraint::DuplicateKey) if the key exists.
    pub async fn insert(&self, new: &NewSession, now: Timestamp) -> Result<(), StoreError> {
        execute(
            self.0,
            "INSERT INTO sessions (id_hash, user_id, remember, created_at, last_seen_at, \
             expires_at, ip_address, user_agent, session_values, role_when_issued, \
             authenticated_at, assurance, factor_at) \
             VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $4, $10, $11)",
            [
                key_value(&new.key),
                uuid(new.user_id).into(),
                new.remember.into(),
                now.as_millis().into(),
                new.expires_at.as_millis().into(),
                new.ip_address.clone().into(),
                new.user_agent.clone().into(),
                new.session_values.clone().into(),
                new.role.as_str().into(),
                new.assurance.as_str().into(),
                new.factor_at.map(Timestamp::as_millis).into(),
            ],
        )
        .await?;
        self.set_user_last_seen(new.user_id, now).await
    }

    /// Replaces the values of the session, if they are still `old`. Returns `false` if the session
    /// has ended or another request changed them first.
    pub async fn set_values(
        &self,
        key: &SessionKey,
        old: &str,
        new: &str,
    ) -> Result<bool, StoreError> {
        let done = execute(
            self.0,
            "UPDATE sessions SET session_values = $3 \
                 WHERE id_hash = $1 AND session_values = $2",
            [key_value(key), old.into(), new.into()],
        )
        .await?;
        self.0.note(Change::Session(*key));
        Ok(done == 1)
    }

    /// Records the last use of these sessions. The rows are locked in the order of the keys, so
    /// that no deadlock occurs. Other nodes get no invalidation, because an old time of last use
    /// in their caches has no effect beyond the lifetime of the entry. Records the last use of
    /// their accounts, too, once an hour.
    pub async fn set_last_seen(&self, seen: &[(SessionKey, Timestamp)]) -> Result<(), StoreError> {
        self.set_last_seen_of_users(seen).await?;
        let mut seen = seen.to_vec();
        seen.sort_unstable_by_key(|(key, _)| *key.as_bytes());
        for (key, last_seen_at) in seen {
            execute(
                self.0,
                "UPDATE sessions SET last_seen_at = $2 WHERE id_hash = $1 AND last_seen_at < $2",
                [key_value(&key), last_seen_at.as_millis().into()],
            )
            .await?;
            self.0.note_here(Change::Session(key));
        }
        Ok(())
    }

    /// Replaces the key `old` of the session by `new`, and records the role at that time. `old` is
    /// invalid from then on. Returns `false` if another request was first or the session has
    /// ended.
    pub async fn renew(
        &self,
        old: &SessionKey,
        new: &SessionKey,
        role: Role,
    ) -> Result<bool, StoreError> {
        let done = execute(
            self.0,
            "UPDATE sessions SET id_hash = $2, role_when_issued = $3 WHERE id_hash = $1",
            [key_value(old), key_value(new), role.as_str().into()],
        )
        .await?;
        self.0.note(Change::Session(*old));
        Ok(done == 1)
    }

    /// Ends the session. Returns `false` if it had ended already.
    pub async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        let done =
            execute(self.0, "DELETE FROM sessions WHERE id_hash = $1", [key_value(key)]).await?;
        self.0.note(Change::Session(*key));
        Ok(done == 1)
    }

    /// Ends sessions of the user, and returns how many.
    pub async fn delete_of_user(
        &self,
        user_id: UserId,
        which: SessionEnding,
    ) -> Result<u64, StoreError> {
        let done = match which {
            SessionEnding::All => {
                execute(self.0, "DELETE FROM sessions WHERE user_id = $1", [uuid(user_id).into()])
                    .await?
            }
            SessionEnding::AllBut(key) => {
                execute(
                    self.0,
                    "DELETE FROM sessions WHERE user_id = $1 AND id_hash <> $2",
                    [uuid(user_id).into(), key_value(&key)],
                )
                .await?
            }
            SessionEnding::Beyond(count) => {
                execute(
                    self.0,
                    "DELETE FROM sessions WHERE id_hash IN (SELECT id_hash FROM sessions \
                     WHERE user_id = $1 ORDER BY created_at DESC, id_hash LIMIT 1000 OFFSET $2)",
                    [uuid(user_id).into(), i64::from(count).into()],
                )
                .await?
            }
        };
        if done > 0 {
            self.0.note(Change::User(user_id));
        }
        Ok(done)
    }
}

pub(crate) fn key_value(key: &SessionKey) -> Value {
    key.as_bytes().to_vec().into()
}

fn principal(row: &QueryResult, session_key: SessionKey) -> Result<Principal, StoreError> {
    let time = |index| row.try_get_by_index(index).map(Timestamp::from_millis);
    let optional_time =
        |index| row.try_get_by_index::<Option<i64>>(index).map(|it| it.map(Timestamp::from_millis));
    let text = |index| row.try_get_by_index::<String>(index);
    let id: Uuid = row.try_get_by_index(0)?;
    Ok(Principal {
        user_id: UserId::from_bytes(id.into_bytes()),
        email: users::email(&text(1)?)?,
        name: users::name(&text(2)?)?,
        is_confirmed: row.try_get_by_index::<Option<i64>>(10)?.is_some(),
        joined_at: time(13)?,
        role: Role::from_database(&text(3)?),
        delete_after: optional_time(12)?,
        session_key,
        remember: row.try_get_by_index(4)?,
        logged_in_at: time(5)?,
        last_seen_at: time(6)?,
        expires_at: time(7)?,
        session_values: text(8)?,
        role_when_issued: Role::from_database(&text(9)?),
        authenticated_at: time(11)?,
        assurance: text(14)?.parse().map_err(|_| StoreError::corrupt("an assurance"))?,
        factor_at: optional_time(15)?,
        second_factor_since: optional_time(16)?,
        factor_reset_at: optional_time(17)?,
        recovery_codes_left: row
            .try_get_by_index::<Option<i32>>(18)?
            .map(|left| u32::try_from(left).unwrap_or(0)),
        keys: LogInKeys {
            has_password: row.try_get_by_index(19)?,
            has_passkey: row.try_get_by_index(20)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::testing::{NOW, insert_user, new_session, stores};

    async fn with_session(store: &Store, id: &str) -> (UserId, SessionKey) {
        let user = insert_user(store, "mia@example.org", Role::USER).await;
        let new = new_session(user, id);
        let tx = store.begin().await.unwrap();
        tx.sessions().insert(&new, NOW).await.unwrap();
        tx.commit().await.unwrap();
        (user, new.key)
    }

    /// SES-07, RAC-03.
    #[tokio::test]
    async fn a_late_write_does_not_revive_an_ended_session() {
        for test in stores().await {
            let (_, key) = with_session(&test.store, "one").await;
            let tx = test.store.begin().await.unwrap();
            assert!(tx.sessions().delete(&key).await.unwrap());
            tx.commit().await.unwrap();

            let tx = test.store.begin().await.unwrap();
            assert!(!tx.sessions().set_values(&key, "{}", "{\"a\":1}").await.unwrap());
            tx.sessions().set_last_seen(&[(key, NOW)]).await.unwrap();
            tx.commit().await.unwrap();

            let found = test.store.sessions().find_principal(&key, Freshness::Fresh).await.unwrap();
            assert!(found.is_none());
        }
    }

    /// SES-08: two nodes that record the same sessions in different orders do not deadlock.
    #[tokio::test(flavor = "multi_thread")]
    async fn sessions_are_noted_by_two_nodes_at_once() {
        for test in stores().await {
            let user = insert_user(&test.store, "mia@example.org", Role::USER).await;
            let tx = test.store.begin().await.unwrap();
            let mut keys = Vec::new();
            for n in 0..200 {
                let new = new_session(user, &n.to_string());
                tx.sessions().insert(&new, NOW).await.unwrap();
                keys.push(new.key);
            }
            tx.commit().await.unwrap();
            let backwards: Vec<_> = keys.iter().rev().copied().collect();

            for round in 1..=3 {
                let moment = NOW + std::time::Duration::from_mins(round);
                let nodes = [keys.clone(), backwards.clone()].map(|keys| {
                    let store = test.store.clone();
                    let seen: Vec<_> = keys.into_iter().map(|key| (key, moment)).collect();
                    tokio::spawn(async move {
                        let tx = store.begin().await?;
                        tx.sessions().set_last_seen(&seen).await?;
                        tx.commit().await
                    })
                });
                for node in nodes {
                    node.await.unwrap().unwrap();
                }
                let seen = test.store.sessions().find_principal(&keys[7], Freshness::Fresh).await;
                assert_eq!(seen.unwrap().unwrap().last_seen_at, moment);
            }
        }
    }

    /// ADM-02.
    #[tokio::test]
    async fn what_changes_the_user_or_ends_the_session_is_seen_at_once() {
        for test in stores().await {
            let (user, key) = with_session(&test.store, "one").await;
            let find = || async {
                test.store.sessions().find_principal(&key, Freshness::Cached).await.unwrap()
            };
            assert_eq!(find().await.unwrap().role, Role::USER);

            let tx = test.store.begin().await.unwrap();
            tx.users().promote(user).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(find().await.unwrap().role, Role::ADMIN);

            let tx = test.store.begin().await.unwrap();
            tx.sessions().delete_of_user(user, SessionEnding::All).await.unwrap();
            tx.commit().await.unwrap();
            assert!(find().await.is_none());
        }
    }

    #[tokio::test]
    async fn what_another_process_ended_is_forgotten_by_the_next_fresh_look() {
        let test = crate::testing::sqlite().await;
        let (_, key) = with_session(&test.store, "one").await;
        let sessions = test.store.sessions();
        sessions.find_principal(&key, Freshness::Cached).await.unwrap();
        // Past the repository, which would tell the cache.
        test.store.connection.execute_unprepared("DELETE FROM sessions").await.unwrap();

        assert!(sessions.find_principal(&key, Freshness::Fresh).await.unwrap().is_none());
        assert!(sessions.find_principal(&key, Freshness::Cached).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_principal_costs_one_statement_cold_and_none_warm() {
        let test = crate::testing::sqlite().await;
        let (_, key) = with_session(&test.store, "one").await;

        let before = test.store.statement_count();
        test.store.sessions().find_principal(&key, Freshness::Cached).await.unwrap();
        assert_eq!(test.store.statement_count() - before, 1);
        test.store.sessions().find_principal(&key, Freshness::Cached).await.unwrap();
        assert_eq!(test.store.statement_count() - before, 1);
    }

    /// SES-02: of two simultaneous renewals of a session, one succeeds.
    #[tokio::test]
    async fn a_session_is_renewed_from_an_id_once() {
        for test in stores().await {
            let (_, key) = with_session(&test.store, "one").await;
            let renew = async |id| {
                let tx = test.store.begin().await.unwrap();
                let new = SessionKey::of(id);
                let renewed = tx.sessions().renew(&key, &new, Role::USER).await.unwrap();
                tx.commit().await.unwrap();
                renewed
            };

            let (two, three) = tokio::join!(renew("two"), renew("three"));

            assert!(two != three, "{two} {three}");
            let find = test.store.sessions().find_principal(&key, Freshness::Cached).await;
            assert!(find.unwrap().is_none());
        }
    }

    /// SES-12.
    #[tokio::test]
    async fn ending_all_others_leaves_one_of_ones_own_and_those_of_others() {
        for test in stores().await {
            let (mia, key) = with_session(&test.store, "one").await;
            let leo = insert_user(&test.store, "leo@example.org", Role::USER).await;
            let tx = test.store.begin().await.unwrap();
            for (user, id) in [(mia, "two"), (mia, "three"), (leo, "four")] {
                tx.sessions().insert(&new_session(user, id), NOW).await.unwrap();
            }

            let others = SessionEnding::AllBut(key);
            assert_eq!(tx.sessions().delete_of_user(mia, others).await.unwrap(), 2);
            tx.commit().await.unwrap();

            let left = test.store.sessions().list(mia).await.unwrap();
            assert_eq!(left.iter().map(|session| session.key).collect::<Vec<_>>(), [key]);
            assert_eq!(test.store.sessions().list(leo).await.unwrap().len(), 1);
        }
    }

    #[tokio::test]
    async fn the_oldest_sessions_beyond_a_number_end() {
        for test in stores().await {
            let (user, oldest) = with_session(&test.store, "oldest").await;
            let tx = test.store.begin().await.unwrap();
            for n in 1..4 {
                let new = new_session(user, &n.to_string());
                let later = NOW + std::time::Duration::from_secs(n);
                tx.sessions().insert(&new, later).await.unwrap();
            }
            let ended = tx.sessions().delete_of_user(user, SessionEnding::Beyond(3)).await.unwrap();
            tx.commit().await.unwrap();

            assert_eq!(ended, 1);
            let found = test.store.sessions().find_principal(&oldest, Freshness::Fresh).await;
            assert!(found.unwrap().is_none());
        }
    }
}
