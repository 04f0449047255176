//! Adds to `outbox` what a mail that is not written yet was asked for, and numbers the priorities
//! anew: the release before leaves the new ones alone, because it could not put their links in.

use sea_orm_migration::{prelude::*, schema::text_null};

use crate::change::Change;

/// Gives up what only the newer release could send.
const GIVE_UP: &str = "UPDATE outbox SET failed_at = due_at, due_at = NULL, text_body = '', \
     html_body = '', last_error = 'queued by a newer release' \
     WHERE priority > 1 AND due_at IS NOT NULL";
const RENUMBER: &str =
    "UPDATE outbox SET priority = CASE WHEN priority = 3 THEN 0 ELSE 1 END WHERE priority > 1";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["outbox"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter().table("outbox").add_column(text_null("request")).take();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in [GIVE_UP, RENUMBER] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        manager.alter_table(Table::alter().table("outbox").drop_column("request").take()).await
    }
}
