//! Applies and reverts migrations in one transaction: all succeed or none does. The caller holds
//! the lock against a second migrator.

use std::time::{Duration, Instant};

use sea_orm_migration::{prelude::*, sea_orm::DatabaseTransaction};

use crate::{
    change::Change,
    history,
    list::Schema,
    progress::{Progress, Say},
};

/// A migration that was applied or reverted, with its duration.
#[derive(Clone, Debug)]
pub struct Step {
    /// The name of the migration.
    pub name: String,
    /// The duration.
    pub took: Duration,
}

/// Applies all pending migrations in `tx`.
pub(crate) async fn apply(
    tx: &DatabaseTransaction,
    schema: &Schema,
    say: Say<'_>,
) -> Result<Vec<Step>, DbErr> {
    let mut steps = Vec::new();
    for change in schema.pending(&history::applied(tx).await?) {
        let step = apply_one(tx, &*change).await;
        steps.push(step.inspect_err(|_| say(&Progress::failed(&*change)))?);
    }
    Ok(steps)
}

async fn apply_one(tx: &DatabaseTransaction, change: &dyn Change) -> Result<Step, DbErr> {
    let started = Instant::now();
    change.up(&SchemaManager::new(tx)).await?;
    for part in change.parts(tx.get_database_backend()) {
        part.run_at_once(tx).await?;
    }
    history::record(tx, change.name()).await?;
    Ok(Step { name: change.name().to_owned(), took: started.elapsed() })
}

/// Reverts the newest `count` migrations in `tx`. A migration under way is the newest.
pub(crate) async fn revert(
    tx: &DatabaseTransaction,
    schema: &Schema,
    count: u32,
    say: Say<'_>,
) -> Result<Vec<Step>, DbErr> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut applied = history::applied(tx).await?;
    applied.extend(history::under_way(tx).await?);
    let is_applied = |change: &dyn Change| applied.iter().any(|name| name == change.name());
    let mut steps = Vec::new();
    for change in schema.changes().iter().rev().filter(|change| is_applied(&***change)).take(count)
    {
        let step = revert_one(tx, &**change).await;
        steps.push(step.inspect_err(|_| say(&Progress::failed(&**change)))?);
    }
    history::end(tx).await?;
    Ok(steps)
}

async fn revert_one(tx: &DatabaseTransaction, change: &dyn Change) -> Result<Step, DbErr> {
    let started = Instant::now();
    for part in change.parts(tx.get_database_backend()) {
        part.undo(tx).await?;
    }
    change.down(&SchemaManager::new(tx)).await?;
    history::erase(tx, change.name()).await?;
    Ok(Step { name: change.name().to_owned(), took: started.elapsed() })
}
