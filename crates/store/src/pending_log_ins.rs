//! The repository of pending log-ins: right passwords that wait for a second factor.
//!
//! A row opens nothing by itself. A user has one at most, so that a new log-in replaces the one
//! before. Tries and the use of a row are single statements, which count simultaneous requests
//! exactly. The cookie is stored as SHA-256.

use domain::{Timestamp, UserId};
use sea_orm::{QueryResult, entity::prelude::Uuid};

use crate::{
    Store, StoreError,
    database::{Reads, WriteTx},
    sql::{execute, query},
    users::uuid,
};

/// The repository of pending log-ins, which reads through `C`.
#[derive(Debug)]
pub struct PendingLogIns<'a, C>(pub(crate) &'a C);

/// The values of a new pending log-in.
#[derive(Clone, Debug)]
pub struct NewPendingLogIn {
    /// The SHA-256 of the id in the cookie.
    pub id_hash: [u8; 32],
    /// The user who gave the right password.
    pub user_id: UserId,
    /// Whether the session is to outlive the browser window (remember me).
    pub remember: bool,
    /// The page that the visitor wanted.
    pub next_path: Option<String>,
    /// The number of codes that may be tried.
    pub tries_left: u32,
    /// The time from which it is void.
    pub expires_at: Timestamp,
}

/// A pending log-in.
#[derive(Clone, Debug)]
pub struct PendingLogIn {
    /// The user who gave the right password.
    pub user_id: UserId,
    /// Whether the session is to outlive the browser window.
    pub remember: bool,
    /// The page that the visitor wanted.
    pub next_path: Option<String>,
    /// The number of codes that may still be tried.
    pub tries_left: u32,
    /// The time from which it is void.
    pub expires_at: Timestamp,
}

const COLUMNS: &str = "user_id, remember, next_path, tries_left, expires_at";

impl Store {
    /// Returns the repository of pending log-ins, for reading.
    pub fn pending_log_ins(&self) -> PendingLogIns<'_, Self> {
        PendingLogIns(self)
    }
}

impl WriteTx {
    /// Returns the repository of pending log-ins.
    pub fn pending_log_ins(&self) -> PendingLogIns<'_, Self> {
        PendingLogIns(self)
    }
}

impl<C: Reads> PendingLogIns<'_, C> {
    /// Returns the pending log-in, also one that has expired or has no tries left. Changes nothing.
    pub async fn find_even_expired(
        &self,
        id_hash: &[u8; 32],
    ) -> Result<Option<PendingLogIn>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM pending_log_ins WHERE id_hash = $1");
        pending(&query(self.0, &sql, [id_hash.to_vec().into()]).await?)
    }
}

