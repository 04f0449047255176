//! How connections to the database are made, and the file of SQLite with them.
//!
//! The first connection is made outside of the pool, so that its error is reported at once and by
//! its cause: the pool would go on trying a server that refuses.

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

/// How long a statement waits for SQLite's write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection to PostgreSQL lives: as long as a change of the server behind an
/// address may go unnoticed.
const LIFETIME: Duration = Duration::from_mins(10);
/// How long it lives without being used.
const IDLE_LIFETIME: Duration = Duration::from_mins(2);
/// The server's own limits for a connection.
const SESSION: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'";

/// Opens the database; the file of SQLite (readable by its owner only) and its folder are
/// made where they are missing, unless the database has to exist. The second connection
/// is the one that writes, where only one can.
pub(crate) async fn open(
    settings: &DatabaseSettings,
    health: &PoolHealth,
) -> Result<(DatabaseConnection, Option<DatabaseConnection>), OpenError> {
    let count = settings.max_connections.max(2);
    match settings.url.target() {
        Target::Postgres(options) => {
            let options = postgres(options);
            let mut first = connect_first(&options).await?;
            encoding::check_encoding(&mut first).await?;
            let _closed = timeout(LIMIT, first.close()).await;
            let pool = limited(PgPoolOptions::new(), count);
            let pool = pool.max_lifetime(LIFETIME).idle_timeout(IDLE_LIFETIME);
            let pool = health.watch(told(pool, SESSION)).connect_lazy_with(options);
            Ok((SqlxPostgresConnector::from_sqlx_postgres_pool(pool), None))
        }
        // Each connection to an in-memory database would see a database of its own.
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

/// One connection without limits of its own, which runs `session` first whenever it is made.
pub(crate) async fn open_migrator(
    options: &PgConnectOptions,
    session: &'static str,
) -> Result<DatabaseConnection, OpenError> {
    let options = postgres(options).application_name("latchkey migrate");
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

/// Runs `session` first on each new connection.
fn told(pool: PgPoolOptions, session: &'static str) -> PgPoolOptions {
    pool.after_connect(move |connection, _| {
        Box::pin(async move { connection.execute(session).await.map(drop) })
    })
}

/// One connection, or what stands in its way.
async fn connect_first(options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    match timeout(LIMIT, options.connect()).await {
        Ok(connected) => connected.map_err(|error| OpenError::of_postgres(&error)),
        Err(_) => Err(OpenError::Silent),
    }
}

fn limited<DB: sqlx::Database>(pool: PoolOptions<DB>, count: u32) -> PoolOptions<DB> {
    pool.max_connections(count).acquire_timeout(LIMIT).test_before_acquire(false)
}

/// Without what a pooler refuses when a connection is made (`PgBouncer`); no column is a
/// floating-point number.
fn postgres(options: &PgConnectOptions) -> PgConnectOptions {
    options
        .clone()
        .application_name("latchkey")
        .extra_float_digits(None)
        .disable_statement_logging()
}

async fn sqlite(
    options: &SqliteConnectOptions,
    pool: SqlitePoolOptions,
) -> Result<DatabaseConnection, OpenError> {
    let options = options
        .clone()
        // The file is there, or is not to be made.
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // Deleted content, such as links in sent mails and ended sessions, must not be readable in
        // the file (RST-02, SES-11).
        .pragma("secure_delete", "ON")
        // In KiB: the inner pages of the indexes of a large site, and the pages of active users.
        .pragma("cache_size", "-8192")
        .disable_statement_logging();
    let pool = pool.after_release(|connection, _| Box::pin(has_no_transaction(connection)));
    let pool = pool.connect_with(options).await.map_err(|error| OpenError::of_sqlite(&error))?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Whether nothing of the last transaction is left on the connection, which may go back
/// to the pool then.
///
/// A full disk makes SQLite end a transaction by itself while the driver goes on counting it: its
/// next transaction would be a savepoint without a transaction, and a commit of that kept nothing
/// (RES-07).
async fn has_no_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A transaction that was dropped is being undone: this waits for it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// Makes sure that `file` is there and can be written.
fn open_existing(file: &Path) -> io::Result<()> {
    fs::OpenOptions::new().append(true).open(file).map(drop)
}

/// Creates `file` if it is missing, readable by its owner only; SQLite gives the files beside it
/// the same mode.
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

    /// CFG-01: one URL is read by one parser.
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

    /// A database that has to exist is not made, and neither is its folder.
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
        let file = folder.path().join("new/folder/latchkey.db");
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
