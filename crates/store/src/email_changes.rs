//! Address changes that can still be reverted, each by the link in the mail to the former address.
//!
//! The former address stays reserved for its owner until then. Otherwise a stranger could sign up
//! with it, and the owner could not revert the change.

use domain::{EmailAddress, Timestamp, TokenHash, UserId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder,
    entity::prelude::Uuid,
    sea_query::{Expr, Query, ReturningClause},
};

use crate::{
    Constraint, StoreError, Users,
    cache_change::Change,
    database::{Reads, WriteTx},
    entities::{
        email_change::{ActiveModel, Column, Entity, Model},
        user,
    },
    search_text::search_text,
    users::{email, uuid},
};

/// The repository of address changes, which reads through `C`.
#[derive(Debug)]
pub struct EmailChanges<'a, C>(pub(crate) &'a C);

/// An address change that can be reverted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    /// The hash of the token in the link that reverts the change.
    pub undo_hash: TokenHash,
    /// The account.
    pub user_id: UserId,
    /// The former address, which the link was mailed to.
    pub old_email: EmailAddress,
    /// The new address.
    pub new_email: EmailAddress,
    /// The time of the change.
    pub created_at: Timestamp,
    /// The time from which the change cannot be reverted.
    pub expires_at: Timestamp,
}

impl<C: Reads> EmailChanges<'_, C> {
    /// Returns the change that this link reverts, if it is valid. Does not spend it.
    pub async fn find(
        &self,
        undo_hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<EmailChange>, StoreError> {
        let found = Entity::find()
            .filter(Column::UndoHash.eq(undo_hash.as_bytes().to_vec()))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .all(self.0.connection())
            .await?
            .pop();
        found.as_ref().map(change).transpose()
    }

    /// Returns the first change by which the user gave up this address, if it can be reverted.
    pub async fn find_of_user(
        &self,
        user_id: UserId,
        old: &EmailAddress,
        now: Timestamp,
    ) -> Result<Option<EmailChange>, StoreError> {
        let found = Entity::find()
            .filter(Column::UserId.eq(uuid(user_id)))
            .filter(Column::OldEmail.eq(old.as_str()))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .order_by_asc(Column::CreatedAt)
            .one(self.0.connection())
            .await?;
        found.as_ref().map(change).transpose()
    }

    /// Returns the user who can still revert to the address.
    pub async fn find_reserver(
        &self,
        address: &EmailAddress,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let found = Entity::find()
            .filter(Column::OldEmail.eq(address.as_str()))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .all(self.0.connection())
            .await?
            .pop();
        Ok(found.map(|row| UserId::from_bytes(row.user_id.into_bytes())))
    }

    /// Returns whether another user than this one can still revert to the address.
    pub(crate) async fn is_reserved(
        &self,
        address: &EmailAddress,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let others = Entity::find()
            .filter(Column::OldEmail.eq(address.as_str()))
            .filter(Column::UserId.ne(uuid(user_id)))
            .filter(Column::ExpiresAt.gt(now.as_millis()));
        Ok(others.count(self.0.connection()).await? > 0)
    }
}

impl EmailChanges<'_, WriteTx> {
    /// Adds a change. Earlier changes of the user stay. The caller has locked the user.
    pub async fn insert(&self, new: EmailChange) -> Result<(), StoreError> {
        let connection = self.0.connection();
        let latest = Entity::find()
            .filter(Column::UserId.eq(uuid(new.user_id)))
            .order_by_desc(Column::CreatedAt)
            .one(connection)
            .await?;
        // The times differ even within a millisecond, because changes are ordered by time.
        let after_latest = latest.map_or(i64::MIN, |latest| latest.created_at + 1);
        let row = ActiveModel {
            undo_hash: Set(new.undo_hash.as_bytes().to_vec()),
            user_id: Set(uuid(new.user_id)),
            old_email: Set(new.old_email.as_str().to_owned()),
            new_email: Set(new.new_email.as_str().to_owned()),
            created_at: Set(new.created_at.as_millis().max(after_latest)),
            expires_at: Set(new.expires_at.as_millis()),
        };
        Entity::insert(row).exec_without_returning(connection).await?;
        Ok(())
    }

    /// Spends the link, and deletes all later changes of the user, so that the earliest owner of
    /// the account decides. Returns `None` if the link is unknown, spent or expired. Of
    /// simultaneous attempts one succeeds.
    pub async fn spend(
        &self,
        undo_hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<EmailChange>, StoreError> {
        let connection = self.0.connection();
        let mut delete = Query::delete();
        delete
            .from_table(Entity)
            .and_where(Column::UndoHash.eq(undo_hash.as_bytes().to_vec()))
            .and_where(Column::ExpiresAt.gt(now.as_millis()))
            .returning(ReturningClause::All);
        let Some(row) = connection.query_one(&delete).await? else { return Ok(None) };
        let row = Model::from_query_result(&row, "")?;
        Entity::delete_many()
            .filter(Column::UserId.eq(row.user_id))
            .filter(Column::CreatedAt.gt(row.created_at))
            .exec(connection)
            .await?;
        change(&row).map(Some)
    }

    /// Deletes the changes of the user. They can no longer be reverted, and the former addresses
    /// are free.
    pub async fn delete_of_user(&self, user_id: UserId) -> Result<(), StoreError> {
        let own = Entity::delete_many().filter(Column::UserId.eq(uuid(user_id)));
        Ok(own.exec(self.0.connection()).await.map(drop)?)
    }
}

