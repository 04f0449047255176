//! The repository of remembered browsers, in which a log-in asks for no second factor for 30 days.
//! The cookie is stored as SHA-256. A use does not prolong the time.

use domain::{Timestamp, UserId};
use sea_orm::QueryResult;

use crate::{
    Store, StoreError,
    database::{Reads, WriteTx},
    sql::{execute, query},
    users::uuid,
};

/// Most remembered browsers of one user. A further one replaces the oldest.
const MAX_OF_USER: i64 = 20;

/// The repository of remembered browsers, which reads through `C`.
#[derive(Debug)]
pub struct RememberedBrowsers<'a, C>(pub(crate) &'a C);

/// The values of a newly remembered browser.
#[derive(Clone, Debug)]
pub struct NewRememberedBrowser {
    /// The SHA-256 of the cookie.
    pub id_hash: [u8; 32],
    /// The user.
    pub user_id: UserId,
    /// The IP address of the log-in.
    pub ip_address: String,
    /// The `User-Agent` header of the log-in, cut to 300 characters.
    pub user_agent: String,
    /// The time from which the browser is no longer remembered.
    pub expires_at: Timestamp,
}

/// A remembered browser.
#[derive(Clone, Debug)]
pub struct RememberedBrowser {
    /// The SHA-256 of the cookie.
    pub id_hash: [u8; 32],
    /// The IP address of the last log-in.
    pub ip_address: String,
    /// The `User-Agent` header of the last log-in.
    pub user_agent: String,
    /// The time since which it is remembered.
    pub created_at: Timestamp,
    /// The time of the last log-in without a factor.
    pub last_used_at: Timestamp,
    /// The time from which it is no longer remembered.
    pub expires_at: Timestamp,
}

impl Store {
    /// Returns the repository of remembered browsers, for reading.
    pub fn remembered_browsers(&self) -> RememberedBrowsers<'_, Self> {
        RememberedBrowsers(self)
    }
}

impl WriteTx {
    /// Returns the repository of remembered browsers.
    pub fn remembered_browsers(&self) -> RememberedBrowsers<'_, Self> {
        RememberedBrowsers(self)
    }
}

impl<C: Reads> RememberedBrowsers<'_, C> {
    /// Returns the browsers that are remembered for the user at `now`, the latest first.
    pub async fn list(
        &self,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<Vec<RememberedBrowser>, StoreError> {
        let sql = "SELECT id_hash, ip_address, user_agent, created_at, last_used_at, expires_at \
                   FROM remembered_browsers WHERE user_id = $1 AND expires_at > $2 \
                   ORDER BY created_at DESC, id_hash";
        let rows = query(self.0, sql, [uuid(user_id).into(), now.as_millis().into()]).await?;
        rows.iter().map(browser).collect()
    }
}

impl RememberedBrowsers<'_, WriteTx> {
    /// Adds a browser. Of each user only the latest 20 are kept. The caller has locked the user.
    pub async fn insert(
        &self,
        new: &NewRememberedBrowser,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute(
            self.0,
            "DELETE FROM remembered_browsers WHERE id_hash IN (SELECT id_hash \
             FROM remembered_browsers WHERE user_id = $1 ORDER BY created_at DESC, id_hash \
             LIMIT 1000 OFFSET $2)",
            [uuid(new.user_id).into(), (MAX_OF_USER - 1).into()],
        )
        .await?;
        execute(
            self.0,
            "INSERT INTO remembered_browsers \
             (id_hash, user_id, ip_address, user_agent, created_at, last_used_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $5, $6)",
            [
                new.id_hash.to_vec().into(),
                uuid(new.user_id).into(),
                new.ip_address.as_str().into(),
                new.user_agent.as_str().into(),
                now.as_millis().into(),
                new.expires_at.as_millis().into(),
            ],
        )
        .await
        .map(drop)
    }

    /// Records a log-in of the user in the browser. Returns `false` if the browser is not remembered
    /// for this user, or no longer.
    pub async fn set_used(
        &self,
        id_hash: &[u8; 32],
        user_id: UserId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = execute(
            self.0,
            "UPDATE remembered_browsers SET last_used_at = $3 \
                 WHERE id_hash = $1 AND user_id = $2 AND expires_at > $3",
            [id_hash.to_vec().into(), uuid(user_id).into(), now.as_millis().into()],
        )
        .await?;
        Ok(used == 1)
    }

    /// Forgets a browser of the user. Returns `false` if the user has no such browser.
    pub async fn delete(&self, id_hash: &[u8; 32], user_id: UserId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM remembered_browsers WHERE id_hash = $1 AND user_id = $2";
        Ok(execute(self.0, sql, [id_hash.to_vec().into(), uuid(user_id).into()]).await? == 1)
    }

    /// Forgets all browsers of the user.
    pub async fn delete_of_user(&self, user_id: UserId) -> Result<(), StoreError> {
        let sql = "DELETE FROM remembered_browsers WHERE user_id = $1";
        execute(self.0, sql, [uuid(user_id).into()]).await.map(drop)
    }
}

fn browser(row: &QueryResult) -> Result<RememberedBrowser, StoreError> {
    let id_hash: Vec<u8> = row.try_get_by_index(0)?;
    let time = |index| row.try_get_by_index(index).map(Timestamp::from_millis);
    Ok(RememberedBrowser {
        id_hash: id_hash.try_into().map_err(|_| StoreError::corrupt("a browser"))?,
        ip_address: row.try_get_by_index(1)?,
        user_agent: row.try_get_by_index(2)?,
        created_at: time(3)?,
        last_used_at: time(4)?,
        expires_at: time(5)?,
    })
}
