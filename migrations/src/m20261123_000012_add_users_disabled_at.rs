//! Adds to `users` the time at which the operator disabled the account. It is null for an enabled
//! account.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

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
        let column = big_integer_null("disabled_at");
        manager.alter_table(Table::alter().table("users").add_column(column).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("users").drop_column("disabled_at").take()).await
    }
}
