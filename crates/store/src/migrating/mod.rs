//! Bringing the schema up to date and back. On PostgreSQL over a connection of its own,
//! which waits for a lock for a moment only and for its statements without limit: those
//! of requests have limits that a large table exceeds.

use migrations::{Planned, Progress, SESSION, Say, Status, Step};
use sea_orm::DatabaseConnection;

use crate::{Cause, Store, StoreError, database::Reads, database_url::Target, open};

/// The progress of a migrator without an observer.
const SILENT: Say<'static> = &|_: &Progress| ();

impl Store {
    /// Every migration that this program knows, and whether it has been applied.
    pub async fn migration_status(&self) -> Result<Vec<Status>, StoreError> {
        let connection = self.connection();
        let status = migrations::status(&connection.inner);
        Ok(connection.health().limit(status).await?)
    }

    /// The plan of [`Store::migrate_up`]: the steps, the statements that they block, and their
    /// duration.
    pub async fn migration_plan(&self) -> Result<Vec<Planned>, StoreError> {
        let connection = self.connection();
        Ok(connection.health().limit(migrations::plan(&connection.inner)).await?)
    }

    /// Applies every pending migration: all or none on SQLite and to an empty database,
    /// else one after the other; one that was under way when a migrator was killed is
    /// gone on with.
    pub async fn migrate_up(&self) -> Result<Vec<Step>, StoreError> {
        self.migrate_up_saying(SILENT).await
    }

    /// The same, and tells how it goes.
    pub async fn migrate_up_saying(&self, say: Say<'_>) -> Result<Vec<Step>, StoreError> {
        let migrator = self.migrator().await?;
        closed(&migrator, migrations::up(&migrator.connection, say).await).await
    }

    /// Reverts the newest `count` migrations, all or none.
    pub async fn migrate_down(&self, count: u32) -> Result<Vec<Step>, StoreError> {
        let migrator = self.migrator().await?;
        closed(&migrator, migrations::down(&migrator.connection, count, SILENT).await).await
    }

    /// Reverts everything and applies it again: **all rows are lost**.
    pub async fn migrate_fresh(&self) -> Result<Vec<Step>, StoreError> {
        let migrator = self.migrator().await?;
        closed(&migrator, migrations::fresh(&migrator.connection, SILENT).await).await
    }

    async fn migrator(&self) -> Result<Migrator, StoreError> {
        let Target::Postgres(options) = self.settings.url.target() else {
            let connection = self.connection().inner.clone();
            return Ok(Migrator { connection, is_own: false });
        };
        let opened = open::open_migrator(options, SESSION).await;
        let connection =
            opened.map_err(|error| StoreError::Unavailable(Cause::named(error.to_string())))?;
        Ok(Migrator { connection, is_own: true })
    }
}

/// The connection and the steps of a migrator.
struct Migrator {
    connection: DatabaseConnection,
    is_own: bool,
}

/// Closes the migrator's connection, which gives its lock to the next.
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
