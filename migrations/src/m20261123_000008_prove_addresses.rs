//! Extends proofs of addresses to sign-ups: the pending sign-up where the address already has an
//! account, and an index by address. Existing accounts count as confirmed: no proof was asked for
//! when they were made, and they would otherwise be deleted, or be open to a sign-up with their
//! address.

use sea_orm_migration::{prelude::*, schema::string_null, sea_orm::DbBackend};

use crate::change::{Change, Part};

const PARTS: &[Part] = &[
    Part::Index { name: "address_proofs_email_index", table: "address_proofs", on: "(email)" },
    Part::Fill {
        table: "users",
        key: "id",
        set: "confirmed_at = created_at",
        rows: "confirmed_at IS NULL",
    },
];

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["address_proofs"]
    }

    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite adds no two in one statement.
        for name in ["name", "password_hash"] {
            let mut table = Table::alter();
            table.table("address_proofs").add_column(string_null(name));
            manager.alter_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["name", "password_hash"] {
            let mut table = Table::alter();
            table.table("address_proofs").drop_column(name);
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
