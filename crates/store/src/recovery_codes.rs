//! The repository of recovery codes, by their hashes. A user has one set of them. A used code stays
//! in the set, so that its owner sees when it was used.

use domain::{Timestamp, UserId};
use sea_orm::QueryResult;

use crate::{
    Store, StoreError,
    cache_change::Change,
    database::{Reads, WriteTx},
    sql::{execute, query},
    users::uuid,
};

/// The repository of recovery codes, which reads through `C`.
#[derive(Debug)]
pub struct RecoveryCodes<'a, C>(pub(crate) &'a C);

/// A recovery code of a user, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCodeState {
    /// The two characters that it begins with.
    pub place: String,
    /// The time at which the set was made.
    pub created_at: Timestamp,
    /// The time at which it was used, if it was.
    pub used_at: Option<Timestamp>,
}

impl Store {
    /// Returns the repository of recovery codes, for reading.
    pub fn recovery_codes(&self) -> RecoveryCodes<'_, Self> {
        RecoveryCodes(self)
    }
}

impl WriteTx {
    /// Returns the repository of recovery codes.
    pub fn recovery_codes(&self) -> RecoveryCodes<'_, Self> {
        RecoveryCodes(self)
    }
}

impl<C: Reads> RecoveryCodes<'_, C> {
    /// Returns the codes of the user, used ones included.
    pub async fn list(&self, user_id: UserId) -> Result<Vec<RecoveryCodeState>, StoreError> {
        let sql = "SELECT place, created_at, used_at FROM recovery_codes WHERE user_id = $1 \
                   ORDER BY place";
        let state = |row: &QueryResult| {
            Ok(RecoveryCodeState {
                place: row.try_get_by_index(0)?,
                created_at: row.try_get_by_index(1).map(Timestamp::from_millis)?,
                used_at: row.try_get_by_index::<Option<i64>>(2)?.map(Timestamp::from_millis),
            })
        };
        query(self.0, sql, [uuid(user_id).into()]).await?.iter().map(state).collect()
    }

    /// Returns the hash of the code of the user that begins with `place`, unless it was used.
    pub async fn find_hash(
        &self,
        user_id: UserId,
        place: &str,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT code_hash FROM recovery_codes \
                   WHERE user_id = $1 AND place = $2 AND used_at IS NULL";
        let rows = query(self.0, sql, [uuid(user_id).into(), place.into()]).await?;
        Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?)
    }
}

impl RecoveryCodes<'_, WriteTx> {
    /// Replaces the codes of the user by these: pairs of place and hash.
    pub async fn replace(
        &self,
        user_id: UserId,
        codes: &[(String, String)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.delete_of_user(user_id).await?;
        for (place, hash) in codes {
            execute(
                self.0,
                "INSERT INTO recovery_codes (user_id, place, code_hash, created_at) \
                 VALUES ($1, $2, $3, $4)",
                [
                    uuid(user_id).into(),
                    place.as_str().into(),
                    hash.as_str().into(),
                    now.as_millis().into(),
                ],
            )
            .await?;
        }
        self.count_left(user_id).await
    }

    /// Uses the code up. Returns `false` if it was used already or replaced: its hash is no longer
    /// this one. Of simultaneous uses one succeeds.
    pub async fn spend(
        &self,
        user_id: UserId,
        place: &str,
        hash: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = execute(
            self.0,
            "UPDATE recovery_codes SET used_at = $4 WHERE user_id = $1 AND place = $2 \
                 AND code_hash = $3 AND used_at IS NULL",
            [uuid(user_id).into(), place.into(), hash.into(), now.as_millis().into()],
        )
        .await?;
        self.count_left(user_id).await?;
        Ok(done == 1)
    }

    /// Deletes the codes of the user.
    pub async fn delete_of_user(&self, user_id: UserId) -> Result<(), StoreError> {
        let sql = "DELETE FROM recovery_codes WHERE user_id = $1";
        execute(self.0, sql, [uuid(user_id).into()]).await?;
        self.count_left(user_id).await
    }

    /// Records the number of codes that are left with the user, where every page reads it.
    async fn count_left(&self, user_id: UserId) -> Result<(), StoreError> {
        let sql = "UPDATE users SET recovery_codes_left = (SELECT CASE WHEN COUNT(*) = 0 \
                   THEN NULL ELSE SUM(CASE WHEN used_at IS NULL THEN 1 ELSE 0 END) END \
                   FROM recovery_codes WHERE user_id = $1) WHERE id = $1";
        execute(self.0, sql, [uuid(user_id).into()]).await?;
        self.0.note(Change::User(user_id));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use crate::testing::{NOW, insert_user, stores};

    /// MFA-01: of twenty uses of a code at once one succeeds, and none once it is replaced.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_code_is_spent_once_by_twenty_at_once() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let codes = |hash: &str| ["AA", "BB"].map(|place| (place.to_owned(), hash.to_owned()));
            for (replaced_by, hash, expected) in [("old", "old", 1), ("new", "old", 0)] {
                let tx = store.begin().await.unwrap();
                tx.recovery_codes().replace(mia, &codes(replaced_by), NOW).await.unwrap();
                tx.commit().await.unwrap();
                let uses = (0..20).map(|_| {
                    let store = store.clone();
                    tokio::spawn(async move {
                        let tx = store.begin().await.unwrap();
                        let spent = tx.recovery_codes().spend(mia, "AA", hash, NOW).await.unwrap();
                        tx.commit().await.unwrap();
                        spent
                    })
                });
                let mut spent = 0;
                for one in uses.collect::<Vec<_>>() {
                    spent += usize::from(one.await.unwrap());
                }
                assert_eq!(spent, expected, "{hash} after {replaced_by}");
                let left = store.recovery_codes().list(mia).await.unwrap();
                let left = left.iter().filter(|code| code.used_at.is_none()).count();
                assert_eq!(left, 2 - expected, "{hash} after {replaced_by}");
            }
        }
    }
}
