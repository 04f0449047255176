//! The errors of the store, in the classes that a caller can act on.
//!
//! The text of the driver never leaves this crate, because it quotes URLs, values and messages of
//! the server. A [`Cause`] names the class and the error code instead.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use crate::Cause;

/// The SQLSTATE of a server that accepts no writes.
const READ_ONLY: &str = "25006";

/// The reason why a read or a write failed. A failed write leaves no change behind, except that a
/// commit without an answer may have taken effect.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The write violates this constraint of the schema.
    #[error("a row stands against {0:?}")]
    Conflict(Constraint),
    /// The database is locked, full, unreachable or out of connections. A later try may succeed.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// Any other cause: a defect of this program or of the data.
    #[error("the database refused a statement")]
    Internal(#[source] Cause),
}

/// The constraints of the schema that the action of a visitor can violate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// An address belongs to at most one account.
    UserEmail,
    /// An address has at most one open invitation.
    InvitedEmail,
    /// The user that a row refers to must exist.
    UserExists,
    /// A new key must not exist yet.
    DuplicateKey,
}

impl StoreError {
    /// Creates the error for a row that the domain types cannot hold.
    pub(crate) fn corrupt(what: &str) -> Self {
        Self::Internal(Cause::corrupt(what))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(text)) if text.contains("invitations") => {
                Self::Conflict(Constraint::InvitedEmail)
            }
            Some(SqlErr::UniqueConstraintViolation(text)) if text.contains("email") => {
                Self::Conflict(Constraint::UserEmail)
            }
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Conflict(Constraint::DuplicateKey),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
                Self::Conflict(Constraint::UserExists)
            }
            _ if is_passing(&error) => Self::Unavailable(Cause::of(&error)),
            _ => Self::Internal(Cause::of(&error)),
        }
    }
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error.as_ref()),
        _ => None,
    }
}

/// Returns whether the error makes all present connections useless. That is so if a connection is
/// broken (08), the server shuts down (57P), or the server accepts no more writes (25006), as a
/// primary that became a standby. It is also so if a cached plan is older than a migration.
pub(crate) fn is_of_the_connection(error: &DbErr) -> bool {
    let Some(error) = driver_error(error) else { return false };
    match (error, error.as_database_error()) {
        (_, Some(database)) => database.code().is_some_and(|code| {
            ["08", "57P"].iter().any(|class| code.starts_with(class))
                || code == READ_ONLY
                || is_old_plan(&code, database.message())
        }),
        (sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_), None) => true,
        _ => false,
    }
}

/// Returns whether the statement was prepared before a change of its table.
fn is_old_plan(code: &str, message: &str) -> bool {
    code == "0A000" && message.contains("cached plan")
}

/// Returns whether the same statement may succeed later. That holds for errors of the pool and of
/// the connection, and for these codes:
///
/// - SQLite: busy (5), locked (6), I/O (10), full (13), cannot open (14);
/// - PostgreSQL: connection (08), serialisation and deadlock (40), resources (53), lock time-out
///   (55), operator intervention (57), system (58), a server that accepts no writes (25006).
fn is_passing(error: &DbErr) -> bool {
    match (error, driver_error(error)) {
        (DbErr::ConnectionAcquire(_) | DbErr::Conn(_), _) => true,
        (_, Some(error)) => match error.as_database_error() {
            Some(database) => database.code().is_some_and(|code| {
                is_passing_code(&code) || is_old_plan(&code, database.message())
            }),
            None => !matches!(
                error,
                sqlx::Error::ColumnDecode { .. }
                    | sqlx::Error::ColumnNotFound(_)
                    | sqlx::Error::Decode(_)
                    | sqlx::Error::Encode(_)
            ),
        },
        _ => false,
    }
}

fn is_passing_code(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(sqlite) if code.len() < 5 => matches!(sqlite & 0xff, 5 | 6 | 10 | 13 | 14),
        _ => {
            code == READ_ONLY
                || ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_and_lost_connections_pass_and_broken_statements_do_not() {
        for code in ["5", "261", "517", "6", "13", "08006", "40001", "53300", "57P01", "25006"] {
            assert!(is_passing_code(code), "{code}");
        }
        for code in ["1", "19", "1299", "23505", "25001", "42601"] {
            assert!(!is_passing_code(code), "{code}");
        }
    }
}
