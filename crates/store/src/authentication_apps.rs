//! The repository of authentication apps. The caller encrypts their secrets, and checks the codes.
//!
//! A code works once: its step is recorded by one conditional statement, which is exact for
//! simultaneous uses at any number of nodes.

use domain::{DisplayName, FactorId, Timestamp, UserId};
use sea_orm::{QueryResult, entity::prelude::Uuid};

use crate::{
    Store, StoreError,
    database::{Reads, WriteTx},
    factors::id_value,
    sql::{execute, query},
    users::uuid,
};

/// The repository of authentication apps, which reads through `C`.
#[derive(Debug)]
pub struct AuthenticationApps<'a, C>(pub(crate) &'a C);

/// The secret of an app, encrypted, and the id of the key that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSecret {
    /// The id of the key.
    pub key_id: [u8; 8],
    /// The secret, encrypted.
    pub sealed: Vec<u8>,
}

/// The values of a new authentication app.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// The id.
    pub id: FactorId,
    /// The user.
    pub user_id: UserId,
    /// The name that the user gave it.
    pub name: DisplayName,
    /// The secret.
    pub secret: SealedSecret,
    /// The step of the code that confirmed it, which is used up.
    pub last_step: i64,
}

/// An authentication app, with what checks its codes.
#[derive(Clone, Debug)]
pub struct AuthenticationApp {
    /// The id.
    pub id: FactorId,
    /// The secret.
    pub secret: SealedSecret,
}

impl Store {
    /// Returns the repository of authentication apps, for reading.
    pub fn authentication_apps(&self) -> AuthenticationApps<'_, Self> {
        AuthenticationApps(self)
    }
}

impl WriteTx {
    /// Returns the repository of authentication apps.
    pub fn authentication_apps(&self) -> AuthenticationApps<'_, Self> {
        AuthenticationApps(self)
    }
}

impl<C: Reads> AuthenticationApps<'_, C> {
    /// Returns the apps of the user, the oldest first.
    pub async fn list(&self, user_id: UserId) -> Result<Vec<AuthenticationApp>, StoreError> {
        let sql = "SELECT id, sealed, key_id FROM authentication_apps WHERE user_id = $1 \
                   ORDER BY created_at, id";
        query(self.0, sql, [uuid(user_id).into()]).await?.iter().map(app).collect()
    }

    /// Returns the number of apps of all users with a secret that this key does not open.
    pub async fn count_sealed_otherwise(&self, key_id: [u8; 8]) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM authentication_apps WHERE key_id <> $1";
        let rows = query(self.0, sql, [key_id.to_vec().into()]).await?;
        let count: Option<i64> = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    }
}

impl AuthenticationApps<'_, WriteTx> {
    /// Adds an app.
    pub async fn insert(&self, new: NewApp, now: Timestamp) -> Result<(), StoreError> {
        execute(
            self.0,
            "INSERT INTO authentication_apps \
             (id, user_id, name, sealed, key_id, last_step, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                id_value(new.id),
                uuid(new.user_id).into(),
                new.name.as_str().into(),
                new.secret.sealed.into(),
                new.secret.key_id.to_vec().into(),
                new.last_step.into(),
                now.as_millis().into(),
            ],
        )
        .await
        .map(drop)
    }

    /// Uses up the step and all before it. Returns `false` if it was used up already, or if the user
    /// has no such app. Of simultaneous uses one succeeds (RFC 6238, section 5.2).
    pub async fn use_step(
        &self,
        user_id: UserId,
        id: FactorId,
        step: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = execute(
            self.0,
            "UPDATE authentication_apps SET last_step = $3, last_used_at = $4 \
                 WHERE id = $1 AND user_id = $2 AND last_step < $3",
            [id_value(id), uuid(user_id).into(), step.into(), now.as_millis().into()],
        )
        .await?;
        Ok(done == 1)
    }

    /// Replaces the encrypted secret by the same one under another key.
    pub async fn set_secret(&self, id: FactorId, secret: SealedSecret) -> Result<(), StoreError> {
        execute(
            self.0,
            "UPDATE authentication_apps SET sealed = $2, key_id = $3 WHERE id = $1",
            [id_value(id), secret.sealed.into(), secret.key_id.to_vec().into()],
        )
        .await
        .map(drop)
    }
}

fn app(row: &QueryResult) -> Result<AuthenticationApp, StoreError> {
    let (id, key_id): (Uuid, Vec<u8>) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
    let key_id = key_id.try_into().map_err(|_| StoreError::corrupt("the id of a key"))?;
    let secret = SealedSecret { key_id, sealed: row.try_get_by_index(1)? };
    Ok(AuthenticationApp { id: FactorId::from_bytes(id.into_bytes()), secret })
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;
    use crate::testing::{NOW, insert_user, stores};

    /// MFA-01: of twenty uses of a step at once one succeeds, and none of an earlier step after it.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_step_is_used_once_by_twenty_at_once() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let eve = insert_user(store, "eve@example.org", Role::USER).await;
            let id = FactorId::generate();
            let secret = SealedSecret { key_id: [1; 8], sealed: vec![1] };
            let name = DisplayName::parse("Phone").unwrap();
            let new = NewApp { id, user_id: mia, name, secret, last_step: 7 };
            let tx = store.begin().await.unwrap();
            tx.authentication_apps().insert(new, NOW).await.unwrap();
            tx.commit().await.unwrap();

            for (user_id, step, expected) in [(eve, 9, 0), (mia, 9, 1), (mia, 8, 0), (mia, 10, 1)] {
                let uses = (0..20).map(|_| {
                    let store = store.clone();
                    tokio::spawn(async move {
                        let tx = store.begin().await.unwrap();
                        let apps = tx.authentication_apps();
                        let is_used = apps.use_step(user_id, id, step, NOW).await.unwrap();
                        tx.commit().await.unwrap();
                        is_used
                    })
                });
                let mut done = 0;
                for one in uses.collect::<Vec<_>>() {
                    done += usize::from(one.await.unwrap());
                }
                assert_eq!(done, expected, "step {step}");
            }
        }
    }
}
