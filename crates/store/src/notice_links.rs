//! The links in notices, by the hashes of their tokens. Any number of them is good
//! at a time: who causes a new notice takes nothing away from the one before.

use domain::{Timestamp, TokenHash, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value, entity::prelude::Uuid};

use crate::{
    Store, StoreError,
    database::{Reads, WriteTx},
    users::uuid,
};

/// The links, read through `C`.
#[derive(Debug)]
pub struct NoticeLinks<'a, C>(pub(crate) &'a C);

impl Store {
    /// The links in notices, to read.
    pub fn notice_links(&self) -> NoticeLinks<'_, Self> {
        NoticeLinks(self)
    }
}

impl WriteTx {
    /// The links in notices.
    pub fn notice_links(&self) -> NoticeLinks<'_, Self> {
        NoticeLinks(self)
    }
}

impl<C: Reads> NoticeLinks<'_, C> {
    /// Whose link this is, while it is valid. Spends nothing.
    pub async fn find_owner(
        &self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let sql = "SELECT user_id FROM notice_links WHERE token_hash = $1 AND expires_at > $2";
        owner(self.query(sql, [hash_value(hash), now.as_millis().into()]).await?)
    }

    async fn query<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Option<QueryResult>, StoreError> {
        let connection = self.0.connection();
        let backend = connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        Ok(connection.query_one_raw(statement).await?)
    }
}

impl NoticeLinks<'_, WriteTx> {
    /// Keeps a link.
    pub async fn insert(
        &self,
        hash: &TokenHash,
        user_id: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO notice_links (token_hash, user_id, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4)";
        let moments = [now.as_millis().into(), expires_at.as_millis().into()];
        let [created_at, expires_at] = moments;
        self.execute(sql, [hash_value(hash), uuid(user_id).into(), created_at, expires_at]).await
    }

    /// Uses the link up and says whose it was; `None` when it is unknown, used or
    /// expired. Of many at once one succeeds.
    pub async fn spend(
        &self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let sql = "DELETE FROM notice_links WHERE token_hash = $1 AND expires_at > $2 \
                   RETURNING user_id";
        owner(self.query(sql, [hash_value(hash), now.as_millis().into()]).await?)
    }

    /// Makes every link of the user worthless.
    pub async fn delete_of_user(&self, user_id: UserId) -> Result<(), StoreError> {
        self.execute("DELETE FROM notice_links WHERE user_id = $1", [uuid(user_id).into()]).await
    }

    async fn execute<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<(), StoreError> {
        let connection = self.0.connection();
        let backend = connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        connection.execute_raw(statement).await?;
        Ok(())
    }
}

fn hash_value(hash: &TokenHash) -> Value {
    hash.as_bytes().to_vec().into()
}

fn owner(row: Option<QueryResult>) -> Result<Option<UserId>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let id: Uuid = row.try_get_by_index(0)?;
    Ok(Some(UserId::from_bytes(id.into_bytes())))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{Role, Token, TokenPurpose};

    use crate::testing::{NOW, insert_user, stores};

    const WEEK: Duration = Duration::from_hours(7 * 24);

    /// LOG-13, RAC-01.
    #[tokio::test]
    async fn links_stand_beside_each_other_and_each_is_used_once_until_it_expires() {
        for test in stores().await {
            let user = insert_user(&test.store, "mia@example.org", Role::User).await;
            let hashes = [(); 3].map(|()| Token::generate().hash(TokenPurpose::NotMe));
            let tx = test.store.begin().await.unwrap();
            for hash in &hashes {
                tx.notice_links().insert(hash, user, NOW, NOW + WEEK).await.unwrap();
            }
            assert_eq!(tx.notice_links().spend(&hashes[0], NOW).await.unwrap(), Some(user));
            assert_eq!(tx.notice_links().spend(&hashes[0], NOW).await.unwrap(), None);
            assert_eq!(tx.notice_links().spend(&hashes[1], NOW + WEEK).await.unwrap(), None);
            tx.commit().await.unwrap();
            let find = async |hash| test.store.notice_links().find_owner(hash, NOW).await.unwrap();
            assert_eq!(find(&hashes[1]).await, Some(user));

            let swept = test.store.sweep(NOW + WEEK, NOW, None, NOW).await.unwrap();

            assert_eq!(swept.notice_links, 2);
            assert_eq!(find(&hashes[2]).await, None);
        }
    }
}
