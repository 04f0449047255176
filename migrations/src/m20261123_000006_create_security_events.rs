//! Creates `security_events`: one row per event of an account. An event stays when its account is
//! deleted, and then refers to no account.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, uuid, uuid_null},
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
                    .table("security_events")
                    .col(uuid("id").primary_key())
                    .col(uuid_null("user_id"))
                    .col(string("event"))
                    .col(string("actor"))
                    .col(big_integer("created_at"))
                    .col(string("ip_address"))
                    .col(string("user_agent"))
                    .col(string("request_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("security_events_user_id_fkey")
                            .from("security_events", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::SetNull),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("security_events_user_id_created_at_id_index")
                    .table("security_events")
                    .col("user_id")
                    .col("created_at")
                    .col("id")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("security_events").take()).await
    }
}
