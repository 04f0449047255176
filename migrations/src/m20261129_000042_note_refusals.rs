//! Adds to `security_events` the reason, the number and the last time of refused passwords, and to
//! `users` the time at which the throttles of the account were last reset.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, text_null},
};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["security_events", "users"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("security_events", text_null("reason")),
            ("security_events", big_integer_null("refusals")),
            ("security_events", big_integer_null("last_at")),
            ("users", big_integer_null("limits_cleared_at")),
        ];
        for (table, column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("users", "limits_cleared_at"),
            ("security_events", "last_at"),
            ("security_events", "refusals"),
            ("security_events", "reason"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        Ok(())
    }
}
