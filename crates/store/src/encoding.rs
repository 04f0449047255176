//! Checks the encoding of a PostgreSQL database before the work begins: otherwise a name in Chinese
//! would be an internal error.

use sea_orm::sqlx::{self, PgConnection};

use crate::OpenError;

/// Refuses a database that cannot keep every text.
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
