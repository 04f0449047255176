//! Creates `readiness`: a single row, which a server updates to check that the database accepts
//! writes.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, small_integer},
};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = small_integer("id").primary_key().take();
        let table =
            Table::create().table("readiness").col(id).col(integer("beat").default(0)).take();
        manager.create_table(table).await?;
        let row = "INSERT INTO readiness (id, beat) VALUES (1, 0)";
        manager.get_connection().execute_unprepared(row).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("readiness").take()).await
    }
}
