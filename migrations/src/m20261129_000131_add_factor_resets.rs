//! Adds to `users` the wait after which lost second factors are removed: when it ends, and when the
//! next step is due. Only the rows with a wait are in the index.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: &[&str] = &["factor_reset_at", "factor_reset_step_at"];
const INDEX: &str = "users_factor_reset_step_at_index";

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["users"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            let column = big_integer_null(*column);
            manager.alter_table(Table::alter().table("users").add_column(column).take()).await?;
        }
        let index = format!(
            "CREATE INDEX {INDEX} ON users (factor_reset_step_at) \
             WHERE factor_reset_step_at IS NOT NULL"
        );
        manager.get_connection().execute_unprepared(&index).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("users").to_owned()).await?;
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("users").drop_column(*column).take()).await?;
        }
        Ok(())
    }
}
