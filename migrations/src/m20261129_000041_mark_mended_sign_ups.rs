//! Adds to `address_proofs` whether the address of the sign-up was corrected: the sign-up used
//! another address than the one that is to be confirmed.

use sea_orm_migration::{prelude::*, schema::boolean, sea_orm::DbBackend};

use crate::change::{Change, Part};

/// Marks existing rows. The previous release kept a password hash beside a user only for a
/// corrected sign-up.
const PARTS: &[Part] = &[Part::Fill {
    table: "address_proofs",
    key: "token_hash",
    set: "is_mended = TRUE",
    rows: "user_id IS NOT NULL AND password_hash IS NOT NULL AND is_mended = FALSE",
}];

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
        let column = boolean("is_mended").default(false).take();
        manager.alter_table(Table::alter().table("address_proofs").add_column(column).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter().table("address_proofs").drop_column("is_mended").take();
        manager.alter_table(column).await
    }
}
