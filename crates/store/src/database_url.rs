//! The URL of the database, as the driver reads it.
//!
//! The URL is parsed only once, into the options of the driver. The path of the file, the checks
//! before the start and every printed form come from these options, so that no check can apply to
//! another database than the one that is opened. Parameters that the driver would ignore are
//! refused. No output contains the password, errors included.

use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use domain::Brand;
use sea_orm::sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgSslMode},
    sqlite::SqliteConnectOptions,
};
use serde::Deserialize;
use url::Url;

/// The URL of a database: `sqlite://PATH?mode=rwc`, `sqlite::memory:` or `postgres://…`.
/// `Display` and `Debug` omit user and password.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct DatabaseUrl(Target);

#[derive(Clone)]
pub(crate) enum Target {
    /// A file, or a database in memory.
    Sqlite {
        options: Box<SqliteConnectOptions>,
        in_memory: bool,
    },
    Postgres(Box<PgConnectOptions>),
}

/// The reason why a text is not a [`DatabaseUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// The URL has none of the supported schemes.
    #[error(
        "is no database URL; write `sqlite://PATH?mode=rwc` or `postgres://USER:PASSWORD@HOST/NAME`"
    )]
    Scheme,
    /// The URL cannot be parsed, or has an `@`, `#`, `/` or `?` in the wrong place.
    #[error(
        "cannot be read; write `postgres://USER:PASSWORD@HOST/NAME` and percent-encode special characters of each part, such as `#` as `%23`, `/` as `%2F`, `?` as `%3F`, `@` as `%40` and `%` as `%25`"
    )]
    Malformed,
    /// The URL has a parameter of libpq or of another driver, which this driver would ignore.
    #[error("has the parameter `{0}`, which is not supported; remove it")]
    Unsupported(&'static str),
    /// The URL has an unknown parameter, or a parameter with an invalid value.
    #[error(
        "has a parameter that is unknown or has no such value; remove it, and percent-encode a `?` of the password as `%3F`"
    )]
    Parameter,
    /// The URL names no file, or a path that SQLite would not read as a plain path.
    #[error("names no file; write its path after `sqlite://`, without `file:`")]
    File,
    /// The URL opens the file read-only.
    #[error("asks for a database that is only read; set `mode=rwc` and no `immutable`")]
    ReadOnly,
}

/// The parameters that the PostgreSQL driver reads. It ignores all others.
const POSTGRES_PARAMETERS: [&str; 18] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// Parameters of other drivers. An error names them from this list, and never quotes the URL.
const FOREIGN_PARAMETERS: [&str; 14] = [
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "gssencmode",
    "keepalives",
    "load_balance_hosts",
    "pgbouncer",
    "pool_max_conns",
    "require_auth",
    "schema",
    "service",
    "sslcrl",
    "sslpassword",
    "target_session_attrs",
];

impl DatabaseUrl {
    pub(crate) const fn target(&self) -> &Target {
        &self.0
    }

    /// Returns whether the URL names a PostgreSQL server.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.0, Target::Postgres(_))
    }

    /// Returns whether the database is in memory, and ends with the process.
    pub const fn is_in_memory(&self) -> bool {
        matches!(self.0, Target::Sqlite { in_memory: true, .. })
    }

    /// Returns the path of the SQLite file, if the database is a file.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.0 {
            Target::Sqlite { options, in_memory: false } => Some(options.get_filename().to_owned()),
            Target::Sqlite { .. } | Target::Postgres(_) => None,
        }
    }

    /// Returns whether passwords and rows may cross a network unencrypted: always, or as soon as
    /// the server or an attacker in between asks for it.
    pub fn is_plaintext_to_remote(&self) -> bool {
        let Target::Postgres(options) = &self.0 else { return false };
        let may_be_plain = matches!(
            options.get_ssl_mode(),
            PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer
        );
        may_be_plain && !is_local(options)
    }
}

/// Returns whether the connection to the server stays on this machine.
fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    options.get_socket().is_some()
        || host.starts_with('/')
        || name == "localhost"
        || name.ends_with(".localhost")
        || name.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

