//! The list of a user's sessions, in which the user can find one that belongs to another person.
//! It contains no secret.

use domain::{Assurance, SessionKey, Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::{Sessions, StoreError, database::Reads, users::uuid};

/// A session in the list that its user can read.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// The SHA-256 of the session id.
    pub key: SessionKey,
    /// The time of the log-in.
    pub created_at: Timestamp,
    /// Whether the session outlives the browser window (remember me).
    pub remember: bool,
    /// The time at which the password was last given in the session.
    pub authenticated_at: Timestamp,
    /// How the user was proven.
    pub assurance: Assurance,
    /// The time at which a second factor was last given in the session.
    pub factor_at: Option<Timestamp>,
    /// The time at which the session was last recorded as used.
    pub last_seen_at: Timestamp,
    /// The time at which the session ends, even if it is in use.
    pub expires_at: Timestamp,
    /// The IP address of the log-in.
    pub ip_address: String,
    /// The `User-Agent` header of the log-in.
    pub user_agent: String,
    /// The values that the session keeps between requests, as a JSON object.
    pub session_values: String,
}

impl<C: Reads> Sessions<'_, C> {
    /// Returns the number of sessions of the user, expired ones included.
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

    /// Returns the sessions of the user, the newest first. The caller checks whether they have
    /// expired.
    pub async fn list(&self, user_id: UserId) -> Result<Vec<OpenSession>, StoreError> {
        let connection = self.0.connection();
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT id_hash, created_at, last_seen_at, expires_at, ip_address, user_agent, \
             remember, authenticated_at, session_values, assurance, factor_at \
             FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, id_hash",
            [uuid(user_id).into()],
        );
        connection.query_all_raw(statement).await?.iter().map(open_session).collect()
    }
}

fn open_session(row: &QueryResult) -> Result<OpenSession, StoreError> {
    let time = |index| row.try_get_by_index(index).map(Timestamp::from_millis);
    let key: Vec<u8> = row.try_get_by_index(0)?;
    let assurance: String = row.try_get_by_index(9)?;
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
        assurance: assurance.parse().map_err(|_| StoreError::corrupt("an assurance"))?,
        factor_at: row.try_get_by_index::<Option<i64>>(10)?.map(Timestamp::from_millis),
    })
}
