//! Creates `throttles`: one row per limited key. `free_at` is the time at which all tries of the
//! key are available again (the theoretical arrival time of GCRA).

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary_len},
};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("throttles")
                    .col(binary_len("key_hash", 32).primary_key())
                    .col(big_integer("free_at"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("throttles_free_at_index")
                    .table("throttles")
                    .col("free_at")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("throttles").take()).await
    }
}