impl PendingLogIns<'_, WriteTx> {
    /// Adds a pending log-in in place of the one that the user has.
    pub async fn insert(&self, new: NewPendingLogIn, now: Timestamp) -> Result<(), StoreError> {
        execute(
            self.0,
            "INSERT INTO pending_log_ins \
             (id_hash, user_id, remember, next_path, tries_left, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (user_id) DO UPDATE SET id_hash = excluded.id_hash, \
             remember = excluded.remember, next_path = excluded.next_path, \
             tries_left = excluded.tries_left, created_at = excluded.created_at, \
             expires_at = excluded.expires_at",
            [
                new.id_hash.to_vec().into(),
                uuid(new.user_id).into(),
                new.remember.into(),
                new.next_path.into(),
                i32::try_from(new.tries_left).unwrap_or(i32::MAX).into(),
                now.as_millis().into(),
                new.expires_at.as_millis().into(),
            ],
        )
        .await
        .map(drop)
    }

    /// Counts a try. Returns `None` if the log-in is unknown, expired or has no tries left.
    pub async fn take_try(
        &self,
        id_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<PendingLogIn>, StoreError> {
        let sql = format!(
            "UPDATE pending_log_ins SET tries_left = tries_left - 1 \
             WHERE id_hash = $1 AND expires_at > $2 AND tries_left > 0 RETURNING {COLUMNS}"
        );
        pending(&query(self.0, &sql, [id_hash.to_vec().into(), now.as_millis().into()]).await?)
    }

    /// Spends the pending log-in. Returns `None` if it is unknown, spent or expired. Of simultaneous
    /// attempts one succeeds.
    pub async fn spend(
        &self,
        id_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<PendingLogIn>, StoreError> {
        let sql = format!(
            "DELETE FROM pending_log_ins WHERE id_hash = $1 AND expires_at > $2 RETURNING {COLUMNS}"
        );
        pending(&query(self.0, &sql, [id_hash.to_vec().into(), now.as_millis().into()]).await?)
    }

    /// Deletes the pending log-in of the user.
    pub async fn delete_of_user(&self, user_id: UserId) -> Result<(), StoreError> {
        let sql = "DELETE FROM pending_log_ins WHERE user_id = $1";
        execute(self.0, sql, [uuid(user_id).into()]).await.map(drop)
    }
}

/// Reads the only row, if there is one.
fn pending(rows: &[QueryResult]) -> Result<Option<PendingLogIn>, StoreError> {
    let Some(row) = rows.first() else { return Ok(None) };
    let id: Uuid = row.try_get_by_index(0)?;
    let tries_left: i32 = row.try_get_by_index(3)?;
    Ok(Some(PendingLogIn {
        user_id: UserId::from_bytes(id.into_bytes()),
        remember: row.try_get_by_index(1)?,
        next_path: row.try_get_by_index(2)?,
        tries_left: u32::try_from(tries_left).unwrap_or(0),
        expires_at: row.try_get_by_index(4).map(Timestamp::from_millis)?,
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Role;

    use super::*;
    use crate::testing::{NOW, insert_user, stores};

    const MINUTE: Duration = Duration::from_mins(1);

    async fn insert(store: &Store, user_id: UserId, id: u8) {
        let new = NewPendingLogIn {
            id_hash: [id; 32],
            user_id,
            remember: true,
            next_path: Some("/notes".to_owned()),
            tries_left: 3,
            expires_at: NOW + MINUTE,
        };
        let tx = store.begin().await.unwrap();
        tx.pending_log_ins().insert(new, NOW).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_new_log_in_replaces_the_one_before_and_nobody_elses() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let eve = insert_user(store, "eve@example.org", Role::USER).await;
            for (user, id) in [(mia, 1), (eve, 2), (mia, 3)] {
                insert(store, user, id).await;
            }

            let find = async |id| store.pending_log_ins().find_even_expired(&[id; 32]).await;
            assert!(find(1).await.unwrap().is_none());
            assert_eq!(find(2).await.unwrap().map(|it| it.user_id), Some(eve));
            let found = find(3).await.unwrap().unwrap();
            assert_eq!((found.user_id, found.tries_left, found.remember), (mia, 3, true));
            assert_eq!(found.next_path.as_deref(), Some("/notes"));
        }
    }

    /// MFA-02, MFA-03: tries at once are counted exactly, and one of many spends it.
    #[tokio::test]
    async fn tries_are_counted_exactly_and_a_log_in_is_spent_once() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            insert(store, mia, 1).await;
            let run = async |spends: bool, now: Timestamp| {
                let tries = (0..12).map(|_| {
                    let store = store.clone();
                    tokio::spawn(async move {
                        let tx = store.begin().await.unwrap();
                        let pending = tx.pending_log_ins();
                        let found = if spends {
                            pending.spend(&[1; 32], now).await.unwrap()
                        } else {
                            pending.take_try(&[1; 32], now).await.unwrap()
                        };
                        tx.commit().await.unwrap();
                        found.is_some()
                    })
                });
                let mut done = 0;
                for one in tries.collect::<Vec<_>>() {
                    done += usize::from(one.await.unwrap());
                }
                done
            };

            assert_eq!(run(false, NOW + MINUTE).await, 0, "it is over");
            assert_eq!(run(false, NOW).await, 3);
            assert_eq!(run(true, NOW + MINUTE).await, 0, "it is over");
            assert_eq!(run(true, NOW).await, 1);
        }
    }
}
