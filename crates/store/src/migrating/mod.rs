//! Applies and reverts the migrations.
//!
//! On PostgreSQL the migrator uses a separate connection. Its statements have no time limit,
//! because a large table exceeds the limit of requests. It waits for a lock only briefly, so that
//! requests do not queue behind it.

use migrations::{Planned, Progress, SESSION, Say, Status, Step};
use sea_orm::DatabaseConnection;

use crate::{Cause, Store, StoreError, database::Reads, database_url::Target, open};

/// Receives the progress of a migrator and does nothing with it.
pub const IGNORE_PROGRESS: Say<'static> = &|_: &Progress| ();

impl Store {
    /// Returns every migration that this program knows, and whether it has been applied.
    pub async fn migration_status(&self) -> Result<Vec<Status>, StoreError> {
        let connection = self.connection();
        let status = migrations::status(&connection.inner, &self.settings.schema);
        Ok(connection.health().limit(status).await?)
    }

    /// Returns the plan of [`Store::migrate_up`]: the steps, which statements they block, and how
    /// long they take.
    pub async fn migration_plan(&self) -> Result<Vec<Planned>, StoreError> {
        let connection = self.connection();
        Ok(connection
            .health()
            .limit(migrations::plan(&connection.inner, &self.settings.schema))
            .await?)
    }

    /// Applies every pending migration. On SQLite and on an empty database all succeed or none
    /// does. On PostgreSQL with rows they run one after the other, and a later run completes a
    /// migration that was interrupted.
    pub async fn migrate_up(&self) -> Result<Vec<Step>, StoreError> {
        self.migrate_up_saying(IGNORE_PROGRESS).await
    }

    /// Applies every pending migration as [`Store::migrate_up`] does, and reports the progress to
    /// `say`.
    pub async fn migrate_up_saying(&self, say: Say<'_>) -> Result<Vec<Step>, StoreError> {
        let migrator = self.migrator().await?;
        closed(&migrator, migrations::up(&migrator.connection, &self.settings.schema, say).await)
            .await
    }

    /// Reverts the newest `count` migrations, and reports the progress to `say`. All are reverted,
    /// or none is.
    pub async fn migrate_down(&self, count: u32, say: Say<'_>) -> Result<Vec<Step>, StoreError> {
        let migrator = self.migrator().await?;
        closed(
            &migrator,
            migrations::down(&migrator.connection, &self.settings.schema, count, say).await,
        )
        .await
    }

    /// Reverts all migrations and applies them again, and reports the progress to `say`. **All rows
    /// are lost.**
    pub async fn migrate_fresh(&self, say: Say<'_>) -> Result<Vec<Step>, StoreError> {
        let migrator = self.migrator().await?;
        closed(&migrator, migrations::fresh(&migrator.connection, &self.settings.schema, say).await)
            .await
    }

    async fn migrator(&self) -> Result<Migrator, StoreError> {
        let Target::Postgres(options) = self.settings.url.target() else {
            let connection = self.connection().inner.clone();
            return Ok(Migrator { connection, is_own: false });
        };
        let opened = open::open_migrator(options, &self.settings.product, SESSION).await;
        let connection =
            opened.map_err(|error| StoreError::Unavailable(Cause::named(error.to_string())))?;
        Ok(Migrator { connection, is_own: true })
    }
}

/// The connection of a migrator, and whether the migrator has to close it.
struct Migrator {
    connection: DatabaseConnection,
    is_own: bool,
}

/// Closes the connection of the migrator, which releases its lock.
async fn closed<T, E: Into<StoreError>>(
    migrator: &Migrator,
    done: Result<T, E>,
) -> Result<T, StoreError> {
    if migrator.is_own {
        migrator.connection.close_by_ref().await?;
    }
    done.map_err(Into::into)
}

#[cfg(test)]
mod tests;
