//! A time limit on every statement. Without it a vanished server would block each request until
//! the operating system drops the connection, which takes a quarter of an hour (OTG-02).
//!
//! A cancelled statement leaves its connection in an unknown state. Such a connection is pinged
//! before it goes back to the pool, and closed if it does not answer, so that dead connections
//! take no places in the pool. The first broken connection retires all that were made before that
//! moment. A fail-over of the server therefore fails one request, and not one per connection
//! (OTG-05).

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    sqlx::{self, Connection, postgres::PgPoolOptions},
};
use tokio::time::{Instant, timeout};

use crate::{
    StoreError,
    error::is_of_the_connection,
    limits::{LIMIT, TOO_SLOW},
};

/// How long a suspect connection may take to answer a ping.
const PING_LIMIT: Duration = Duration::from_secs(1);
/// How long all connections are suspect after a statement was cancelled.
const SUSPICION: Duration = Duration::from_secs(10);

/// A connection or a transaction with a time limit of three seconds on each statement.
#[derive(Clone, Debug)]
pub struct Limited<C> {
    pub(crate) inner: C,
    health: PoolHealth,
}

/// The health of a pool: when a statement was last cancelled, and when a connection was last found
/// broken. Clones share the state.
#[derive(Clone, Debug, Default)]
pub(crate) struct PoolHealth(Arc<Moments>);

#[derive(Debug, Default)]
struct Moments {
    given_up_at: Mutex<Option<Instant>>,
    retired_at: Mutex<Option<Instant>>,
}

/// An error that may come from the driver.
pub(crate) trait Caused {
    /// Returns the error of the driver, if it is still available.
    fn cause(&self) -> Option<&DbErr>;
}

impl Caused for DbErr {
    fn cause(&self) -> Option<&DbErr> {
        Some(self)
    }
}

impl Caused for StoreError {
    fn cause(&self) -> Option<&DbErr> {
        None
    }
}

impl<C> Limited<C> {
    pub(crate) fn new(inner: C, health: PoolHealth) -> Self {
        Self { inner, health }
    }

    /// Applies the same limit to a transaction of this connection.
    pub(crate) fn limit<T>(&self, transaction: T) -> Limited<T> {
        Limited::new(transaction, self.health.clone())
    }

    pub(crate) fn health(&self) -> &PoolHealth {
        &self.health
    }
}

#[async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Limited<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.health.limit(self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.health.limit(self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.health.limit(self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.health.limit(self.inner.query_all_raw(statement)).await
    }
}

impl PoolHealth {
    /// Returns the result of `work`, or an error if it takes longer than [`LIMIT`].
    pub(crate) async fn limit<T, E: From<DbErr> + Caused>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let mut work = pin!(timeout(LIMIT, work));
        // Dropped before `work`, even if the client disconnects, so that the pool is suspect
        // before the connection comes back.
        let given_up = GivenUp(self);
        let done = work.as_mut().await;
        if done.is_ok() {
            std::mem::forget(given_up);
        }
        let done = done.unwrap_or_else(|_| Err(too_slow().into()));
        if let Some(cause) = done.as_ref().err().and_then(Caused::cause) {
            self.judge(cause);
        }
        done
    }

    /// Retires all present connections if the error shows that they are useless.
    pub(crate) fn judge(&self, error: &DbErr) {
        if is_of_the_connection(error) {
            set(&self.0.retired_at);
        }
    }

    /// Makes the pool ping suspect connections when they come back, and close retired connections
    /// when they come back or before they are used.
    pub(crate) fn watch(&self, pool: PgPoolOptions) -> PgPoolOptions {
        let (health, idle) = (self.clone(), self.clone());
        let pool = pool.before_acquire(move |_, connection| {
            let is_retired = idle.is_retired(connection.age);
            Box::pin(async move { Ok(!is_retired) })
        });
        pool.after_release(move |connection, metadata| {
            let is_retired = health.is_retired(metadata.age);
            let is_suspect = health.is_fresh();
            Box::pin(async move {
                if is_retired || !is_suspect {
                    return Ok(!is_retired);
                }
                let alive = timeout(PING_LIMIT, connection.ping()).await;
                alive.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
            })
        })
    }

    /// Returns whether a connection that was made `age` ago is retired.
    pub(crate) fn is_retired(&self, age: Duration) -> bool {
        get(&self.0.retired_at).is_some_and(|moment| age >= moment.elapsed())
    }

    fn is_fresh(&self) -> bool {
        get(&self.0.given_up_at).is_some_and(|moment| moment.elapsed() < SUSPICION)
    }
}

fn get(moment: &Mutex<Option<Instant>>) -> Option<Instant> {
    *moment.lock().unwrap_or_else(PoisonError::into_inner)
}

fn set(moment: &Mutex<Option<Instant>>) {
    *moment.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

struct GivenUp<'a>(&'a PoolHealth);

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        set(&self.0.0.given_up_at);
    }
}

/// Returns the error for a database that did not answer within [`LIMIT`].
pub(crate) fn too_slow() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(TOO_SLOW.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_given_up_and_leaves_a_doubt_for_a_while() {
        let health = PoolHealth::default();
        health.limit(async { Ok::<_, DbErr>(()) }).await.unwrap();
        assert!(!health.is_fresh());

        let started = Instant::now();
        let never = health.limit(std::future::pending::<Result<(), DbErr>>()).await;
        assert!(matches!(never, Err(DbErr::Conn(_))), "{never:?}");
        assert_eq!(started.elapsed(), LIMIT);
        assert!(health.is_fresh());

        tokio::time::advance(SUSPICION).await;
        assert!(!health.is_fresh());
    }

    /// OTG-05.
    #[tokio::test(start_paused = true)]
    async fn a_broken_connection_retires_itself_and_those_made_before_it() {
        let health = PoolHealth::default();
        tokio::time::advance(Duration::from_mins(1)).await;
        let fails = |error| health.limit(async move { Err::<(), DbErr>(error) });
        let harmless = DbErr::Query(RuntimeErr::SqlxError(Arc::new(sqlx::Error::RowNotFound)));
        fails(harmless).await.unwrap_err();
        assert!(!health.is_retired(Duration::from_mins(1)));

        let broken = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        let broken = DbErr::Exec(RuntimeErr::SqlxError(Arc::new(broken.into())));
        fails(broken).await.unwrap_err();

        tokio::time::advance(Duration::from_secs(2)).await;
        let ages = [1, 2, 60].map(|age| health.is_retired(Duration::from_secs(age)));
        assert_eq!(ages, [false, true, true]);
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_leaves_a_doubt_before_the_connection_comes_back() {
        struct Back(PoolHealth, Arc<Mutex<bool>>);
        impl Drop for Back {
            fn drop(&mut self) {
                *self.1.lock().unwrap() = self.0.is_fresh();
            }
        }
        let (health, was_suspect) = (PoolHealth::default(), Arc::new(Mutex::new(false)));
        let back = Back(health.clone(), Arc::clone(&was_suspect));
        let statement = health.limit(async move {
            let _connection = back;
            std::future::pending::<Result<(), DbErr>>().await
        });
        timeout(Duration::from_millis(10), statement).await.unwrap_err();

        assert!(*was_suspect.lock().unwrap());
    }
}
