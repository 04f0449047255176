//! Why the database could not be opened, in one line for the operator: the class of
//! the cause and the fix, never the words of the driver and never a secret (LGG-06).

use std::io::{self, ErrorKind};

use sea_orm::sqlx::{self, error::DatabaseError};

use crate::Cause;

/// Why the database could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The file of SQLite is not there, and was not to be made.
    #[error("the file does not exist")]
    Missing,
    /// The file of SQLite, or its folder, cannot be made, read or written.
    #[error(
        "the file cannot be opened for writing ({0}); correct database.url, or give the user of this process the file and its folder"
    )]
    File(ErrorKind),
    /// The file is something else.
    #[error("the file is no SQLite database; correct database.url")]
    NotADatabase,
    /// Nothing listens.
    #[error(
        "the connection is refused; start PostgreSQL, or correct host and port of database.url"
    )]
    Refused,
    /// No address.
    #[error("the name of the host is unknown; correct the host of database.url")]
    UnknownHost,
    /// The network does not lead there, or a file of the connection is missing.
    #[error("the server cannot be reached ({0}); correct database.url")]
    Unreachable(ErrorKind),
    /// Nothing came back.
    #[error(
        "no answer within three seconds; look whether PostgreSQL runs and the network leads there"
    )]
    Silent,
    /// The user, the password or the way to show it is refused.
    #[error("the authentication failed; correct user and password of database.url, or pg_hba.conf")]
    Authentication,
    /// There is a server, without this database.
    #[error("the server has no database of that name; create it, or correct database.url")]
    NoDatabase,
    /// No TLS, or a certificate that proves nothing.
    #[error(
        "TLS failed; the server has none, or its certificate does not prove it: correct sslmode and sslrootcert of database.url"
    )]
    Tls,
    /// The server takes no more connections now.
    #[error(
        "the server takes no further connection; lower database.max_connections or raise max_connections there"
    )]
    Full,
    /// Text would be refused later, or kept wrongly.
    #[error(
        "the database is encoded in {0}; create one with ENCODING 'UTF8' and TEMPLATE template0"
    )]
    Encoding(String),
    /// The role lacks this right.
    #[error("the role of database.url may not {0}; {1}")]
    Rights(String, &'static str),
    /// Anything else.
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

    /// The error of the SQLite driver when it opens a file.
    pub(crate) fn of_sqlite(error: &sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(DatabaseError::code);
        match code.and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff) {
            Some(8) => Self::File(ErrorKind::ReadOnlyFilesystem),
            Some(14) => Self::File(ErrorKind::PermissionDenied),
            Some(26) => Self::NotADatabase,
            _ => Self::Other(Cause::of_driver(error)),
        }
    }

    /// The error of the PostgreSQL driver when it connects.
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

/// The resolver has no kind of its own, and its text is the standard library's.
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
