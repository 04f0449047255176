//! The links in notices, by the hashes of their tokens.
//!
//! Any number of links is valid at a time. An attacker who causes a new notice therefore cannot
//! invalidate the link in an earlier one. Each link keeps the address that it was mailed to,
//! because the account may have another one since.

use domain::{EmailAddress, Timestamp, TokenHash, UserId};
use sea_orm::{QueryResult, Value, entity::prelude::Uuid};

use crate::{
    Store, StoreError,
    database::{Reads, WriteTx},
    sql::{execute, query},
    users::{email, uuid},
};

/// The repository of links in notices, which reads through `C`.
#[derive(Debug)]
pub struct NoticeLinks<'a, C>(pub(crate) &'a C);

/// A link in a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeLink {
    /// The hash of the token.
    pub hash: TokenHash,
    /// The account that the notice is about.
    pub user_id: UserId,
    /// The address that the notice was mailed to.
    pub email: EmailAddress,
    /// The time of the event that the notice is about.
    pub created_at: Timestamp,
    /// The time from which the link is invalid.
    pub expires_at: Timestamp,
}

impl Store {
    /// Returns the repository of links in notices, for reading.
    pub fn notice_links(&self) -> NoticeLinks<'_, Self> {
        NoticeLinks(self)
    }
}

impl WriteTx {
    /// Returns the repository of links in notices.
    pub fn notice_links(&self) -> NoticeLinks<'_, Self> {
        NoticeLinks(self)
    }
}

impl<C: Reads> NoticeLinks<'_, C> {
    /// Returns the link, if it is valid. Does not spend it.
    pub async fn find(
        &self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<NoticeLink>, StoreError> {
        let sql = "SELECT user_id, email, created_at, expires_at FROM notice_links \
                   WHERE token_hash = $1 AND expires_at > $2";
        link(hash, &query(self.0, sql, [hash_value(hash), now.as_millis().into()]).await?)
    }
}

impl NoticeLinks<'_, WriteTx> {
    /// Adds a link. Other links of the user stay valid.
    pub async fn insert(&self, new: &NoticeLink) -> Result<(), StoreError> {
        let sql = "INSERT INTO notice_links (token_hash, user_id, email, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = [
            hash_value(&new.hash),
            uuid(new.user_id).into(),
            new.email.as_str().into(),
            new.created_at.as_millis().into(),
            new.expires_at.as_millis().into(),
        ];
        execute(self.0, sql, values).await.map(drop)
    }

    /// Spends the link and returns it. Returns `None` if it is unknown, spent or expired. Of
    /// simultaneous attempts one succeeds.
    pub async fn spend(
        &self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<NoticeLink>, StoreError> {
        let sql = "DELETE FROM notice_links WHERE token_hash = $1 AND expires_at > $2 \
                   RETURNING user_id, email, created_at, expires_at";
        link(hash, &query(self.0, sql, [hash_value(hash), now.as_millis().into()]).await?)
    }

    /// Deletes all links of the user.
    pub async fn delete_of_user(&self, user_id: UserId) -> Result<(), StoreError> {
        execute(self.0, "DELETE FROM notice_links WHERE user_id = $1", [uuid(user_id).into()])
            .await
            .map(drop)
    }
}

fn hash_value(hash: &TokenHash) -> Value {
    hash.as_bytes().to_vec().into()
}

