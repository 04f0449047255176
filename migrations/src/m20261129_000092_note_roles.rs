//! Adds to `security_events` the role that an invitation or a change of role gave.

use sea_orm_migration::{prelude::*, schema::text_null};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["security_events"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("security_events").add_column(text_null("role")).take();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("security_events").drop_column("role").take();
        manager.alter_table(table).await
    }
}
