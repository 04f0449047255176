//! Adds the indexes by which the hourly sweeps find mails that are sent or given up, and
//! unconfirmed accounts.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::change::{Change, Part};

const PARTS: &[Part] = &[
    Part::Index {
        name: "outbox_done_at_index",
        table: "outbox",
        on: "(COALESCE(sent_at, failed_at)) WHERE due_at IS NULL",
    },
    Part::Index {
        name: "users_unconfirmed_created_at_index",
        table: "users",
        on: "(created_at) WHERE confirmed_at IS NULL",
    },
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
