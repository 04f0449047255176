//! Checks the encoding of a PostgreSQL database when it is opened. In another encoding than UTF-8,
//! a name in Chinese would cause an internal error later.

use sea_orm::sqlx::{self, PgConnection};

use crate::OpenError;

/// Fails with [`OpenError::Encoding`] if the encoding is not UTF-8.
pub(crate) async fn check_encoding(connection: &mut PgConnection) -> Result<(), OpenError> {
    let encoding: String = sqlx::query_scalar("SHOW server_encoding")
        .persistent(false)
        .fetch_one(connection)
        .await
        .map_err(|error| OpenError::of_postgres(&error))?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(OpenError::Encoding(encoding.chars().filter(char::is_ascii_alphanumeric).collect()))
}
