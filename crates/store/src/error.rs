//! The errors of the store, as far as a caller can act on them.
//!
//! The driver's own words stay here: they quote URLs, values and what a server sends.
//! A [`Cause`] says as much as can be said without them.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use crate::Cause;

/// The SQLSTATE of a server that takes no writes.
const READ_ONLY: &str = "25006";

/// Why a read or a write did not happen; a failed write left nothing behind, unless it
/// was its commit that went unanswered.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row would break this rule of the schema.
    #[error("a row stands against {0:?}")]
    Conflict(Constraint),
    /// The database is locked, full, gone or out of connections; a later try may succeed.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// Anything else: a defect of ours or of the data.
    #[error("the database refused a statement")]
    Internal(#[source] Cause),
}

/// The rules of the schema that a visitor can run into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// One account per address.
    UserEmail,
    /// The row belongs to a user who must exist.
    UserExists,
    /// A key that was to be new exists.
    DuplicateKey,
}

impl StoreError {
    /// A row that the domain types cannot hold.
    pub(crate) fn corrupt(what: &str) -> Self {
        Self::Internal(Cause::corrupt(what))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
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

/// Whether the connection is useless, and with it all that were made before it: it is broken, the
/// server shuts down (57P), or it takes no more writes, like a primary that became a standby
/// (25006). A cached plan from before a migration is useless, too.
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

/// Whether a statement was prepared before its table was changed.
fn is_old_plan(code: &str, message: &str) -> bool {
    code == "0A000" && message.contains("cached plan")
}

/// Whether the same statement may succeed later: pool and connection errors, and
/// the codes for busy (5), locked (6), I/O (10), full (13) and cannot open (14) of
/// SQLite, for connection (08), resources (53), operator intervention (57),
/// system (58), serialisation and deadlock (40), lock time-out (55) and a server that takes
/// no writes (25006) of PostgreSQL.
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
