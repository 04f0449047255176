//! Adds to `users` the language of mails to the user, and to `outbox` the language of the mail.
//! Existing rows get English.

use sea_orm_migration::{prelude::*, schema::text};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &["users", "outbox"];

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["users", "outbox"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for &table in TABLES {
            let column = text("language").default("en").take();
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for &table in TABLES {
            manager.alter_table(Table::alter().table(table).drop_column("language").take()).await?;
        }
        Ok(())
    }
}
