//! The reasons why the database cannot be opened, each in one line for the operator. The line
//! names the class of the cause and the fix. It never quotes the driver and never contains a
//! secret (LGG-06).

use std::io::{self, ErrorKind};

use sea_orm::sqlx::{self, error::DatabaseError};

use crate::Cause;

/// The reason why the database could not be opened. `Display` gives the line for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The SQLite file does not exist, and must not be created.
    #[error("the file does not exist")]
    Missing,
    /// The SQLite file or its folder cannot be created, read or written.
    #[error(
        "the file cannot be opened for writing ({0}); correct database.url, or give the user of this process the file and its folder"
    )]
    File(ErrorKind),
    /// The file is not a SQLite database.
    #[error("the file is no SQLite database; correct database.url")]
    NotADatabase,
    /// No server listens at the host and port.
    #[error(
        "the connection is refused; start PostgreSQL, or correct host and port of database.url"
    )]
    Refused,
    /// The host name has no address.
    #[error("the name of the host is unknown; correct the host of database.url")]
    UnknownHost,
    /// The network does not reach the server, or a file for the connection is missing.
    #[error("the server cannot be reached ({0}); correct database.url")]
    Unreachable(ErrorKind),
    /// The server did not answer within three seconds.
    #[error(
        "no answer within three seconds; look whether PostgreSQL runs and the network leads there"
    )]
    Silent,
    /// The server refused the user, the password or the authentication method.
    #[error("the authentication failed; correct user and password of database.url, or pg_hba.conf")]
    Authentication,
    /// The server has no database of that name.
    #[error("the server has no database of that name; create it, or correct database.url")]
    NoDatabase,
    /// The server has no TLS, or its certificate is not trusted.
    #[error(
        "TLS failed; the server has none, or its certificate does not prove it: correct sslmode and sslrootcert of database.url"
    )]
    Tls,
    /// The server has reached its limit of connections.
    #[error(
        "the server takes no further connection; lower database.max_connections or raise max_connections there"
    )]
    Full,
    /// The database has another encoding than UTF-8, which would refuse or damage texts.
    #[error(
        "the database is encoded in {0}; create one with ENCODING 'UTF8' and TEMPLATE template0"
    )]
    Encoding(String),
    /// The database role lacks a right. The second value is the fix.
    #[error("the role of database.url may not {0}; {1}")]
    Rights(String, &'static str),
    /// Any other cause.
    #[error("it failed ({0})")]
    Other(Cause),
}

impl OpenError {
    pub(crate) fn of_file(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::Missing,
            kind => Self::File(kind),
        }
    }

    /// Classifies an error of the SQLite driver at the opening of a file.
    pub(crate) fn of_sqlite(error: &sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(DatabaseError::code);
        match code.and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff) {
            Some(8) => Self::File(ErrorKind::ReadOnlyFilesystem),
            Some(14) => Self::File(ErrorKind::PermissionDenied),
            Some(26) => Self::NotADatabase,
            _ => Self::Other(Cause::of_driver(error)),
        }
    }

    /// Classifies an error of the PostgreSQL driver at the start of a connection.
    pub(crate) fn of_postgres(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(error) if is_unknown_host(error) => Self::UnknownHost,
            sqlx::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => Self::Refused,
            sqlx::Error::Io(error) => Self::Unreachable(error.kind()),
            sqlx::Error::Tls(_) => Self::Tls,
            sqlx::Error::PoolTimedOut => Self::Silent,
            sqlx::Error::Database(database) => match database.code().as_deref() {
                Some("28P01" | "28000") => Self::Authentication,
                Some("3D000") => Self::NoDatabase,
                Some("53300") => Self::Full,
                _ => Self::Other(Cause::of_driver(error)),
            },
            _ => Self::Other(Cause::of_driver(error)),
        }
    }
}

/// Recognizes an error of the resolver by its text, which is the standard library's. The resolver
/// has no `ErrorKind`.
fn is_unknown_host(error: &io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address information")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LGG-06.
    #[test]
    fn each_class_of_cause_is_one_line_without_what_the_driver_said() {
        let lookup = "failed to lookup address information: s3cret-canary";
        for (error, expected) in [
            (sqlx::Error::Io(ErrorKind::ConnectionRefused.into()), OpenError::Refused),
            (sqlx::Error::Io(io::Error::other(lookup)), OpenError::UnknownHost),
            (
                sqlx::Error::Io(ErrorKind::HostUnreachable.into()),
                OpenError::Unreachable(ErrorKind::HostUnreachable),
            ),
            (sqlx::Error::Tls("s3cret-canary".into()), OpenError::Tls),
            (sqlx::Error::PoolTimedOut, OpenError::Silent),
        ] {
            let told = OpenError::of_postgres(&error);
            assert_eq!(told, expected);
            let printed = format!("{told} {told:?}");
            assert!(!printed.contains("canary") && !told.to_string().contains('\n'), "{printed}");
        }
    }
}
