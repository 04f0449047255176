//! Adds to `users` the number of recovery codes that are left, for the banner of every page.

use sea_orm_migration::{prelude::*, schema::integer_null};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["users"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let left = integer_null("recovery_codes_left");
        manager.alter_table(Table::alter().table("users").add_column(left).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("users").drop_column("recovery_codes_left").take();
        manager.alter_table(table).await
    }
}
