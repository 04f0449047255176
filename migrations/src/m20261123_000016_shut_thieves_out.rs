//! Adds two columns that keep an intruder out of an account: to `notice_links` the address that the
//! notice was mailed to, and to `users` the generation of the valid device cookies.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text},
    sea_orm::DbBackend,
};

use crate::change::{Change, Part};

/// Sets the address that the account had when the link was created.
const PARTS: &[Part] = &[Part::Fill {
    table: "notice_links",
    key: "token_hash",
    set: "email = COALESCE(\
        (SELECT old_email FROM email_changes c WHERE c.user_id = notice_links.user_id \
        AND c.created_at > notice_links.created_at ORDER BY c.created_at LIMIT 1), \
        (SELECT u.email FROM users u WHERE u.id = notice_links.user_id))",
    rows: "email = ''",
}];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["notice_links", "users"]
    }

    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let email = text("email").default("").take();
        manager.alter_table(Table::alter().table("notice_links").add_column(email).take()).await?;
        let generation = big_integer("device_generation").default(0).take();
        manager.alter_table(Table::alter().table("users").add_column(generation).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("users", "device_generation"), ("notice_links", "email")] {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        Ok(())
    }
}
