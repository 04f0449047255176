//! Adds to `security_events` the reason that an admin gave, and the indexes of the audit trail: by
//! time, by kind and by actor.

use sea_orm_migration::{prelude::*, schema::text_null, sea_orm::DbBackend};

use crate::change::{Change, Part};

const PARTS: &[Part] = &[
    Part::Index {
        name: "security_events_created_at_id_index",
        table: "security_events",
        on: "(created_at, id)",
    },
    Part::Index {
        name: "security_events_event_created_at_id_index",
        table: "security_events",
        on: "(event, created_at, id)",
    },
    Part::Index {
        name: "security_events_actor_created_at_id_index",
        table: "security_events",
        on: "(actor, created_at, id)",
    },
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["security_events"]
    }

    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("security_events").add_column(text_null("note")).take();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("security_events").drop_column("note").take();
        manager.alter_table(table).await
    }
}
