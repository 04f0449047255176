//! The database handle and its transactions. Every wait for the database ends after three
//! seconds, and every write invalidates the cached principals that it changes. Queries are in the
//! repositories.

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

/// A handle to the database. Clones share the connections and the cache.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) connection: Limited<DatabaseConnection>,
    pub(crate) settings: Arc<DatabaseSettings>,
    principals: Arc<PrincipalCache>,
    statements: Arc<AtomicU64>,
    /// The only connection that writes, on SQLite, which allows one writing transaction at a
    /// time. Waiting writers leave the other connections to readers (RES-05). A write through
    /// another connection would also empty the page cache of this one.
    writer: Option<DatabaseConnection>,
}

/// A transaction that writes. All of its changes take effect together, or none does.
///
/// Dropping it without [`WriteTx::commit`] rolls it back.
#[derive(Debug)]
pub struct WriteTx {
    transaction: Limited<DatabaseTransaction>,
    principals: Arc<PrincipalCache>,
    changes: Mutex<Vec<Change>>,
    /// The changes that invalidate entries in the cache of this process only.
    own_changes: Mutex<Vec<Change>>,
}

/// A source for the reads of a repository: the store or a transaction.
pub trait Reads {
    /// The type of the connection.
    type Connection: ConnectionTrait;

    /// Returns the connection that runs statements.
    fn connection(&self) -> &Self::Connection;
}

impl Store {
    /// Opens the database. Creates a missing SQLite file, readable by its owner only, and its
    /// folder, unless `settings.must_exist` is set. The cache keeps a principal for `cache_ttl`;
    /// zero switches the cache off.
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
        let principals = Arc::new(PrincipalCache::new(cache_ttl, settings.channel()));
        if settings.url.is_postgres() && !cache_ttl.is_zero() {
            cache_invalidation::listen(&connection, &principals, health.clone());
        }
        let connection = Limited::new(connection, health);
        let settings = Arc::new(settings.clone());
        Ok(Self { connection, settings, principals, statements, writer })
    }

    /// Begins a transaction that writes. Fails with [`StoreError::Unavailable`] after three
    /// seconds.
    ///
    /// On SQLite the transaction takes the write lock at once (`BEGIN IMMEDIATE`). A transaction
    /// that takes it later fails if another one has written since its first read.
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

    /// Checks that the database answers, within three seconds.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.connection.health().limit(self.connection.inner.ping()).await?)
    }

    /// Returns the number of statements since the store was opened.
    pub fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Closes every connection as soon as its running statement ends, or fails after three
    /// seconds.
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
    /// Commits the transaction, within three seconds. After an error without an answer the
    /// changes may have taken effect.
    pub async fn commit(self) -> Result<(), StoreError> {
        let health = self.transaction.health().clone();
        // Boxed to keep the futures of the use cases small.
        health.limit(Box::pin(self.finish())).await
    }

    /// Commits the transaction without a time limit.
    pub(crate) async fn finish(self) -> Result<(), StoreError> {
        let mut changes = self.changes.into_inner().unwrap_or_else(PoisonError::into_inner);
        cache_invalidation::send(&self.transaction, &self.principals.channel, &changes).await?;
        changes.extend(self.own_changes.into_inner().unwrap_or_else(PoisonError::into_inner));
        let _forgotten = ForgetOnDrop { principals: &self.principals, changes: &changes };
        let health = self.transaction.health().clone();
        let committed = self.transaction.inner.commit().await;
        Ok(committed.inspect_err(|error| health.judge(error))?)
    }

    /// Records a change that invalidates the cache of this process on commit. Other nodes may use
    /// the old value until their entry expires.
    pub(crate) fn note_here(&self, change: Change) {
        self.own_changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }

    /// Records a change that invalidates the caches of all nodes on commit.
    pub(crate) fn note(&self, change: Change) {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.transaction.get_database_backend() == DbBackend::Postgres
    }
}

/// Invalidates the cache even if the request is cancelled during the commit.
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

    /// CRA-05: the test panics once more than there are connections.
    #[tokio::test]
    async fn a_panic_gives_back_the_transaction_and_the_row_that_it_had_locked() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
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

    /// CRA-03: a cancelled wait for the write lock does not block other writers.
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
            let new = crate::testing::new_user("mia@example.org", Role::USER);
            tx.users().insert(&new, NOW).await.unwrap();
            tx.commit().await.unwrap();

            assert!(store.users().find(new.id).await.unwrap().is_some());
        }
    }

    #[tokio::test]
    async fn a_dropped_transaction_leaves_nothing_behind() {
        let test = sqlite().await;
        let tx = test.store.begin().await.unwrap();
        let new = crate::testing::new_user("mia@example.org", domain::Role::USER);
        tx.users().insert(&new, crate::testing::NOW).await.unwrap();
        drop(tx);

        assert_eq!(test.store.users().find(new.id).await.unwrap(), None);
    }
}
