//! Creates `tokens`: one row per mailed token, with its SHA-256 as the key. A user has at most one
//! token per purpose, so that a newer one replaces the older.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary_len, string, uuid},
};

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
        manager
            .create_table(
                Table::create()
                    .table("tokens")
                    .col(binary_len("token_hash", 32).primary_key())
                    .col(uuid("user_id"))
                    .col(string("purpose"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("tokens_user_id_fkey")
                            .from("tokens", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("tokens_user_id_purpose_key")
                    .table("tokens")
                    .col("user_id")
                    .col("purpose")
                    .unique()
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("tokens_expires_at_index")
                    .table("tokens")
                    .col("expires_at")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("tokens").take()).await
    }
}
