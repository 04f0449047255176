//! The repository of saved submissions: forms that wait for their users to log in or to give the
//! password.
//!
//! The caller encrypts the content. A submission is found only with its token and by the user who
//! sent it.

use domain::{Timestamp, TokenHash, UserId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Query, ReturningClause},
};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
    entities::saved_submission::{ActiveModel, Column, Entity, Model},
    users::uuid,
};

/// Most saved submissions of one user. A further one replaces the oldest.
const MAX_OF_USER: u64 = 5;

/// The repository of saved submissions, which reads through `C`.
#[derive(Debug)]
pub struct SavedSubmissions<'a, C>(pub(crate) &'a C);

/// The values of a new saved submission.
#[derive(Clone, Debug)]
pub struct NewSavedSubmission {
    /// The hash of the token.
    pub token_hash: TokenHash,
    /// The user who sent it.
    pub user_id: UserId,
    /// The fields of the form, encrypted with a key that is not in the database.
    pub sealed: Vec<u8>,
    /// The time from which the submission is invalid.
    pub expires_at: Timestamp,
}

impl<C: Reads> SavedSubmissions<'_, C> {
    /// Returns the encrypted submission of this user, if it is valid. Does not delete it.
    pub async fn find(
        &self,
        token_hash: &TokenHash,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let found = Entity::find()
            .filter(Column::TokenHash.eq(token_hash.as_bytes().to_vec()))
            .filter(Column::UserId.eq(uuid(user_id)))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .all(self.0.connection())
            .await?
            .pop();
        Ok(found.map(|row| row.sealed))
    }
}

impl SavedSubmissions<'_, WriteTx> {
    /// Adds a submission. Of each user only the latest five are kept.
    pub async fn insert(&self, new: NewSavedSubmission, now: Timestamp) -> Result<(), StoreError> {
        // Without the lock, two simultaneous inserts would each find room for one more.
        self.0.users().lock_password_hash(new.user_id).await?;
        let connection = self.0.connection();
        let beyond = Entity::find()
            .filter(Column::UserId.eq(uuid(new.user_id)))
            .order_by_desc(Column::CreatedAt)
            .order_by_asc(Column::TokenHash)
            .offset(MAX_OF_USER - 1)
            .limit(1_000)
            .all(connection)
            .await?;
        let beyond = beyond.into_iter().map(|row| row.token_hash);
        Entity::delete_many().filter(Column::TokenHash.is_in(beyond)).exec(connection).await?;
        let row = ActiveModel {
            token_hash: Set(new.token_hash.as_bytes().to_vec()),
            user_id: Set(uuid(new.user_id)),
            sealed: Set(new.sealed),
            created_at: Set(now.as_millis()),
            expires_at: Set(new.expires_at.as_millis()),
        };
        Entity::insert(row).exec_without_returning(connection).await?;
        Ok(())
    }

    /// Deletes the submission of this user and returns it encrypted. Returns `None` if it is
    /// unknown, taken or expired. Of simultaneous attempts one succeeds.
    pub async fn take(
        &self,
        token_hash: &TokenHash,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut delete = Query::delete();
        delete
            .from_table(Entity)
            .and_where(Column::TokenHash.eq(token_hash.as_bytes().to_vec()))
            .and_where(Column::UserId.eq(uuid(user_id)))
            .and_where(Column::ExpiresAt.gt(now.as_millis()))
            .returning(ReturningClause::All);
        let row = self.0.connection().query_one(&delete).await?;
        row.map(|row| Ok(Model::from_query_result(&row, "")?.sealed)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{Role, Token, TokenPurpose};

    use super::*;
    use crate::{
        Store,
        testing::{NOW, insert_user, stores},
    };

    const MINUTE: Duration = Duration::from_mins(1);

    async fn keep(store: &Store, user_id: UserId, now: Timestamp) -> TokenHash {
        let token_hash = Token::generate().hash(TokenPurpose::ResumeForm);
        let sealed = token_hash.as_bytes().to_vec();
        let new = NewSavedSubmission { token_hash, user_id, sealed, expires_at: now + MINUTE };
        let tx = store.begin().await.unwrap();
        tx.saved_submissions().insert(new, now).await.unwrap();
        tx.commit().await.unwrap();
        token_hash
    }

    async fn take(store: &Store, hash: TokenHash, user: UserId, now: Timestamp) -> bool {
        let tx = store.begin().await.unwrap();
        let taken = tx.saved_submissions().take(&hash, user, now).await.unwrap();
        tx.commit().await.unwrap();
        taken.inspect(|sealed| assert_eq!(sealed, hash.as_bytes())).is_some()
    }

    #[tokio::test]
    async fn a_held_form_is_its_senders_alone_until_it_expires_and_once() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let eve = insert_user(store, "eve@example.org", Role::ADMIN).await;
            let hash = keep(store, mia, NOW).await;

            let forms = store.saved_submissions();
            assert_eq!(forms.find(&hash, eve, NOW).await.unwrap(), None);
            assert_eq!(forms.find(&hash, mia, NOW + MINUTE).await.unwrap(), None);
            assert!(forms.find(&hash, mia, NOW).await.unwrap().is_some());
            assert!(!take(store, hash, eve, NOW).await);
            assert!(!take(store, hash, mia, NOW + MINUTE).await);

            let uses = (0..12).map(|_| {
                let store = store.clone();
                tokio::spawn(async move { take(&store, hash, mia, NOW).await })
            });
            let mut winners = 0;
            for one_use in uses.collect::<Vec<_>>() {
                winners += usize::from(one_use.await.unwrap());
            }
            assert_eq!(winners, 1);
        }
    }

    #[tokio::test]
    async fn the_latest_five_of_a_user_are_kept_however_many_come_at_once() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let eve = insert_user(store, "eve@example.org", Role::USER).await;
            let others = keep(store, eve, NOW).await;
            let oldest = keep(store, mia, NOW).await;

            let later = NOW + Duration::from_secs(1);
            let kept = (0..12).map(|_| {
                let store = store.clone();
                tokio::spawn(async move { keep(&store, mia, later).await })
            });
            let mut waiting = 0;
            let mut hashes = Vec::new();
            for one in kept.collect::<Vec<_>>() {
                hashes.push(one.await.unwrap());
            }
            for hash in hashes {
                let found = store.saved_submissions().find(&hash, mia, later).await.unwrap();
                waiting += usize::from(found.is_some());
            }

            assert_eq!(waiting, 5);
            assert_eq!(store.saved_submissions().find(&oldest, mia, later).await.unwrap(), None);
            assert!(store.saved_submissions().find(&others, eve, later).await.unwrap().is_some());
        }
    }
}
