//! Adds the indexes by which admins find mails that were given up, and the mails to an address.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::change::{Change, Part};

const PARTS: &[Part] = &[
    Part::Index {
        name: "outbox_failed_at_id_index",
        table: "outbox",
        on: "(failed_at, id) WHERE failed_at IS NOT NULL",
    },
    Part::Index { name: "outbox_recipient_index", table: "outbox", on: "(recipient)" },
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
