//! Adds to `users` from when on the account is to be deleted, and an index of those
//! that are.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

const INDEX: &str = "users_delete_after_index";

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer_null("delete_after");
        manager.alter_table(Table::alter().table("users").add_column(column).take()).await?;
        let few =
            format!("CREATE INDEX {INDEX} ON users (delete_after) WHERE delete_after IS NOT NULL");
        manager.get_connection().execute_unprepared(&few).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("users").to_owned()).await?;
        manager.alter_table(Table::alter().table("users").drop_column("delete_after").take()).await
    }
}
