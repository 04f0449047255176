//! The repository of passkeys and of the challenges that were answered.
//!
//! A credential id belongs to one account (PSK-02), which the schema checks. Counters and backup
//! flags are written by [`Passkeys::set_used`] alone, after its caller has checked the signature
//! (PSK-03). A challenge is spent by a row, so that of simultaneous answers one counts (MFA-07).

use domain::{Aaguid, DisplayName, FactorId, LogInKeys, Passkey, Timestamp, UserId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    entity::prelude::Uuid,
    sea_query::{Expr, OnConflict},
};

use crate::{
    StoreError,
    cache_change::Change,
    database::{Reads, WriteTx},
    entities::passkey::{ActiveModel, Column, Entity, Model},
    sql::{execute, query},
    users::{name, uuid},
};

/// The repository of passkeys, which reads through `C`.
#[derive(Debug)]
pub struct Passkeys<'a, C>(pub(crate) &'a C);

/// A passkey with what checks its signatures.
#[derive(Clone, Debug)]
pub struct StoredPasskey {
    /// What pages show.
    pub passkey: Passkey,
    /// The owner.
    pub user_id: UserId,
    /// The id that the authenticator gave it.
    pub credential_id: Vec<u8>,
    /// The public key and the last state of the authenticator, as text.
    pub credential: String,
    /// The ways to reach the authenticator, separated by commas.
    pub transports: String,
}

/// The state of an authenticator that a checked signature vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticatorState {
    /// The number of signatures; 0 if the authenticator does not count.
    pub counter: u32,
    /// Whether the private key may leave the authenticator.
    pub is_backup_eligible: bool,
    /// Whether a copy of the private key exists elsewhere.
    pub is_backed_up: bool,
}

/// The values of a new passkey.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    /// The id on pages.
    pub id: FactorId,
    /// The owner.
    pub user_id: UserId,
    /// The id that the authenticator gave it.
    pub credential_id: Vec<u8>,
    /// The public key and the state of the authenticator, as text.
    pub credential: String,
    /// The name.
    pub name: DisplayName,
    /// The model of the authenticator.
    pub aaguid: Aaguid,
    /// The state of the authenticator.
    pub state: AuthenticatorState,
    /// Whether the authenticator finds it without a list, if the browser told.
    pub is_discoverable: Option<bool>,
    /// The ways to reach the authenticator, separated by commas.
    pub transports: String,
}

impl<C: Reads> Passkeys<'_, C> {
    /// Returns the passkeys of the user, the oldest first.
    pub async fn list(&self, user_id: UserId) -> Result<Vec<StoredPasskey>, StoreError> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(uuid(user_id)))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .all(self.0.connection())
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// Returns the passkey with this credential id, of any account.
    pub async fn find_by_credential_id(
        &self,
        credential_id: &[u8],
    ) -> Result<Option<StoredPasskey>, StoreError> {
        let found = Entity::find()
            .filter(Column::CredentialId.eq(credential_id.to_vec()))
            .all(self.0.connection())
            .await?
            .pop();
        found.map(stored).transpose()
    }

    /// Returns what the user can log in with.
    pub async fn find_log_in_keys(&self, user_id: UserId) -> Result<LogInKeys, StoreError> {
        let sql = "SELECT u.password_hash <> '!', \
                   EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id) \
                   FROM users u WHERE u.id = $1";
        let rows = query(self.0, sql, [uuid(user_id).into()]).await?;
        let row = rows.first().ok_or_else(|| StoreError::corrupt("an account that is gone"))?;
        Ok(LogInKeys {
            has_password: row.try_get_by_index(0)?,
            has_passkey: row.try_get_by_index(1)?,
        })
    }
}

