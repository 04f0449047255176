//! Adds an index of the search texts of users. On PostgreSQL it is an index of trigrams, if the
//! extension `pg_trgm` exists or can be created. On SQLite it is an index of the texts, which is
//! faster to scan than the rows.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::change::{Change, Part};

const TRIGRAMS: &[Part] =
    &[Part::Trigrams { name: "users_search_text_trigrams", table: "users", column: "search_text" }];
const TEXTS: &[Part] = &[Part::Index {
    name: "users_search_text_index",
    table: "users",
    on: "(search_text, created_at, id)",
}];

/// Creates the extension if the role has the right, which the owner of a database has since
/// PostgreSQL 13. Without the extension the search scans all users.
const EXTENSION: &str = "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; \
     EXCEPTION WHEN OTHERS THEN NULL; END $$";

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

    /// Keeps the extension, because other schemas may use it.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
