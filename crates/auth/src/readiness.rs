//! Whether the process can serve: the state of the database, and its migrations.

use std::{sync::atomic::Ordering, time::Duration};

use store::{MigrationProgress, MigrationStep, OpenError, Writable};
use tokio::time::{self, Instant};

use crate::{Fault, services::Operations};

/// How long an answer about readiness may take.
const READINESS_LIMIT: Duration = Duration::from_secs(2);
/// How long a write that was tried says whether another would do.
const WRITE_INTERVAL: Duration = Duration::from_secs(1);

/// Whether requests can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// They can.
    Ready,
    /// The database does not answer.
    DatabaseUnavailable,
    /// The database answers and takes no writes: it is read-only, or its disk is full.
    DatabaseNotWritable,
    /// The database lacks migrations of this program.
    MigrationsPending,
}

impl Operations<'_> {
    /// The names of the migrations that the database lacks.
    pub async fn pending_migrations(self) -> Result<Vec<String>, Fault> {
        let status = self.0.store.migration_status().await?;
        Ok(status.into_iter().filter(|one| !one.applied).map(|one| one.name).collect())
    }

    /// Refuses a role of the database that may not read and write every table.
    pub async fn check_may_serve(self) -> Result<(), OpenError> {
        self.0.store.check_may_serve().await
    }

    /// Refuses a role of the database that may not change the schema.
    pub async fn check_may_migrate(self) -> Result<(), OpenError> {
        self.0.store.check_may_migrate().await
    }

    /// Applies every pending migration, all or none. Logs the name of one that fails.
    pub async fn migrate(self) -> Result<Vec<MigrationStep>, Fault> {
        let say = |progress: &MigrationProgress| {
            if let MigrationProgress::Failed { name } = progress {
                tracing::error!(name, "the migration failed");
            } else {
                tracing::info!("{progress}");
            }
        };
        Ok(self.0.store.migrate_up_saying(&say).await?)
    }

    /// Asks the database whether it answers, once whether its schema is current, and at
    /// most once a second, for all who ask, whether it takes writes. Takes two seconds at
    /// most.
    pub async fn readiness(self) -> Readiness {
        let found = time::timeout(READINESS_LIMIT, self.look_at_database()).await;
        found.unwrap_or(Readiness::DatabaseUnavailable)
    }

    async fn look_at_database(self) -> Readiness {
        if self.0.store.ping().await.is_err() {
            return Readiness::DatabaseUnavailable;
        }
        if !self.0.schema_seen_current.load(Ordering::Relaxed) {
            match self.pending_migrations().await {
                Ok(pending) if pending.is_empty() => {
                    self.0.schema_seen_current.store(true, Ordering::Relaxed);
                }
                Ok(_) => return Readiness::MigrationsPending,
                Err(_) => return Readiness::DatabaseUnavailable,
            }
        }
        match self.check_writable().await {
            Writable::Yes => Readiness::Ready,
            Writable::No => Readiness::DatabaseNotWritable,
        }
    }

    async fn check_writable(self) -> Writable {
        let mut last = self.0.last_write.lock().await;
        if let Some((moment, writable)) = *last
            && moment.elapsed() < WRITE_INTERVAL
        {
            return writable;
        }
        let writable = self.0.store.try_write().await;
        *last = Some((Instant::now(), writable));
        writable
    }
}
