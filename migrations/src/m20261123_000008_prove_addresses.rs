//! Extends `address_proofs` to sign-ups: adds the values of a pending sign-up, and an index by
//! address. Existing accounts become confirmed, because no proof was required at their sign-up.
//! Otherwise they would be deleted, or be taken over by a sign-up with their address.

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
        // SQLite adds only one column per statement.
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
