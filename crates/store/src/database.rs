//! Opening the database and its transactions.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::time::timeout;

use crate::{
    DatabaseSettings, OpenError, StoreError,
    cache_change::Change,
    cache_invalidation,
    limited::{self, Limited, PoolHealth},
    limits::LIMIT,
    open,
    principal_cache::PrincipalCache,
};

/// The database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) connection: Limited<DatabaseConnection>,
    pub(crate) settings: Arc<DatabaseSettings>,
    principals: Arc<PrincipalCache>,
    statements: Arc<AtomicU64>,
    /// The connection that writes on SQLite, where one transaction at a time can. Who
    /// waits for it takes none from readers (RES-05), and its cache stays right, which
    /// a write through another connection would void.
    writer: Option<DatabaseConnection>,
}

/// A transaction that writes: everything in it happens, or nothing.
///
/// Dropping it without [`WriteTx::commit`] undoes it.
#[derive(Debug)]
pub struct WriteTx {
    transaction: Limited<DatabaseTransaction>,
    principals: Arc<PrincipalCache>,
    changes: Mutex<Vec<Change>>,
    /// The invalid entries of this process's cache.
    own_changes: Mutex<Vec<Change>>,
}

/// The connection that a repository reads through: of the store or of a transaction.
pub trait Reads {
    /// The kind of connection.
    type Connection: ConnectionTrait;

    /// The connection for statements.
    fn connection(&self) -> &Self::Connection;
}

impl Store {
    /// Opens the database, creating the file (readable by its owner only) and its
    /// folder where they are missing, unless `settings.must_exist`. A principal read
    /// from it may be relied on for `cache_ttl`; zero means never.
    pub async fn connect(
        settings: &DatabaseSettings,
        cache_ttl: Duration,
    ) -> Result<Self, OpenError> {
        let health = PoolHealth::default();
        let (mut connection, mut writer) = open::open(settings, &health).await?;
        let statements = Arc::new(AtomicU64::new(0));
        for connection in [Some(&mut connection), writer.as_mut()].into_iter().flatten() {
            let count = Arc::clone(&statements);
            connection.set_metric_callback(move |_| {
                count.fetch_add(1, Ordering::Relaxed);
            });
        }
        let principals = Arc::new(PrincipalCache::new(cache_ttl));
        if settings.url.is_postgres() && !cache_ttl.is_zero() {
            cache_invalidation::listen(&connection, &principals, health.clone());
        }
        let connection = Limited::new(connection, health);
        let settings = Arc::new(settings.clone());
        Ok(Self { connection, settings, principals, statements, writer })
    }

    /// Begins a transaction that writes, or says within three seconds that it cannot.
    ///
    /// On SQLite it takes the write lock at once: a transaction that reads first
    /// and writes later fails when another has written in between.
    pub async fn begin(&self) -> Result<WriteTx, StoreError> {
        let writer = self.writer.as_ref().unwrap_or(&self.connection.inner);
        let transaction = self.connection.health().limit(begin(writer)).await?;
        Ok(WriteTx {
            transaction: self.connection.limit(transaction),
            principals: Arc::clone(&self.principals),
            changes: Mutex::default(),
            own_changes: Mutex::default(),
        })
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.connection.health().limit(self.connection.inner.ping()).await?)
    }

    /// How many statements have run since the store was opened.
    pub fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Closes every connection when its running statement is done, or after three seconds.
    pub async fn close(&self) -> Result<(), StoreError> {
        let closing = async {
            self.connection.inner.close_by_ref().await?;
            match &self.writer {
                Some(writer) => writer.close_by_ref().await,
                None => Ok(()),
            }
        };
        Ok(timeout(LIMIT, closing).await.unwrap_or_else(|_| Err(limited::too_slow()))?)
    }

    pub(crate) fn principals(&self) -> &PrincipalCache {
        &self.principals
    }
}

impl WriteTx {
    /// Makes everything done in this transaction last.
    pub async fn commit(self) -> Result<(), StoreError> {
        let health = self.transaction.health().clone();
        // Boxed, so that the use cases that end in it stay small.
        health.limit(Box::pin(self.finish())).await
    }

    /// The same, however long it takes.
    pub(crate) async fn finish(self) -> Result<(), StoreError> {
        let mut changes = self.changes.into_inner().unwrap_or_else(PoisonError::into_inner);
        cache_invalidation::send(&self.transaction, &changes).await?;
        changes.extend(self.own_changes.into_inner().unwrap_or_else(PoisonError::into_inner));
        let _forgotten = ForgetOnDrop { principals: &self.principals, changes: &changes };
        let health = self.transaction.health().clone();
        let committed = self.transaction.inner.commit().await;
        Ok(committed.inspect_err(|error| health.judge(error))?)
    }

    /// Notes what this process must forget when this commits, and what other nodes may go
    /// on with for the moment that they remember it.
    pub(crate) fn note_here(&self, change: Change) {
        self.own_changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }

    /// Notes what readers on all nodes may have cached and must forget when this commits.
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
    type Connection = Limited<DatabaseConnection>;

    fn connection(&self) -> &Self::Connection {
        &self.connection
    }
}

impl Reads for WriteTx {
    type Connection = Limited<DatabaseTransaction>;

    fn connection(&self) -> &Self::Connection {
        &self.transaction
    }
}

async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(options).await
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use tokio::task::JoinHandle;

    use super::*;
    use crate::{
        SessionEnding,
        testing::{NOW, insert_user, new_session, sqlite, stores},
    };

    /// CRA-05: as often as there are connections, and once more.
    #[tokio::test]
    async fn a_panic_gives_back_the_transaction_and_the_row_that_it_had_locked() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::User).await;
            for _ in 0..9 {
                let tx = store.begin().await.unwrap();
                let panicking: JoinHandle<()> = tokio::spawn(async move {
                    assert!(tx.users().lock(mia).await.unwrap());
                    tx.sessions().insert(&new_session(mia, "x"), NOW).await.unwrap();
                    panic!("at the worst moment");
                });
                assert!(panicking.await.unwrap_err().is_panic());
            }

            let begun = tokio::time::timeout(Duration::from_secs(2), store.begin()).await;
            let tx = begun.expect("nothing is held").unwrap();

            assert!(tx.users().lock(mia).await.unwrap());
            let ended = tx.sessions().delete_of_user(mia, SessionEnding::All).await.unwrap();
            assert_eq!(ended, 0, "nothing is there by half");
        }
    }

    /// CRA-03: a cancelled wait for the turn to write does not block the turn of others.
    #[tokio::test]
    async fn a_transaction_given_up_while_it_begins_is_in_nobodys_way() {
        for test in stores().await {
            let store = &test.store;
            for micros in (0..4_000).step_by(20) {
                let limit = Duration::from_micros(micros);
                drop(tokio::time::timeout(limit, store.begin()).await);
            }

            let begun = tokio::time::timeout(Duration::from_secs(2), store.begin()).await;
            let tx = begun.expect("nothing is held").unwrap();
            let new = crate::testing::new_user("mia@example.org", Role::User);
            tx.users().insert(&new, NOW).await.unwrap();
            tx.commit().await.unwrap();

            assert!(store.users().find(new.id).await.unwrap().is_some());
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
