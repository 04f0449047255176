//! Where the database is and how many connections may be open to it.

use std::{fmt, path::PathBuf};

use serde::Deserialize;

/// The section `database` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// Where the database is.
    pub url: DatabaseUrl,
    /// How many connections this process may hold, 2 or more.
    pub max_connections: u32,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: DatabaseUrl("sqlite://var/latchkey.db?mode=rwc".to_owned()),
            max_connections: 10,
        }
    }
}

/// `sqlite://PATH?mode=rwc`, `sqlite::memory:` or `postgres://…`; never prints the
/// password that may be in it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL with its password, for the driver alone.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it names a PostgreSQL server.
    pub fn is_postgres(&self) -> bool {
        !self.0.starts_with("sqlite:")
    }

    /// The database file, where there is one.
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.0.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split('?').next().unwrap_or_default();
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = &'static str;

    fn try_from(url: String) -> Result<Self, Self::Error> {
        if ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
        {
            Ok(Self(url))
        } else {
            Err(
                "is no database URL; write `sqlite://PATH?mode=rwc` or `postgres://USER:PASSWORD@HOST/NAME`",
            )
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority_end = self.0.rfind('@');
        let scheme_end = self.0.find("://").map(|at| at + 3);
        match (scheme_end, authority_end) {
            (Some(start), Some(end)) if start < end => {
                let (scheme, rest) = self.0.split_at(start);
                let (_, host) = rest.split_at(end - start);
                write!(f, "{scheme}…{host}")
            }
            _ => f.write_str(&self.0),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        DatabaseUrl::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn the_file_of_an_sqlite_url_is_found() {
        assert_eq!(url("sqlite://var/a.db?mode=rwc").file(), Some("var/a.db".into()));
        assert_eq!(url("sqlite:///srv/a.db").file(), Some("/srv/a.db".into()));
        assert_eq!(url("sqlite::memory:").file(), None);
        assert_eq!(url("postgres://h/n").file(), None);
        assert!(DatabaseUrl::try_from("mysql://h/n".to_owned()).is_err());
    }

    /// LGG-06.
    #[test]
    fn a_url_does_not_print_its_password() {
        let url = url("postgres://latchkey:s3cr@t@db.test/latchkey");
        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://…@db.test/latchkey postgres://…@db.test/latchkey"
        );
    }
}
