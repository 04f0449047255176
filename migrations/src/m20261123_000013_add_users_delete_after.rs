//! Adds to `users` the time after which the account is deleted, and an index of the accounts that
//! have one.

use sea_orm_migration::{prelude::*, schema::big_integer_null, sea_orm::DbBackend};

use crate::change::{Change, Part};

const PARTS: &[Part] = &[Part::Index {
    name: "users_delete_after_index",
    table: "users",
    on: "(delete_after) WHERE delete_after IS NOT NULL",
}];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["users"]
    }

    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer_null("delete_after");
        manager.alter_table(Table::alter().table("users").add_column(column).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("users").drop_column("delete_after").take()).await
    }
}
