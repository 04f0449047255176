//! The cause of a database error, safe to log. The text of the driver is dropped, because it may
//! quote a URL with its password, a value of a row, or anything that a server sends (LGG-06).

use std::{borrow::Cow, fmt};

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError, postgres::PgDatabaseError},
};

use crate::limits::TOO_SLOW;

/// A class of causes, with the error code of the database if there is one. `Display` and `Debug`
/// contain no text of the driver.
#[derive(Clone, PartialEq, Eq)]
pub struct Cause(Cow<'static, str>);

impl Cause {
    /// Creates the cause for a row that the domain types cannot hold.
    pub(crate) fn corrupt(what: &str) -> Self {
        Self(format!("{what} in the database is malformed").into())
    }

    /// Creates a cause from a text of this crate.
    pub(crate) fn named(text: String) -> Self {
        Self(text.into())
    }

    pub(crate) fn of(error: &DbErr) -> Self {
        let text = match error {
            DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error) => match error {
                RuntimeErr::SqlxError(error) => return Self::of_driver(error),
                RuntimeErr::Internal(text) if text == TOO_SLOW => TOO_SLOW,
                RuntimeErr::Internal(_) => "an error of the database layer",
            },
            DbErr::ConnectionAcquire(_) => NO_CONNECTION,
            DbErr::RecordNotFound(_) => "a row is missing",
            DbErr::RecordNotInserted | DbErr::RecordNotUpdated => "a row was not written",
            DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => UNREADABLE,
            DbErr::Custom(text) if text.starts_with("Migration file of version") => {
                "the schema has migrations that this program does not know"
            }
            DbErr::Migration(_) => "a migration failed",
            _ => "an error of the database layer",
        };
        Self(text.into())
    }

    pub(crate) fn of_driver(error: &sqlx::Error) -> Self {
        let text = match error {
            sqlx::Error::Database(error) => return Self(of_database(&**error).into()),
            sqlx::Error::Io(error) => return Self(error.kind().to_string().into()),
            sqlx::Error::Tls(_) => "TLS failed",
            sqlx::Error::PoolTimedOut => NO_CONNECTION,
            sqlx::Error::PoolClosed => "the connections are closed",
            sqlx::Error::Protocol(_) => "the peer does not keep to the protocol",
            sqlx::Error::Configuration(_) => "the options of the connection cannot be used",
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_) => UNREADABLE,
            sqlx::Error::RowNotFound => "a row is missing",
            _ => "an error of the driver",
        };
        Self(text.into())
    }
}

const NO_CONNECTION: &str = "no connection became free or could be made in time";
const UNREADABLE: &str = "a value is not of the type that it has to be";

/// Returns the error code alone, and for PostgreSQL also the names of the table and the constraint.
fn of_database(error: &dyn DatabaseError) -> String {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<PgDatabaseError>().is_none() {
        return format!("SQLite code {}", plain(&code));
    }
    let names = [error.table(), error.constraint()].map(Option::unwrap_or_default);
    let names: Vec<_> = names.into_iter().map(plain).filter(|name| !name.is_empty()).collect();
    let on = if names.is_empty() { String::new() } else { format!(" on {}", names.join(", ")) };
    format!("SQLSTATE {}{on}", plain(&code))
}

/// Keeps the characters that a code or a name can have, up to 63 of them.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(63).collect()
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cause {}

#[cfg(test)]
mod tests {
    use std::io;

    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::{StoreError, database::Reads, testing::stores};

    /// LGG-06: the text of a driver, which quotes values and URLs, is never passed on.
    #[test]
    fn a_cause_says_a_class_and_not_what_the_driver_said() {
        let canary = || "s3cret-canary".to_owned();
        let driver = [
            sqlx::Error::Configuration(canary().into()),
            sqlx::Error::InvalidArgument(canary()),
            sqlx::Error::Io(io::Error::other(canary())),
            sqlx::Error::Tls(canary().into()),
            sqlx::Error::Protocol(canary()),
            sqlx::Error::TypeNotFound { type_name: canary() },
            sqlx::Error::ColumnNotFound(canary()),
            sqlx::Error::ColumnDecode { index: canary(), source: canary().into() },
            sqlx::Error::Encode(canary().into()),
            sqlx::Error::Decode(canary().into()),
        ];
        let driver = driver.map(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())));
        let layer = [
            DbErr::Conn(RuntimeErr::Internal(canary())),
            DbErr::RecordNotFound(canary()),
            DbErr::AttrNotSet(canary()),
            DbErr::Custom(canary()),
            DbErr::Type(canary()),
            DbErr::Json(canary()),
            DbErr::Migration(canary()),
        ];
        for error in driver.into_iter().chain(layer) {
            assert!(format!("{error}").contains("canary"), "{error:?} cannot tell anything");
            let error = StoreError::from(error);
            let source = std::error::Error::source(&error).unwrap().to_string();
            let printed = format!("{error} {error:?} {source}");
            assert!(!printed.contains("canary") && !source.is_empty(), "{printed}");
        }
    }

    /// LGG-06.
    #[tokio::test]
    async fn a_statement_that_failed_is_known_by_its_code_alone() {
        for test in stores().await {
            let connection = &test.store.connection().inner;
            let failed = connection.execute_unprepared("SELECT * FROM s3cret_canary").await;
            let failed = failed.unwrap_err();
            assert!(failed.to_string().contains("s3cret_canary"));

            let cause = Cause::of(&failed).to_string();

            assert!(["SQLSTATE 42P01", "SQLite code 1"].contains(&cause.as_str()), "{cause}");
        }
    }
}
