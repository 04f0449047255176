//! The repository of mailed tokens. It stores hashes only, so that a copy of the database contains
//! no usable token. A user has at most one token for each purpose.

use domain::{Timestamp, TokenHash, TokenPurpose, UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement,
    sea_query::OnConflict,
};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
    entities::token::{ActiveModel, Column, Entity},
    users::uuid,
};

/// The repository of tokens, which reads through `C`.
#[derive(Debug)]
pub struct Tokens<'a, C>(pub(crate) &'a C);

/// The values of a new token.
#[derive(Clone, Copy, Debug)]
pub struct NewToken {
    /// The hash of the token.
    pub hash: TokenHash,
    /// The user that the token was mailed to.
    pub user_id: UserId,
    /// The purpose.
    pub purpose: TokenPurpose,
    /// The time from which the token is invalid.
    pub expires_at: Timestamp,
}

impl<C: Reads> Tokens<'_, C> {
    /// Returns the user of the token, if it is valid. Does not spend it.
    pub async fn find_owner(
        &self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let found = Entity::find_by_id(hash.as_bytes().to_vec())
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .one(self.0.connection())
            .await?;
        Ok(found.map(|row| UserId::from_bytes(row.user_id.into_bytes())))
    }
}

impl Tokens<'_, WriteTx> {
    /// Adds a token. It replaces an older one of the same user and purpose.
    pub async fn insert(&self, new: &NewToken, now: Timestamp) -> Result<(), StoreError> {
        let row = ActiveModel {
            token_hash: Set(new.hash.as_bytes().to_vec()),
            user_id: Set(uuid(new.user_id)),
            purpose: Set(new.purpose.as_str().to_owned()),
            created_at: Set(now.as_millis()),
            expires_at: Set(new.expires_at.as_millis()),
        };
        let replace = OnConflict::columns([Column::UserId, Column::Purpose])
            .update_columns([Column::TokenHash, Column::CreatedAt, Column::ExpiresAt])
            .to_owned();
        Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(self.0.connection())
            .await?;
        Ok(())
    }

    /// Spends the token and returns its user. Returns `None` if it is unknown, spent or expired.
    /// It is one statement, so that of simultaneous attempts one succeeds.
    pub async fn spend(
        &self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let connection = self.0.connection();
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "DELETE FROM tokens WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id",
            [hash.as_bytes().to_vec().into(), now.as_millis().into()],
        );
        let Some(row) = connection.query_one_raw(statement).await? else { return Ok(None) };
        let id: sea_orm::entity::prelude::Uuid = row.try_get_by_index(0)?;
        Ok(Some(UserId::from_bytes(id.into_bytes())))
    }

    /// Deletes the tokens of the user for all purposes, and returns how many.
    pub async fn delete_of_user(&self, user_id: UserId) -> Result<u64, StoreError> {
        let done = Entity::delete_many()
            .filter(Column::UserId.eq(uuid(user_id)))
            .exec(self.0.connection())
            .await?;
        Ok(done.rows_affected)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{Role, Token};

    use super::*;
    use crate::{
        Store,
        testing::{NOW, insert_user, stores},
    };

    const PURPOSE: TokenPurpose = TokenPurpose::ResetPassword;
    const HOUR: Duration = Duration::from_hours(1);

    async fn keep(store: &Store, user_id: UserId) -> TokenHash {
        let hash = Token::generate().hash(PURPOSE);
        let new = NewToken { hash, user_id, purpose: PURPOSE, expires_at: NOW + HOUR };
        let tx = store.begin().await.unwrap();
        tx.tokens().insert(&new, NOW).await.unwrap();
        tx.commit().await.unwrap();
        hash
    }

    async fn spend(store: &Store, hash: &TokenHash, now: Timestamp) -> Option<UserId> {
        let tx = store.begin().await.unwrap();
        let owner = tx.tokens().spend(hash, now).await.unwrap();
        tx.commit().await.unwrap();
        owner
    }

    /// RST-04, RAC-01.
    #[tokio::test]
    async fn of_many_uses_at_once_one_succeeds() {
        for test in stores().await {
            let user = insert_user(&test.store, "mia@example.org", Role::USER).await;
            for _ in 0..20 {
                let hash = keep(&test.store, user).await;
                let tries: Vec<_> = (0..12)
                    .map(|_| {
                        let store = test.store.clone();
                        tokio::spawn(async move { spend(&store, &hash, NOW).await })
                    })
                    .collect();
                let mut winners = 0;
                for a_try in tries {
                    winners += usize::from(a_try.await.unwrap() == Some(user));
                }
                assert_eq!(winners, 1);
            }
        }
    }

    /// RST-03.
    #[tokio::test]
    async fn a_token_is_good_until_the_moment_it_expires() {
        for test in stores().await {
            let user = insert_user(&test.store, "mia@example.org", Role::USER).await;
            let just_before = NOW + HOUR - Duration::from_millis(1);

            let hash = keep(&test.store, user).await;
            assert_eq!(spend(&test.store, &hash, NOW + HOUR).await, None);
            assert_eq!(spend(&test.store, &hash, just_before).await, Some(user));
        }
    }

    /// RST-06.
    #[tokio::test]
    async fn a_newer_token_replaces_the_older() {
        for test in stores().await {
            let user = insert_user(&test.store, "mia@example.org", Role::USER).await;
            let older = keep(&test.store, user).await;
            let newer = keep(&test.store, user).await;

            assert_eq!(test.store.tokens().find_owner(&older, NOW).await.unwrap(), None);
            assert_eq!(test.store.tokens().find_owner(&newer, NOW).await.unwrap(), Some(user));
        }
    }
}
