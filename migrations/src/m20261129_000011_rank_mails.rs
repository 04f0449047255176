//! Adds to `outbox` the kind and the priority of the mail, the time at which a mail server may have
//! accepted it without a reply, and the start of the present pause.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, small_integer, text},
    sea_orm::DbBackend,
};

use crate::change::{Change, Part};

const PARTS: &[Part] = &[Part::Index {
    name: "outbox_priority_due_at_index",
    table: "outbox",
    on: "(priority, due_at) WHERE due_at IS NOT NULL",
}];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["outbox"]
    }

    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            text("kind").default("").take(),
            small_integer("priority").default(0).take(),
            big_integer_null("doubtful_at"),
            big_integer_null("paused_at"),
        ] {
            manager.alter_table(Table::alter().table("outbox").add_column(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["kind", "priority", "doubtful_at", "paused_at"] {
            manager.alter_table(Table::alter().table("outbox").drop_column(column).take()).await?;
        }
        Ok(())
    }
}
