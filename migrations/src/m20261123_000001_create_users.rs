//! Creates `users`: one row per account. `search_text` holds name and address in lower case, so
//! that a search works alike on both databases and in every script.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, uuid},
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
                    .table("users")
                    .col(uuid("id").primary_key())
                    .col(string("email"))
                    .col(string("name"))
                    .col(string("search_text"))
                    .col(string("password_hash"))
                    .col(string("role"))
                    .col(big_integer("created_at"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("users_email_key").table("users").col("email").unique().take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("users_created_at_id_index")
                    .table("users")
                    .col("created_at")
                    .col("id")
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("users_role_index").table("users").col("role").take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("users").take()).await
    }
}
