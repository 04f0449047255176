//! Creates `sessions`: one row per session, with the SHA-256 of its id as the key. An ended session
//! has no row.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary_len, boolean, string, text, uuid},
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
                    .table("sessions")
                    .col(binary_len("id_hash", 32).primary_key())
                    .col(uuid("user_id"))
                    .col(boolean("remember"))
                    .col(string("role_when_issued"))
                    .col(big_integer("created_at"))
                    .col(big_integer("last_seen_at"))
                    .col(big_integer("expires_at"))
                    .col(string("ip_address"))
                    .col(string("user_agent"))
                    .col(text("session_values"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("sessions_user_id_fkey")
                            .from("sessions", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("sessions_user_id_created_at_index")
                    .table("sessions")
                    .col("user_id")
                    .col("created_at")
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("sessions_expires_at_index")
                    .table("sessions")
                    .col("expires_at")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sessions").take()).await
    }
}
