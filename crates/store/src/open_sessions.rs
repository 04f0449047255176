//! The sessions of a user as they may look at them: to find the one that is not theirs.

use domain::{SessionKey, Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::{Sessions, StoreError, database::Reads, users::uuid};

/// A session as its user may look at it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// SHA-256 of its id.
    pub key: SessionKey,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it was asked to outlive the browser window.
    pub remember: bool,
    /// When the password was last given in it.
    pub authenticated_at: Timestamp,
    /// When it was last noted as used.
    pub last_seen_at: Timestamp,
    /// When it ends, whatever happens in it.
    pub expires_at: Timestamp,
    /// Where it was made from.
    pub ip_address: String,
    /// The `User-Agent` of the browser.
    pub user_agent: String,
    /// The values that it keeps between requests: a JSON object.
    pub session_values: String,
}

impl<C: Reads> Sessions<'_, C> {
    /// How many sessions the user has.
    pub async fn count_of_user(&self, user_id: UserId) -> Result<u64, StoreError> {
        let connection = self.0.connection();
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT COUNT(*) FROM sessions WHERE user_id = $1",
            [uuid(user_id).into()],
        );
        let row = connection.query_one_raw(statement).await?;
        let count: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    }

    /// The sessions of the user, the newest first. The caller checks whether they have expired.
    pub async fn list(&self, user_id: UserId) -> Result<Vec<OpenSession>, StoreError> {
        let connection = self.0.connection();
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT id_hash, created_at, last_seen_at, expires_at, ip_address, user_agent, \
             remember, authenticated_at, session_values \
             FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, id_hash",
            [uuid(user_id).into()],
        );
        connection.query_all_raw(statement).await?.iter().map(open_session).collect()
    }
}

fn open_session(row: &QueryResult) -> Result<OpenSession, StoreError> {
    let time = |index| row.try_get_by_index(index).map(Timestamp::from_millis);
    let key: Vec<u8> = row.try_get_by_index(0)?;
    Ok(OpenSession {
        key: SessionKey::from_bytes(&key).ok_or_else(|| StoreError::corrupt("a session"))?,
        created_at: time(1)?,
        last_seen_at: time(2)?,
        expires_at: time(3)?,
        ip_address: row.try_get_by_index(4)?,
        user_agent: row.try_get_by_index(5)?,
        remember: row.try_get_by_index(6)?,
        authenticated_at: time(7)?,
        session_values: row.try_get_by_index(8)?,
    })
}
