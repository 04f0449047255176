//! Adds an index of what users are searched by: trigrams on PostgreSQL, where the
//! extension `pg_trgm` is there or may be made; on SQLite the texts themselves, which are
//! much less to go through than the rows.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::change::{Change, Part};

const TRIGRAMS: &[Part] =
    &[Part::Trigrams { name: "users_search_text_trigrams", table: "users", column: "search_text" }];
const TEXTS: &[Part] = &[Part::Index {
    name: "users_search_text_index",
    table: "users",
    on: "(search_text, created_at, id)",
}];

/// Since PostgreSQL 13 the owner of a database may make this extension. Without it the
/// search goes through all users.
const EXTENSION: &str = "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; \
     EXCEPTION WHEN OTHERS THEN NULL; END $$";

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn parts(&self, backend: DbBackend) -> &'static [Part] {
        if backend == DbBackend::Postgres { TRIGRAMS } else { TEXTS }
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(EXTENSION).await?;
        }
        Ok(())
    }

    /// The extension stays: others may use it.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
