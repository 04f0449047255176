//! Opening the database and its transactions.

use std::{
    fs, io,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnAcquireErr, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, RuntimeErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    AddressProofs, DatabaseSettings, MigrationStatus, MigrationStep, Outbox, SecurityEvents,
    Sessions, StoreError, Throttles, Tokens, Users,
    announcer::{self, Change},
    principal_cache::PrincipalCache,
};

/// How long a statement waits for SQLite's write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for a free connection, and for its turn to write.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// The database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    connection: DatabaseConnection,
    principals: Arc<PrincipalCache>,
    statements: Arc<AtomicU64>,
    /// The right to write on SQLite, where one transaction at a time can. Who waits
    /// for it holds no connection, so that a lock that somebody else keeps takes none
    /// from readers (RES-05).
    writer: Option<Arc<Semaphore>>,
}

/// A transaction that writes: everything in it happens, or nothing.
///
/// Dropping it without [`WriteTx::commit`] undoes it.
#[derive(Debug)]
pub struct WriteTx {
    transaction: DatabaseTransaction,
    principals: Arc<PrincipalCache>,
    changes: Mutex<Vec<Change>>,
    _turn: Option<OwnedSemaphorePermit>,
}

/// What a repository reads through: the store or a transaction.
pub trait Reads {
    /// The kind of connection.
    type Connection: ConnectionTrait;

    /// What to run statements on.
    fn connection(&self) -> &Self::Connection;
}

impl Store {
    /// Opens the database, creating the file (readable by its owner only) and its
    /// folder where they are missing. A principal read from it may be relied on
    /// for `cache_ttl`; zero means never.
    pub async fn connect(
        settings: &DatabaseSettings,
        cache_ttl: Duration,
    ) -> Result<Self, StoreError> {
        if let Some(file) = settings.url.file() {
            create_private(&file).map_err(|error| {
                let text = format!("{} cannot be opened: {error}", file.display());
                StoreError::Unavailable(DbErr::Conn(RuntimeErr::Internal(text)))
            })?;
        }
        let mut connection = Database::connect(options(settings)).await?;
        let statements = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&statements);
        connection.set_metric_callback(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let principals = Arc::new(PrincipalCache::new(cache_ttl));
        if settings.url.is_postgres() && !cache_ttl.is_zero() {
            announcer::listen(&connection, &principals);
        }
        let writer = (!settings.url.is_postgres()).then(|| Arc::new(Semaphore::new(1)));
        Ok(Self { connection, principals, statements, writer })
    }

    /// Begins a transaction that writes.
    ///
    /// On SQLite it takes the write lock at once: a transaction that reads first
    /// and writes later fails when another has written in between.
    pub async fn begin(&self) -> Result<WriteTx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let turn = self.turn_to_write().await?;
        Ok(WriteTx {
            transaction: self.connection.begin_with_options(options).await?,
            principals: Arc::clone(&self.principals),
            changes: Mutex::default(),
            _turn: turn,
        })
    }

    async fn turn_to_write(&self) -> Result<Option<OwnedSemaphorePermit>, StoreError> {
        let Some(writer) = &self.writer else { return Ok(None) };
        match timeout(ACQUIRE_TIMEOUT, Arc::clone(writer).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(Some(turn)),
            _ => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout).into()),
        }
    }

    /// The accounts, to read.
    pub fn users(&self) -> Users<'_, Self> {
        Users(self)
    }

    /// The log-ins, to read.
    pub fn sessions(&self) -> Sessions<'_, Self> {
        Sessions(self)
    }

    /// The mailed secrets, to read.
    pub fn tokens(&self) -> Tokens<'_, Self> {
        Tokens(self)
    }

    /// The proofs of address that are owed, to read.
    pub fn address_proofs(&self) -> AddressProofs<'_, Self> {
        AddressProofs(self)
    }

    /// The timelines, to read.
    pub fn security_events(&self) -> SecurityEvents<'_, Self> {
        SecurityEvents(self)
    }

    /// The mails that are owed, to read.
    pub fn outbox(&self) -> Outbox<'_, Self> {
        Outbox(self)
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.connection.ping().await?)
    }

    /// Every migration that this program knows, and whether it has been applied.
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, StoreError> {
        Ok(migrations::status(&self.connection).await?)
    }

    /// Applies every pending migration, all or none.
    pub async fn migrate_up(&self) -> Result<Vec<MigrationStep>, StoreError> {
        Ok(migrations::up(&self.connection).await?)
    }

    /// Reverts the newest `count` migrations, all or none.
    pub async fn migrate_down(&self, count: u32) -> Result<Vec<MigrationStep>, StoreError> {
        Ok(migrations::down(&self.connection, count).await?)
    }

    /// Reverts everything and applies it anew: **all rows are lost**.
    pub async fn migrate_fresh(&self) -> Result<Vec<MigrationStep>, StoreError> {
        Ok(migrations::fresh(&self.connection).await?)
    }

    /// How many statements have run since the store was opened.
    pub fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Closes every connection, after what they are doing now.
    pub async fn close(&self) -> Result<(), StoreError> {
        Ok(self.connection.close_by_ref().await?)
    }

    pub(crate) fn principals(&self) -> &PrincipalCache {
        &self.principals
    }
}

