//! What can go wrong in the store, as far as a caller can do something about it.
//!
//! The driver's own words stay here: they quote URLs, values and what a server sends.
//! A [`Cause`] says as much as can be said without them.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

use crate::Cause;

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
    /// What belongs to a user needs the user.
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

/// Whether the same statement may succeed later: pool and connection errors, and
/// the codes for busy (5), locked (6), I/O (10), full (13) and cannot open (14) of
/// SQLite, for connection (08), resources (53), operator intervention (57),
/// system (58), serialisation and deadlock (40), and lock time-out (55) of PostgreSQL.
fn is_passing(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_database_error() {
                Some(database) => database.code().is_some_and(|code| is_passing_code(&code)),
                None => !matches!(
                    **error,
                    sea_orm::sqlx::Error::ColumnDecode { .. }
                        | sea_orm::sqlx::Error::ColumnNotFound(_)
                        | sea_orm::sqlx::Error::Decode(_)
                        | sea_orm::sqlx::Error::Encode(_)
                ),
            }
        }
        _ => false,
    }
}

fn is_passing_code(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(sqlite) if code.len() < 5 => matches!(sqlite & 0xff, 5 | 6 | 10 | 13 | 14),
        _ => ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_and_lost_connections_pass_and_broken_statements_do_not() {
        for code in ["5", "261", "517", "6", "13", "08006", "40001", "53300", "57P01"] {
            assert!(is_passing_code(code), "{code}");
        }
        for code in ["1", "19", "1299", "23505", "42601"] {
            assert!(!is_passing_code(code), "{code}");
        }
    }
}
