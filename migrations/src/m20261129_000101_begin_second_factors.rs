//! Adds what a second factor needs at the log-in: to `sessions` how the user was proven and when a
//! factor was last given, to `users` since when a factor is asked for, and `pending_log_ins`, one row
//! per right password that waits for a factor.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, binary_len, boolean, integer, string, text_null, uuid,
    },
};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["sessions", "users"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let since = big_integer_null("second_factor_since");
        manager.alter_table(Table::alter().table("users").add_column(since).take()).await?;
        let assurance = string("assurance").default("password").take();
        manager.alter_table(Table::alter().table("sessions").add_column(assurance).take()).await?;
        let factor_at = big_integer_null("factor_at");
        manager.alter_table(Table::alter().table("sessions").add_column(factor_at).take()).await?;
        manager
            .create_table(
                Table::create()
                    .table("pending_log_ins")
                    .col(binary_len("id_hash", 32).primary_key())
                    .col(uuid("user_id").unique_key())
                    .col(boolean("remember"))
                    .col(text_null("next_path"))
                    .col(integer("tries_left"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("pending_log_ins_user_id_fkey")
                            .from("pending_log_ins", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("pending_log_ins_expires_at_index")
                    .table("pending_log_ins")
                    .col("expires_at")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("pending_log_ins").take()).await?;
        for (table, column) in
            [("sessions", "factor_at"), ("sessions", "assurance"), ("users", "second_factor_since")]
        {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        Ok(())
    }
}
