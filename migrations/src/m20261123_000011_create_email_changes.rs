//! Creates `email_changes`: one row per address change that can be reverted by the link in the mail
//! to the former address. A later change does not invalidate the link of an earlier owner.

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
                    .table("email_changes")
                    .col(binary_len("undo_hash", 32).primary_key())
                    .col(uuid("user_id"))
                    .col(string("old_email"))
                    .col(string("new_email"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("email_changes_user_id_fkey")
                            .from("email_changes", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        for column in ["user_id", "old_email", "expires_at"] {
            manager.create_index(index(column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("email_changes").take()).await
    }
}

fn index(column: &'static str) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("email_changes_{column}_index")).table("email_changes").col(column);
    index
}
