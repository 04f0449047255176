//! Creates `remembered_browsers`: one row per browser in which an account asks for no factor.

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
                    .table("remembered_browsers")
                    .col(binary_len("id_hash", 32).primary_key())
                    .col(uuid("user_id"))
                    .col(string("ip_address"))
                    .col(string("user_agent"))
                    .col(big_integer("created_at"))
                    .col(big_integer("last_used_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("remembered_browsers_user_id_fkey")
                            .from("remembered_browsers", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        for column in ["user_id", "expires_at"] {
            let index = Index::create()
                .name(format!("remembered_browsers_{column}_index"))
                .table("remembered_browsers")
                .col(column)
                .take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("remembered_browsers").take()).await
    }
}
