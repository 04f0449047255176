//! The repository of second factors of every kind, as far as they are alike: their names and times.
//! What opens the account is in the repository of each kind.

use domain::{DisplayName, FactorId, FactorKind, Timestamp, UserId};
use sea_orm::{QueryResult, Value, entity::prelude::Uuid};

use crate::{
    Store, StoreError,
    cache_change::Change,
    database::{Reads, WriteTx},
    sql::{execute, query},
    users::{name, uuid},
};

/// The repository of second factors, which reads through `C`.
#[derive(Debug)]
pub struct Factors<'a, C>(pub(crate) &'a C);

/// A second factor of a user.
#[derive(Clone, Debug)]
pub struct ListedFactor {
    /// The kind.
    pub kind: FactorKind,
    /// The id.
    pub id: FactorId,
    /// The name, which the user can change.
    pub name: DisplayName,
    /// The time at which it was added.
    pub created_at: Timestamp,
    /// The time at which it was last used at a log-in or in a session.
    pub last_used_at: Option<Timestamp>,
    /// Whether a copy exists elsewhere; `None` for a kind that has no copies.
    pub is_synced: Option<bool>,
}

impl Store {
    /// Returns the repository of second factors, for reading.
    pub fn factors(&self) -> Factors<'_, Self> {
        Factors(self)
    }
}

impl WriteTx {
    /// Returns the repository of second factors.
    pub fn factors(&self) -> Factors<'_, Self> {
        Factors(self)
    }
}

impl<C: Reads> Factors<'_, C> {
    /// Returns the factors of the user, by kind and age.
    pub async fn list(&self, user_id: UserId) -> Result<Vec<ListedFactor>, StoreError> {
        let sql = "SELECT 0 AS kind, id, name, created_at, last_used_at, \
                   CAST(NULL AS BOOLEAN) AS is_synced \
                   FROM authentication_apps WHERE user_id = $1 \
                   UNION ALL SELECT 1, id, name, created_at, last_used_at, is_backed_up \
                   FROM passkeys WHERE user_id = $1 ORDER BY kind, created_at, id";
        query(self.0, sql, [uuid(user_id).into()]).await?.iter().map(factor).collect()
    }
}

impl Factors<'_, WriteTx> {
    /// Renames a factor of the user. Returns `false` if the user has no such factor.
    pub async fn set_name(
        &self,
        user_id: UserId,
        (kind, id): (FactorKind, FactorId),
        name: &DisplayName,
    ) -> Result<bool, StoreError> {
        let table = table_of(kind);
        let sql = format!("UPDATE {table} SET name = $3 WHERE id = $1 AND user_id = $2");
        let values = [id_value(id), uuid(user_id).into(), name.as_str().into()];
        Ok(execute(self.0, &sql, values).await? == 1)
    }

    /// Deletes a factor of the user and returns its name. Returns `None` if the user has no such
    /// factor. The caller has locked the user.
    pub async fn delete(
        &self,
        user_id: UserId,
        (kind, id): (FactorKind, FactorId),
    ) -> Result<Option<DisplayName>, StoreError> {
        let table = table_of(kind);
        let sql = format!("DELETE FROM {table} WHERE id = $1 AND user_id = $2 RETURNING name");
        let rows = query(self.0, &sql, [id_value(id), uuid(user_id).into()]).await?;
        self.0.note(Change::User(user_id));
        let deleted = rows.first().map(|row| name(&row.try_get_by_index::<String>(0)?));
        deleted.transpose()
    }
}

const fn table_of(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::AuthenticationApp => "authentication_apps",
        FactorKind::Passkey => "passkeys",
    }
}

pub(crate) fn id_value(id: FactorId) -> Value {
    Uuid::from_bytes(*id.as_bytes()).into()
}

fn factor(row: &QueryResult) -> Result<ListedFactor, StoreError> {
    let is_app = row.try_get_by_index::<i32>(0)? == 0;
    let id: Uuid = row.try_get_by_index(1)?;
    Ok(ListedFactor {
        kind: if is_app { FactorKind::AuthenticationApp } else { FactorKind::Passkey },
        id: FactorId::from_bytes(id.into_bytes()),
        name: name(&row.try_get_by_index::<String>(2)?)?,
        created_at: row.try_get_by_index(3).map(Timestamp::from_millis)?,
        last_used_at: row.try_get_by_index::<Option<i64>>(4)?.map(Timestamp::from_millis),
        is_synced: row.try_get_by_index(5)?,
    })
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;
    use crate::{
        NewApp, SealedSecret,
        testing::{NOW, insert_user, new_passkey, stores},
    };

    /// Gives the user an app and a passkey, in the order of the list.
    async fn insert(store: &Store, user_id: UserId) -> [(FactorKind, FactorId); 2] {
        let secret = SealedSecret { key_id: [1; 8], sealed: vec![1] };
        let (id, name) = (FactorId::generate(), DisplayName::parse("Phone").unwrap());
        let app = NewApp { id, user_id, name, secret, last_step: 7 };
        let passkey = new_passkey(user_id, user_id.as_bytes());
        let passkey_id = passkey.id;
        let tx = store.begin().await.unwrap();
        tx.authentication_apps().insert(app, NOW).await.unwrap();
        assert!(tx.passkeys().insert(passkey, NOW).await.unwrap());
        tx.commit().await.unwrap();
        [(FactorKind::AuthenticationApp, id), (FactorKind::Passkey, passkey_id)]
    }

    #[tokio::test]
    async fn a_factor_is_renamed_and_deleted_by_its_owner_alone() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let eve = insert_user(store, "eve@example.org", Role::USER).await;
            let own = insert(store, mia).await;
            let others = insert(store, eve).await;
            let listed = async |user_id| {
                let factors = store.factors().list(user_id).await.unwrap().into_iter();
                factors.map(|it| ((it.kind, it.id), it.name.to_string())).collect::<Vec<_>>()
            };
            assert_eq!(listed(mia).await, own.map(|it| (it, "Phone".to_owned())));
            let synced: Vec<_> = store.factors().list(mia).await.unwrap();
            let synced: Vec<_> = synced.iter().map(|it| it.is_synced).collect();
            assert_eq!(synced, [None, Some(false)]);

            let name = DisplayName::parse("Key").unwrap();
            for factor in own {
                let tx = store.begin().await.unwrap();
                assert!(!tx.factors().set_name(eve, factor, &name).await.unwrap());
                assert!(tx.factors().delete(eve, factor).await.unwrap().is_none());
                assert!(tx.factors().set_name(mia, factor, &name).await.unwrap());
                tx.commit().await.unwrap();
            }
            assert_eq!(listed(mia).await, own.map(|it| (it, "Key".to_owned())));
            for factor in own {
                let tx = store.begin().await.unwrap();
                assert_eq!(tx.factors().delete(mia, factor).await.unwrap().as_ref(), Some(&name));
                assert!(tx.factors().delete(mia, factor).await.unwrap().is_none());
                tx.commit().await.unwrap();
            }
            assert_eq!(listed(mia).await, []);
            assert_eq!(listed(eve).await.len(), others.len());
        }
    }
}