impl DatabaseUrl {
    /// The SQLite file of a product until a URL is configured: `var/SLUG.db`.
    pub fn of_product(slug: &str) -> Self {
        let options = SqliteConnectOptions::new().filename(format!("var/{slug}.db"));
        let options = Box::new(options.create_if_missing(true));
        Self(Target::Sqlite { options, in_memory: false })
    }
}

impl Default for DatabaseUrl {
    fn default() -> Self {
        Self::of_product(Brand::EXAMPLE.slug)
    }
}

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidDatabaseUrl> {
        let (scheme, rest) = text.split_once(':').ok_or(InvalidDatabaseUrl::Scheme)?;
        let target = match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => sqlite(rest),
            "postgres" | "postgresql" if rest.starts_with("//") => postgres(text),
            _ => Err(InvalidDatabaseUrl::Scheme),
        };
        target.map(Self)
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = InvalidDatabaseUrl;

    fn try_from(text: String) -> Result<Self, InvalidDatabaseUrl> {
        text.parse()
    }
}

fn sqlite(rest: &str) -> Result<Target, InvalidDatabaseUrl> {
    let options: SqliteConnectOptions =
        format!("sqlite:{rest}").parse().map_err(|_| InvalidDatabaseUrl::Parameter)?;
    // The driver exposes its flags only as a URL, which it cannot write for every path.
    let flags = options.clone().filename("any").to_url_lossy();
    let has = |key: &str, value: &str| flags.query_pairs().any(|(k, v)| k == key && v == value);
    if has("mode", "ro") || has("immutable", "true") {
        return Err(InvalidDatabaseUrl::ReadOnly);
    }
    let in_memory = has("mode", "memory");
    let path = options.get_filename().to_string_lossy();
    let is_file = !path.is_empty()
        && path != ":memory:"
        && !path.starts_with("file:")
        && !path.chars().any(char::is_control);
    if !is_file && !in_memory {
        return Err(InvalidDatabaseUrl::File);
    }
    Ok(Target::Sqlite { options: Box::new(options), in_memory })
}

fn postgres(text: &str) -> Result<Target, InvalidDatabaseUrl> {
    // The URL parser removes these characters silently.
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err(InvalidDatabaseUrl::Malformed);
    }
    let url = Url::parse(text).map_err(|_| InvalidDatabaseUrl::Malformed)?;
    // An unescaped character of the password ends the authority early. The rest of the password
    // and the `@` are then in one of these parts.
    let after_authority = [Some(url.path()), url.query(), url.fragment()];
    let is_torn = after_authority.into_iter().flatten().any(|part| part.contains('@'));
    if is_torn || url.fragment().is_some() || url.path().trim_start_matches('/').contains('/') {
        return Err(InvalidDatabaseUrl::Malformed);
    }
    for (name, _) in url.query_pairs() {
        let is_option = name.starts_with("options[") && name.ends_with(']');
        if !is_option && !POSTGRES_PARAMETERS.contains(&&*name) {
            let foreign = FOREIGN_PARAMETERS.iter().find(|foreign| **foreign == name);
            return Err(foreign.map_or(InvalidDatabaseUrl::Parameter, |foreign| {
                InvalidDatabaseUrl::Unsupported(foreign)
            }));
        }
    }
    let options = PgConnectOptions::from_url(&url).map_err(|_| InvalidDatabaseUrl::Parameter)?;
    Ok(Target::Postgres(Box::new(options)))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::Sqlite { in_memory: true, .. } => f.write_str("sqlite::memory:"),
            Target::Sqlite { options, .. } => {
                write!(f, "sqlite://{}", options.get_filename().display())
            }
            Target::Postgres(options) => write_postgres(f, options),
        }
    }
}