impl Passkeys<'_, WriteTx> {
    /// Adds a passkey. Returns `false` if an account has the credential id already.
    pub async fn insert(&self, new: NewPasskey, now: Timestamp) -> Result<bool, StoreError> {
        let user_id = new.user_id;
        let row = ActiveModel {
            id: Set(Uuid::from_bytes(*new.id.as_bytes())),
            user_id: Set(uuid(new.user_id)),
            credential_id: Set(new.credential_id),
            credential: Set(new.credential),
            name: Set(new.name.as_str().to_owned()),
            aaguid: Set(Uuid::from_bytes(*new.aaguid.as_bytes())),
            counter: Set(i64::from(new.state.counter)),
            is_backup_eligible: Set(new.state.is_backup_eligible),
            is_backed_up: Set(new.state.is_backed_up),
            is_discoverable: Set(new.is_discoverable),
            transports: Set(new.transports),
            created_at: Set(now.as_millis()),
            last_used_at: Set(None),
        };
        // A violated constraint would end the transaction on PostgreSQL.
        let known = OnConflict::column(Column::CredentialId).do_nothing().to_owned();
        let inserted = Entity::insert(row)
            .on_conflict(known)
            .exec_without_returning(self.0.connection())
            .await?;
        self.0.note(Change::User(user_id));
        Ok(inserted == 1)
    }

    /// Records a use after its signature was checked. `credential` holds the new state as well. The
    /// caller has locked the user.
    pub async fn set_used(
        &self,
        id: FactorId,
        credential: &str,
        state: AuthenticatorState,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::Credential, Expr::value(credential))
            .col_expr(Column::Counter, Expr::value(i64::from(state.counter)))
            .col_expr(Column::IsBackupEligible, Expr::value(state.is_backup_eligible))
            .col_expr(Column::IsBackedUp, Expr::value(state.is_backed_up))
            .col_expr(Column::LastUsedAt, Expr::value(now.as_millis()))
            .filter(Column::Id.eq(Uuid::from_bytes(*id.as_bytes())))
            .exec(self.0.connection())
            .await?;
        Ok(())
    }

    /// Spends the challenge of the ceremony with this hash. Returns `false` if it was spent before.
    /// The row can be deleted from `expires_at` on, when the ceremony is too old to be answered.
    pub async fn spend(
        &self,
        ceremony_hash: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO spent_ceremonies (ceremony_hash, expires_at) VALUES ($1, $2) \
                   ON CONFLICT (ceremony_hash) DO NOTHING";
        let values = [ceremony_hash.to_vec().into(), expires_at.as_millis().into()];
        Ok(execute(self.0, sql, values).await? == 1)
    }
}

fn stored(row: Model) -> Result<StoredPasskey, StoreError> {
    Ok(StoredPasskey {
        passkey: Passkey {
            id: FactorId::from_bytes(row.id.into_bytes()),
            name: name(&row.name)?,
            aaguid: Aaguid::from_bytes(row.aaguid.into_bytes()),
            is_synced: row.is_backed_up,
            is_discoverable: row.is_discoverable,
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_millis),
        },
        user_id: UserId::from_bytes(row.user_id.into_bytes()),
        credential_id: row.credential_id,
        credential: row.credential,
        transports: row.transports,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Role;

    use super::*;
    use crate::{
        Store,
        testing::{NOW, PASSKEY_STATE, insert_user, new_passkey, stores},
    };

    async fn insert(store: &Store, new: &NewPasskey) -> bool {
        let tx = store.begin().await.unwrap();
        let inserted = tx.passkeys().insert(new.clone(), NOW).await.unwrap();
        tx.commit().await.unwrap();
        inserted
    }

    /// PSK-02.
    #[tokio::test]
    async fn a_credential_belongs_to_one_account() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let eve = insert_user(store, "eve@example.org", Role::USER).await;
            let new = new_passkey(mia, b"one");

            assert!(insert(store, &new).await);
            assert!(!insert(store, &new_passkey(mia, b"one")).await);
            assert!(!insert(store, &new_passkey(eve, b"one")).await);

            let found = store.passkeys().find_by_credential_id(b"one").await.unwrap().unwrap();
            assert_eq!((found.user_id, found.passkey.id), (mia, new.id));
            assert!(store.passkeys().list(eve).await.unwrap().is_empty());
            assert!(store.passkeys().find_by_credential_id(b"two").await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn a_use_is_recorded_and_passkeys_go_with_the_account() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let new = new_passkey(mia, b"one");
            assert!(insert(store, &new).await);

            let tx = store.begin().await.unwrap();
            let state = AuthenticatorState { counter: 2, is_backed_up: true, ..PASSKEY_STATE };
            tx.passkeys().set_used(new.id, "{2}", state, NOW).await.unwrap();
            let used = tx.passkeys().find_by_credential_id(b"one").await.unwrap().unwrap();
            assert_eq!((used.credential.as_str(), used.passkey.is_synced), ("{2}", true));
            assert_eq!(used.passkey.last_used_at, Some(NOW));
            assert!(tx.users().delete(mia).await.unwrap());
            assert!(tx.passkeys().find_by_credential_id(b"one").await.unwrap().is_none());
        }
    }

    /// MFA-07.
    #[tokio::test]
    async fn of_many_answers_to_a_challenge_one_counts() {
        for test in stores().await {
            let later = NOW + Duration::from_mins(10);
            let answers = (0..20).map(|_| {
                let store = test.store.clone();
                tokio::spawn(async move {
                    let tx = store.begin().await.unwrap();
                    let spent = tx.passkeys().spend(&[9; 32], later).await.unwrap();
                    tx.commit().await.unwrap();
                    spent
                })
            });
            let mut winners = 0;
            for answer in answers.collect::<Vec<_>>() {
                winners += usize::from(answer.await.unwrap());
            }
            assert_eq!(winners, 1);
        }
    }
}