impl WriteTx {
    /// Makes everything done in this transaction last.
    pub async fn commit(self) -> Result<(), StoreError> {
        let changes = self.changes.into_inner().unwrap_or_else(PoisonError::into_inner);
        announcer::announce(&self.transaction, &changes).await?;
        let _forgotten = ForgetOnDrop { principals: &self.principals, changes: &changes };
        Ok(self.transaction.commit().await?)
    }

    /// The accounts.
    pub fn users(&self) -> Users<'_, Self> {
        Users(self)
    }

    /// The log-ins.
    pub fn sessions(&self) -> Sessions<'_, Self> {
        Sessions(self)
    }

    /// The mailed secrets.
    pub fn tokens(&self) -> Tokens<'_, Self> {
        Tokens(self)
    }

    /// The proofs of address that are owed.
    pub fn address_proofs(&self) -> AddressProofs<'_, Self> {
        AddressProofs(self)
    }

    /// The timelines.
    pub fn security_events(&self) -> SecurityEvents<'_, Self> {
        SecurityEvents(self)
    }

    /// The mails that are owed.
    pub fn outbox(&self) -> Outbox<'_, Self> {
        Outbox(self)
    }

    /// The tries that clients and accounts have left.
    pub fn throttles(&self) -> Throttles<'_> {
        Throttles(self)
    }

    /// Notes what readers may have cached and must forget when this commits.
    pub(crate) fn note(&self, change: Change) {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.transaction.get_database_backend() == DbBackend::Postgres
    }
}

/// Forgets also when the request is given up while the commit is under way.
struct ForgetOnDrop<'a> {
    principals: &'a PrincipalCache,
    changes: &'a [Change],
}

impl Drop for ForgetOnDrop<'_> {
    fn drop(&mut self) {
        self.principals.forget(self.changes);
    }
}

impl Reads for Store {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }
}

impl Reads for WriteTx {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

fn options(settings: &DatabaseSettings) -> ConnectOptions {
    let in_memory = !settings.url.is_postgres() && settings.url.file().is_none();
    let mut options = ConnectOptions::new(settings.url.expose());
    options
        // Each connection to an in-memory database would see a database of its own.
        .max_connections(if in_memory { 1 } else { settings.max_connections.max(2) })
        .connect_timeout(ACQUIRE_TIMEOUT)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(BUSY_TIMEOUT)
                .foreign_keys(true)
        })
        .map_sqlx_postgres_opts(|options| {
            options
                .application_name("latchkey")
                .options([("statement_timeout", "10s"), ("lock_timeout", "5s")])
        });
    if in_memory {
        options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    }
    options
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
    use crate::testing::{sqlite, stores};

    /// MIG-01, RAC-07.
    #[tokio::test]
    async fn migrations_go_down_and_up_again_and_two_migrators_do_not_clash() {
        for test in stores().await {
            let store = &test.store;
            let steps = store.migration_status().await.unwrap().len();

            let reverted = store.migrate_down(u32::MAX).await.unwrap();
            assert_eq!(reverted.len(), steps);
            let (one, two) = tokio::join!(store.migrate_up(), store.migrate_up());
            assert_eq!(one.unwrap().len() + two.unwrap().len(), steps);
            assert!(store.migration_status().await.unwrap().iter().all(|status| status.applied));
            assert_eq!(store.migrate_fresh().await.unwrap().len(), steps);
        }
    }

    /// MIG-02.
    #[tokio::test]
    async fn a_failed_migration_leaves_nothing_behind_and_can_be_tried_again() {
        for test in stores().await {
            let store = &test.store;
            store.migrate_down(u32::MAX).await.unwrap();
            let in_the_way = "CREATE TABLE throttles (id INTEGER)";
            store.connection.execute_unprepared(in_the_way).await.unwrap();

            assert!(store.migrate_up().await.is_err());
            assert!(store.migration_status().await.unwrap().iter().all(|one| !one.applied));
            store.connection.execute_unprepared("DROP TABLE throttles").await.unwrap();
            store.migrate_up().await.unwrap();
            assert!(store.migration_status().await.unwrap().iter().all(|one| one.applied));
        }
    }

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

    #[tokio::test]
    async fn a_dropped_transaction_leaves_nothing_behind() {
        let test = sqlite().await;
        let tx = test.store.begin().await.unwrap();
        let new = crate::testing::new_user("mia@example.org", domain::Role::User);
        tx.users().insert(&new, crate::testing::NOW).await.unwrap();
        drop(tx);

        assert_eq!(test.store.users().find(new.id).await.unwrap(), None);
    }
}