/// Writes host, port, database and TLS mode, without user and password.
fn write_postgres(f: &mut fmt::Formatter<'_>, options: &PgConnectOptions) -> fmt::Result {
    f.write_str("postgres://")?;
    match options.get_socket() {
        Some(socket) => write_socket(f, socket)?,
        None if options.get_host().starts_with('/') => {
            write_socket(f, Path::new(options.get_host()))?;
        }
        None => f.write_str(options.get_host())?,
    }
    write!(f, ":{}/", options.get_port())?;
    // Without a database name the server uses the name of the user.
    f.write_str(options.get_database().unwrap_or_default())?;
    let mode = match options.get_ssl_mode() {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    };
    write!(f, "?sslmode={mode}")
}

fn write_socket(f: &mut fmt::Formatter<'_>, folder: &Path) -> fmt::Result {
    f.write_str(&folder.display().to_string().replace('/', "%2F"))
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
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// CFG-01: a URL has one parser, so that checks apply to the file that is opened.
    #[test]
    fn the_file_is_the_one_that_the_driver_opens() {
        for (text, file) in [
            ("sqlite://var/a.db?mode=rwc", "var/a.db"),
            ("sqlite:///srv/a.db", "/srv/a.db"),
            ("sqlite:var/a.db", "var/a.db"),
            ("sqlite:/srv/a.db?mode=rw", "/srv/a.db"),
            ("SQLite:///srv/a.db", "/srv/a.db"),
            ("sqlite://my%20data/a.db?mode=rwc", "my data/a.db"),
            ("sqlite://my data/a.db", "my data/a.db"),
            ("sqlite:///srv/a%3Fb%23c.db?mode=rwc", "/srv/a?b#c.db"),
            ("sqlite:///srv/a#b.db", "/srv/a#b.db"),
            ("sqlite:///srv/100%25.db", "/srv/100%.db"),
            ("sqlite:///srv/a:b@c.db", "/srv/a:b@c.db"),
            ("sqlite://a.db?cache=private&vfs=unix", "a.db"),
        ] {
            assert_eq!(url(text).file(), Some(file.into()), "{text}");
            assert_eq!(url(text).to_string(), format!("sqlite://{file}"), "{text}");
        }
        assert_eq!(url("postgres://h/n").file(), None);
        for text in ["sqlite::memory:", "sqlite://:memory:", "sqlite://x.db?mode=memory"] {
            assert!(url(text).is_in_memory() && url(text).file().is_none(), "{text}");
        }
    }

    /// A path is refused if SQLite would decode it again, or open a new database for each
    /// connection.
    #[test]
    fn a_path_that_the_driver_and_sqlite_read_differently_is_refused() {
        for text in [
            "sqlite:file:/srv/a.db?mode=rwc",
            "sqlite://file:a.db",
            "sqlite:%66ile:a.db",
            "sqlite:",
            "sqlite://",
            "sqlite://?mode=rwc",
            "sqlite:%3Amemory%3A",
            "sqlite://a%00.db",
            "sqlite://a%0Ab.db",
        ] {
            assert_eq!(
                text.parse::<DatabaseUrl>().unwrap_err(),
                InvalidDatabaseUrl::File,
                "{text}"
            );
        }
        for text in ["sqlite://a.db?mode=ro", "sqlite://a.db?immutable=1"] {
            let error = text.parse::<DatabaseUrl>().unwrap_err();
            assert_eq!(error, InvalidDatabaseUrl::ReadOnly, "{text}");
        }
        for text in ["sqlite://a.db?mode=write", "sqlite://a.db?key=s3cret", "sqlite://%ff"] {
            let error = text.parse::<DatabaseUrl>().unwrap_err();
            assert_eq!(error, InvalidDatabaseUrl::Parameter, "{text}");
        }
    }

    /// LGG-06: this holds for every place and every content of the password.
    #[test]
    fn a_url_prints_no_password() {
        for (text, printed) in [
            ("postgres://u:s3cret@db.test/n", "db.test:5432/n?sslmode=prefer"),
            ("postgresql://u:s3cr@t-s3cret@db.test/n", "db.test:5432/n?sslmode=prefer"),
            ("POSTGRES://u:s3cret%23%2F%3F%40%25@db.test:6/n", "db.test:6/n?sslmode=prefer"),
            ("postgres://u:s3c ret s3cret@db.test/n", "db.test:5432/n?sslmode=prefer"),
            ("postgres://db.test/n?password=s3cret&user=u", "db.test:5432/n?sslmode=prefer"),
            ("postgres:///n?host=db.test&password=s3cret%40", "db.test:5432/n?sslmode=prefer"),
            (
                "postgres://u:s3cret@db.test/n?sslmode=verify-full&sslkey=/s3cret",
                "db.test:5432/n?sslmode=verify-full",
            ),
            ("postgres://u:s3cret@%2Frun%2Fpg/n", "%2Frun%2Fpg:5432/n?sslmode=prefer"),
            ("postgres://u:s3cret@[::1]:7/n?options[geqo]=off", "[::1]:7/n?sslmode=prefer"),
        ] {
            let url = url(text);
            let printed = format!("postgres://{printed}");
            assert_eq!(format!("{url} {url:?}"), format!("{printed} {printed}"), "{text}");
        }
    }

    /// LGG-06: an unescaped special character in a password is an error, and no error quotes
    /// the password.
    #[test]
    fn a_password_that_tears_the_url_is_refused_without_a_quote() {
        for text in [
            "postgres://app:s3cr#t@db/x",
            "postgres://app:s3cr/t@db/x",
            "postgres://app:s3cr?t@db/x",
            "postgres://app:42#s3cret@db/x",
            "postgres://app:42/s3cret@db/x",
            "postgres://app:42?s3cret@db/x",
            "postgres://app:42?user=s3cret@db/x",
            "postgres://app:s3c\nret@db/x",
            "postgres://app:%ff@db/s3cret/x",
            " postgres://app:s3cret@db/x",
            "postgres://app:s3cret@db/x ",
            "postgres:app:s3cret@db/x",
            "app:s3cret@db/x",
            "mysql://app:s3cret@db/x",
            "postgres://app:s3cret@db:99999/x",
            "postgres://app@db/x?s3cret=1",
            "postgres://app@db/x?sslpassword=s3cret",
            "postgres://app@db/x?sslmode=s3cret",
            "postgres://app@db/x?port=s3cret",
            "",
        ] {
            let error = text.parse::<DatabaseUrl>().unwrap_err();
            let printed = format!("{error} {error:?}");
            assert!(!printed.contains("s3c") && !printed.contains("42"), "{text}: {printed}");
        }
        let error = "postgres://h/n?sslpassword=x".parse::<DatabaseUrl>().unwrap_err();
        assert_eq!(error, InvalidDatabaseUrl::Unsupported("sslpassword"));
    }

    #[test]
    fn only_a_remote_server_without_certain_encryption_is_reached_in_the_clear() {
        for text in [
            "postgres://u:p@db.test/n?sslmode=prefer",
            "postgres://u:p@db.test/n?sslmode=allow",
            "postgres://u:p@10.0.0.5/n?sslmode=disable",
            "postgres://u:p@[fe80::1]/n?ssl-mode=DISABLE",
            "postgres://localhost/n?host=db.test&sslmode=prefer",
            "postgres://localhost.example.test/n?sslmode=prefer",
            "postgres://0.0.0.0/n?sslmode=prefer",
        ] {
            assert!(url(text).is_plaintext_to_remote(), "{text}");
        }
        for text in [
            "postgres://u:p@db.test/n?sslmode=require",
            "postgres://u:p@db.test/n?sslmode=verify-ca",
            "postgres://u:p@db.test/n?sslmode=verify-full",
            "postgres://u:p@LOCALHOST/n?sslmode=disable",
            "postgres://u:p@db.localhost./n?sslmode=disable",
            "postgres://u:p@127.0.0.9/n?sslmode=disable",
            "postgres://u:p@[::1]/n?sslmode=disable",
            "postgres://u:p@%2Frun%2Fpostgresql/n?sslmode=disable",
            "postgres://db.test/n?host=/run/postgresql&sslmode=disable",
            "sqlite://a.db",
        ] {
            assert!(!url(text).is_plaintext_to_remote(), "{text}");
        }
    }
}