/// Reads a link. A link of an earlier release without a recipient is invalid.
fn link(hash: &TokenHash, rows: &[QueryResult]) -> Result<Option<NoticeLink>, StoreError> {
    let Some(row) = rows.first() else { return Ok(None) };
    let id: Uuid = row.try_get_by_index(0)?;
    let address: String = row.try_get_by_index(1)?;
    if address.is_empty() {
        return Ok(None);
    }
    Ok(Some(NoticeLink {
        hash: *hash,
        user_id: UserId::from_bytes(id.into_bytes()),
        email: email(&address)?,
        created_at: Timestamp::from_millis(row.try_get_by_index(2)?),
        expires_at: Timestamp::from_millis(row.try_get_by_index(3)?),
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{Role, Token, TokenPurpose};

    use super::*;
    use crate::{
        EmailChange,
        testing::{NOW, insert_user, migrate_down_below, stores},
    };

    const THIEVES: &str = "m20261123_000016_shut_thieves_out";
    const WEEK: Duration = Duration::from_hours(7 * 24);

    /// LOG-13, RAC-01.
    #[tokio::test]
    async fn links_stand_beside_each_other_and_each_is_used_once_until_it_expires() {
        for test in stores().await {
            let user = insert_user(&test.store, "mia@example.org", Role::USER).await;
            let links = ["mia@example.org", "new@example.org", "mia@example.org"].map(|email| {
                let hash = Token::generate().hash(TokenPurpose::CompromiseReport);
                let email = EmailAddress::parse(email).unwrap();
                NoticeLink { hash, user_id: user, email, created_at: NOW, expires_at: NOW + WEEK }
            });
            let hashes = links.each_ref().map(|link| link.hash);
            let tx = test.store.begin().await.unwrap();
            for link in &links {
                tx.notice_links().insert(link).await.unwrap();
            }
            let spend = async |hash, now| tx.notice_links().spend(hash, now).await.unwrap();
            assert_eq!(spend(&hashes[0], NOW).await.as_ref(), Some(&links[0]));
            assert_eq!(spend(&hashes[0], NOW).await, None);
            assert_eq!(spend(&hashes[1], NOW + WEEK).await, None);
            tx.commit().await.unwrap();
            let find = async |hash| test.store.notice_links().find(hash, NOW).await.unwrap();
            assert_eq!(find(&hashes[1]).await.as_ref(), Some(&links[1]));

            let swept = test.store.sweep(NOW + WEEK, NOW, None, NOW).await.unwrap();

            assert_eq!(swept.notice_links, 2);
            assert_eq!(find(&hashes[2]).await, None);
        }
    }

    /// Adds a link as an earlier release does, without the address that it was mailed to.
    async fn insert_of_before(store: &Store, user: UserId, at: Timestamp) -> TokenHash {
        let hash = Token::generate().hash(TokenPurpose::CompromiseReport);
        let sql = "INSERT INTO notice_links (token_hash, user_id, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4)";
        let (from, to) = (at.as_millis(), (NOW + WEEK).as_millis());
        let values = [hash_value(&hash), uuid(user).into(), from.into(), to.into()];
        let tx = store.begin().await.unwrap();
        execute(&tx, sql, values).await.unwrap();
        tx.commit().await.unwrap();
        hash
    }

    /// MIG-01, LOG-13: by a link from before the upgrade, the owner can recover an account that was
    /// taken over, and the thief cannot.
    #[tokio::test]
    async fn links_of_before_know_the_address_that_the_account_had_when_they_were_mailed() {
        let addresses = ["mia@example.org", "eve@example.org", "mallory@example.org"];
        let [first, second, third] = addresses.map(|email| EmailAddress::parse(email).unwrap());
        for test in stores().await {
            let store = &test.store;
            let user = insert_user(store, third.as_str(), Role::USER).await;
            let tx = store.begin().await.unwrap();
            for (old, new, hours) in [(&first, &second, 2), (&second, &third, 4)] {
                let change = EmailChange {
                    undo_hash: Token::generate().hash(TokenPurpose::UndoEmailChange),
                    user_id: user,
                    old_email: old.clone(),
                    new_email: new.clone(),
                    created_at: NOW + Duration::from_hours(hours),
                    expires_at: NOW + WEEK,
                };
                tx.email_changes().insert(change).await.unwrap();
            }
            tx.commit().await.unwrap();
            migrate_down_below(store, THIEVES).await;
            let mut hashes = Vec::new();
            for hours in [1, 3, 5] {
                let at = NOW + Duration::from_hours(hours);
                hashes.push(insert_of_before(store, user, at).await);
            }

            store.migrate_up().await.unwrap();

            let find = async |hash| store.notice_links().find(&hash, NOW).await.unwrap();
            for (hash, expected) in hashes.into_iter().zip([&first, &second, &third]) {
                assert_eq!(find(hash).await.map(|link| link.email).as_ref(), Some(expected));
            }
            let unknown = insert_of_before(store, user, NOW).await;
            assert_eq!(find(unknown).await, None);
        }
    }
}
