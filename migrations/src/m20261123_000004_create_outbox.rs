//! Creates `outbox`: one row per mail. `due_at` is the time of the next try, or null once the mail
//! is sent or given up.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string, string_null, text, uuid},
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
                    .table("outbox")
                    .col(uuid("id").primary_key())
                    .col(string("recipient"))
                    .col(string_null("recipient_name"))
                    .col(string("subject"))
                    .col(text("text_body"))
                    .col(text("html_body"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("due_at"))
                    .col(integer("attempts"))
                    .col(big_integer_null("sent_at"))
                    .col(big_integer_null("failed_at"))
                    .col(string_null("last_error"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("outbox_due_at_index").table("outbox").col("due_at").take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("outbox").take()).await
    }
}