impl Users<'_, WriteTx> {
    /// Sets the address of the user and confirms it. Returns `false` if there is no such user.
    /// Fails as [`insert`](Self::insert) does if the address is taken or reserved.
    pub async fn set_email(
        &self,
        id: UserId,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some(owner) = self.find(id).await? else { return Ok(false) };
        user::Entity::update_many()
            .col_expr(user::Column::Email, Expr::value(email.as_str()))
            .col_expr(user::Column::SearchText, Expr::value(search_text(&owner.name, email)))
            .col_expr(user::Column::ConfirmedAt, Expr::value(now.as_millis()))
            .filter(user::Column::Id.eq(uuid(id)))
            .exec(self.0.connection())
            .await?;
        self.0.note(Change::User(id));
        self.refuse_reserved(email, id, now).await?;
        Ok(true)
    }

    /// Fails with [`Constraint::UserEmail`] if another user can revert to the address. Runs after
    /// the write of the address, which waits for a transaction that gives the address up.
    pub(crate) async fn refuse_reserved(
        &self,
        email: &EmailAddress,
        id: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.0.email_changes().is_reserved(email, id, now).await? {
            return Err(StoreError::Conflict(Constraint::UserEmail));
        }
        Ok(())
    }
}

pub(crate) fn change(row: &Model) -> Result<EmailChange, StoreError> {
    let of = |id: Uuid| UserId::from_bytes(id.into_bytes());
    let hash = row.undo_hash.as_slice().try_into();
    Ok(EmailChange {
        undo_hash: TokenHash::from_bytes(
            hash.map_err(|_| StoreError::corrupt("a change of address"))?,
        ),
        user_id: of(row.user_id),
        old_email: email(&row.old_email)?,
        new_email: email(&row.new_email)?,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{Role, Token, TokenPurpose};

    use super::*;
    use crate::{
        Store,
        testing::{NOW, insert_user, new_user, stores},
    };

    const WEEK: Duration = Duration::from_hours(7 * 24);

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    async fn keep(store: &Store, user_id: UserId, old: &str, new: &str) -> TokenHash {
        let undo_hash = Token::generate().hash(TokenPurpose::UndoEmailChange);
        let (old_email, new_email) = (address(old), address(new));
        let expires_at = NOW + WEEK;
        let created_at = NOW;
        let change =
            EmailChange { undo_hash, user_id, old_email, new_email, created_at, expires_at };
        let tx = store.begin().await.unwrap();
        tx.email_changes().insert(change).await.unwrap();
        tx.commit().await.unwrap();
        undo_hash
    }

    async fn spend(store: &Store, hash: TokenHash) -> Option<String> {
        let tx = store.begin().await.unwrap();
        let change = tx.email_changes().spend(&hash, NOW).await.unwrap();
        tx.commit().await.unwrap();
        change.map(|change| change.old_email.to_string())
    }

    #[tokio::test]
    async fn an_undone_change_takes_the_later_ones_with_it_and_leaves_the_earlier() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "d@example.org", Role::USER).await;
            let first = keep(store, mia, "a@example.org", "b@example.org").await;
            let second = keep(store, mia, "b@example.org", "c@example.org").await;
            let third = keep(store, mia, "c@example.org", "d@example.org").await;

            assert_eq!(spend(store, second).await.as_deref(), Some("b@example.org"));
            assert_eq!(spend(store, second).await, None);
            assert_eq!(spend(store, third).await, None);
            assert_eq!(spend(store, first).await.as_deref(), Some("a@example.org"));
        }
    }

    #[tokio::test]
    async fn an_address_is_reserved_for_whoever_can_go_back_to_it() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "new@example.org", Role::USER).await;
            let eve = insert_user(store, "eve@example.org", Role::USER).await;
            keep(store, mia, "old@example.org", "new@example.org").await;
            let is_taken =
                |result| matches!(result, Err(StoreError::Conflict(Constraint::UserEmail)));

            let tx = store.begin().await.unwrap();
            let old = new_user("old@example.org", Role::USER);
            assert!(is_taken(tx.users().insert(&old, NOW).await));
            drop(tx);
            let tx = store.begin().await.unwrap();
            assert!(is_taken(tx.users().set_email(eve, &old.email, NOW).await.map(drop)));
            drop(tx);
            let tx = store.begin().await.unwrap();
            assert!(tx.users().set_email(mia, &old.email, NOW).await.unwrap());
            drop(tx);
            let tx = store.begin().await.unwrap();
            tx.users().insert(&old, NOW + WEEK).await.unwrap();
        }
    }
}
