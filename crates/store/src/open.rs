//! Opens connections to the database, and creates the SQLite file.
//!
//! The first connection to PostgreSQL is made outside the pool, so that an error is reported at
//! once with its cause. The pool would retry a server that refuses, until its time-out. The SQLite
//! file and its journal files are readable by their owner only.

use std::{fs, io, path::Path, time::Duration};

use sea_orm::{
    DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        self, ConnectOptions, Connection, Executor, PgConnection, SqliteConnection,
        pool::PoolOptions,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};
use tokio::time::timeout;

use crate::{
    DatabaseSettings, OpenError, database_url::Target, encoding, limited::PoolHealth, limits::LIMIT,
};

/// How long a statement waits for the write lock of SQLite.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The lifetime of a connection to PostgreSQL, after which a change of the server behind a host
/// name takes effect.
const LIFETIME: Duration = Duration::from_mins(10);
/// The lifetime of an idle connection to PostgreSQL.
const IDLE_LIFETIME: Duration = Duration::from_mins(2);
/// The limits that PostgreSQL itself enforces on a connection.
const SESSION: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'";

/// Opens the database. Creates a missing SQLite file, readable by its owner only, and its folder,
/// unless `settings.must_exist` is set. Returns the pool, and on SQLite also the only connection
/// that writes.
pub(crate) async fn open(
    settings: &DatabaseSettings,
    health: &PoolHealth,
) -> Result<(DatabaseConnection, Option<DatabaseConnection>), OpenError> {
    let count = settings.max_connections.max(2);
    match settings.url.target() {
        Target::Postgres(options) => {
            let options = postgres(options, &settings.product);
            let mut first = connect_first(&options).await?;
            encoding::check_encoding(&mut first).await?;
            let _closed = timeout(LIMIT, first.close()).await;
            let pool = limited(PgPoolOptions::new(), count);
            let pool = pool.max_lifetime(LIFETIME).idle_timeout(IDLE_LIFETIME);
            let pool = health.watch(told(pool, SESSION)).connect_lazy_with(options);
            Ok((SqlxPostgresConnector::from_sqlx_postgres_pool(pool), None))
        }
        // Each further connection to an in-memory database would open a new, empty one.
        Target::Sqlite { options, in_memory: true } => {
            let pool = limited(SqlitePoolOptions::new(), 1).idle_timeout(None).max_lifetime(None);
            Ok((sqlite(options, pool).await?, None))
        }
        Target::Sqlite { options, in_memory: false } => {
            let file = options.get_filename();
            if settings.must_exist {
                open_existing(file).map_err(|error| OpenError::of_file(&error))?;
            } else {
                create_private(file).map_err(|error| OpenError::File(error.kind()))?;
            }
            let reader = sqlite(options, limited(SqlitePoolOptions::new(), count - 1)).await?;
            let writer = sqlite(options, limited(SqlitePoolOptions::new(), 1)).await?;
            Ok((reader, Some(writer)))
        }
    }
}

