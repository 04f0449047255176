//! Creates `authentication_apps`, one row per app with its secret, encrypted, and `recovery_codes`,
//! the hashes of the codes that replace a lost factor.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, binary_len, blob, string, text, uuid},
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
                    .table("authentication_apps")
                    .col(uuid("id").primary_key())
                    .col(uuid("user_id"))
                    .col(string("name"))
                    .col(blob("sealed"))
                    .col(binary_len("key_id", 8))
                    .col(big_integer("last_step"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("last_used_at"))
                    .foreign_key(&mut of_user("authentication_apps"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("authentication_apps_user_id_index")
                    .table("authentication_apps")
                    .col("user_id")
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("recovery_codes")
                    .col(uuid("user_id"))
                    .col(string("place"))
                    .col(text("code_hash"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("used_at"))
                    .primary_key(Index::create().col("user_id").col("place"))
                    .foreign_key(&mut of_user("recovery_codes"))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["recovery_codes", "authentication_apps"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn of_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_user_id_fkey"))
        .from(table, "user_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
