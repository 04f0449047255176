//! How connections to the database are made, and the file of SQLite with them.

use std::{fs, io, path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr,
    sqlx::{
        self, Connection, Executor, SqliteConnection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::{
    DatabaseSettings, StoreError,
    limited::{Doubt, LIMIT},
};

/// How long a statement waits for SQLite's write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the database, creating the file (readable by its owner only) and its folder
/// where they are missing. The second connection is the one that writes, where only
/// one can.
pub(crate) async fn open(
    settings: &DatabaseSettings,
    doubt: &Doubt,
) -> Result<(DatabaseConnection, Option<DatabaseConnection>), StoreError> {
    let connect = async |count| Database::connect(options(settings, doubt, count)).await;
    let count = settings.max_connections.max(2);
    if settings.url.is_postgres() {
        return Ok((connect(count).await?, None));
    }
    let Some(file) = settings.url.file() else {
        // Each connection to an in-memory database would see a database of its own.
        return Ok((connect(1).await?, None));
    };
    create_private(&file).map_err(|error| {
        let text = format!("{} cannot be opened: {error}", file.display());
        StoreError::Unavailable(DbErr::Conn(RuntimeErr::Internal(text)))
    })?;
    Ok((connect(count - 1).await?, Some(connect(1).await?)))
}

/// One connection without limits of its own, which is told `session` before anything else
/// whenever it is made.
pub(crate) async fn open_migrator(
    settings: &DatabaseSettings,
    session: &'static str,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(settings.url.expose());
    options
        .max_connections(1)
        .connect_timeout(LIMIT)
        .acquire_timeout(LIMIT)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|options| options.application_name("latchkey migrate"))
        .map_sqlx_postgres_pool_opts(move |pool| {
            pool.after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(session).await.map(drop) })
            })
        });
    Ok(Database::connect(options).await?)
}

fn options(settings: &DatabaseSettings, doubt: &Doubt, count: u32) -> ConnectOptions {
    let doubt = doubt.clone();
    let in_memory = !settings.url.is_postgres() && settings.url.file().is_none();
    let mut options = ConnectOptions::new(settings.url.expose());
    options
        .max_connections(count)
        .connect_timeout(LIMIT)
        .acquire_timeout(LIMIT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(BUSY_TIMEOUT)
                .foreign_keys(true)
                // Links in mails that were sent, ended sessions: what is deleted is not to
                // be read from the file (RST-02, SES-11).
                .pragma("secure_delete", "ON")
                // In KiB: the inner pages of the indexes of a large site, and those of who
                // is there just now.
                .pragma("cache_size", "-8192")
        })
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(has_no_transaction(connection)))
        })
        .map_sqlx_postgres_opts(|options| {
            options
                .application_name("latchkey")
                .options([("statement_timeout", "10s"), ("lock_timeout", "5s")])
        })
        .map_sqlx_postgres_pool_opts(move |pool| doubt.watch(pool));
    if in_memory {
        options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    }
    options
}

/// Whether nothing of the last transaction is left on the connection, which may go back
/// to the pool then.
///
/// A full disk makes SQLite end a transaction by itself, and the driver goes on counting
/// it: its next transaction would be a savepoint inside of nothing, and a commit of that
/// was seen to keep nothing (RES-07).
async fn has_no_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A transaction that was dropped is being undone: this waits for it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// Makes sure that `file` exists and that nobody but its owner can read it; SQLite
/// gives the files beside it the same mode.
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

    #[cfg(unix)]
    #[tokio::test]
    async fn the_database_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/folder/latchkey.db");
        let url = format!("sqlite://{}?mode=rwc", file.display()).try_into().unwrap();
        let settings = DatabaseSettings { url, max_connections: 2 };
        let store = Store::connect(&settings, Duration::ZERO).await.unwrap();
        store.migrate_up().await.unwrap();

        for suffix in ["", "-wal", "-shm"] {
            let path = format!("{}{suffix}", file.display());
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{path}");
        }
    }
}