/// Opens one connection without a lifetime limit. Each time it is made it runs `session` first.
pub(crate) async fn open_migrator(
    options: &PgConnectOptions,
    product: &str,
    session: &'static str,
) -> Result<DatabaseConnection, OpenError> {
    let options = postgres(options, &format!("{product} migrate"));
    let first = connect_first(&options).await?;
    let _closed = timeout(LIMIT, first.close()).await;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(LIMIT)
        .idle_timeout(None)
        .max_lifetime(None);
    let pool = told(pool, session).connect_lazy_with(options);
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// Makes each new connection run `session` first.
fn told(pool: PgPoolOptions, session: &'static str) -> PgPoolOptions {
    pool.after_connect(move |connection, _| {
        Box::pin(async move { connection.execute(session).await.map(drop) })
    })
}

/// Opens one connection within three seconds, or returns the reason of the failure.
async fn connect_first(options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    match timeout(LIMIT, options.connect()).await {
        Ok(connected) => connected.map_err(|error| OpenError::of_postgres(&error)),
        Err(_) => Err(OpenError::Silent),
    }
}

fn limited<DB: sqlx::Database>(pool: PoolOptions<DB>, count: u32) -> PoolOptions<DB> {
    pool.max_connections(count).acquire_timeout(LIMIT).test_before_acquire(false)
}

/// Returns the options without `extra_float_digits`, a start-up parameter that `PgBouncer`
/// refuses. No column needs it, because none is a floating-point number.
fn postgres(options: &PgConnectOptions, name: &str) -> PgConnectOptions {
    options.clone().application_name(name).extra_float_digits(None).disable_statement_logging()
}

async fn sqlite(
    options: &SqliteConnectOptions,
    pool: SqlitePoolOptions,
) -> Result<DatabaseConnection, OpenError> {
    let options = options
        .clone()
        // The file exists already, or must not be created.
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // Overwrites deleted content, such as links in sent mails and ended sessions, so that it
        // cannot be read from the file (RST-02, SES-11).
        .pragma("secure_delete", "ON")
        // 8 MiB, given in KiB: room for the inner pages of the indexes of a large site and for
        // the pages of active users.
        .pragma("cache_size", "-8192")
        .disable_statement_logging();
    let pool = pool.after_release(|connection, _| Box::pin(has_no_transaction(connection)));
    let pool = pool.connect_with(options).await.map_err(|error| OpenError::of_sqlite(&error))?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Returns whether the connection has no open transaction, and may go back to the pool.
///
/// On a full disk SQLite ends a transaction by itself, but the driver still counts it as open. The
/// next transaction would be a savepoint without a transaction, and its commit would keep nothing
/// (RES-07).
async fn has_no_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // The rollback of a dropped transaction may still be running. The ping waits for it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// Checks that `file` exists and can be written.
fn open_existing(file: &Path) -> io::Result<()> {
    fs::OpenOptions::new().append(true).open(file).map(drop)
}

/// Creates `file` if it is missing, readable by its owner only (mode 0600). SQLite gives the
/// journal files beside it the same mode.
fn create_private(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    fn settings(url: &str) -> DatabaseSettings {
        DatabaseSettings { url: url.parse().unwrap(), ..DatabaseSettings::default() }
    }

    /// CFG-01: a URL has one parser.
    #[cfg(unix)]
    #[tokio::test]
    async fn the_file_that_is_guarded_is_the_file_that_is_opened() {
        use std::os::unix::fs::PermissionsExt;

        for (path, encoded) in [
            ("my data/a.db", "my%20data/a.db"),
            ("a?b#c.db", "a%3Fb%23c.db"),
            ("100%.db", "100%25.db"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/{encoded}?mode=rwc", folder.path().display());
            let store = Store::connect(&settings(&url), Duration::ZERO).await.unwrap();
            store.migrate_up().await.unwrap();

            let file = folder.path().join(path);
            assert!(fs::metadata(&file).unwrap().len() > 0, "{url}: another file was opened");
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{url}");
            assert_eq!(
                fs::read_dir(folder.path()).unwrap().count(),
                if path.contains('/') { 1 } else { 3 }
            );
        }
    }

    /// With `must_exist`, neither the database nor its folder is created.
    #[tokio::test]
    async fn what_has_to_exist_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/new/a.db?mode=rwc", folder.path().display());

        let missing = Store::connect(&settings(&url).existing(), Duration::ZERO).await;

        assert_eq!(missing.unwrap_err(), OpenError::Missing);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        Store::connect(&settings(&url), Duration::ZERO).await.unwrap();
        Store::connect(&settings(&url).existing(), Duration::ZERO).await.unwrap();
    }

    #[tokio::test]
    async fn a_file_that_is_something_else_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.db"), "s3cret-canary".repeat(1_000)).unwrap();
        let url = format!("sqlite://{}/a.db", folder.path().display());

        let refused = Store::connect(&settings(&url), Duration::ZERO).await;

        assert_eq!(refused.unwrap_err(), OpenError::NotADatabase);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_database_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/folder/app.db");
        let url = format!("sqlite://{}?mode=rwc", file.display()).try_into().unwrap();
        let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
        let store = Store::connect(&settings, Duration::ZERO).await.unwrap();
        store.migrate_up().await.unwrap();

        for suffix in ["", "-wal", "-shm"] {
            let path = format!("{}{suffix}", file.display());
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{path}");
        }
    }
}
