//! Creates `notice_links`: one row per link in a notice, by which an owner reports a compromise. A
//! user can have any number of links, so that a later notice does not invalidate an earlier one.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary_len, uuid},
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
                    .table("notice_links")
                    .col(binary_len("token_hash", 32).primary_key())
                    .col(uuid("user_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("notice_links_user_id_fkey")
                            .from("notice_links", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        for column in ["user_id", "expires_at"] {
            manager.create_index(index(column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("notice_links").take()).await
    }
}

fn index(column: &'static str) -> IndexCreateStatement {
    Index::create()
        .name(format!("notice_links_{column}_index"))
        .table("notice_links")
        .col(column)
        .take()
}
