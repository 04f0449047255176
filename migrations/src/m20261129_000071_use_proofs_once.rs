//! Adds to `address_proofs` the time at which a proof was used, and removes names and password
//! hashes of sign-ups that have made no account: a sign-up sets them once its address is confirmed.
//!
//! The columns stay, because the previous release writes them. Links and codes that were mailed
//! before stay valid.

use sea_orm_migration::{
    prelude::*,
    schema::big_integer_null,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::change::{Change, Part};

const PARTS: &[Part] = &[Part::Fill {
    table: "address_proofs",
    key: "token_hash",
    set: "name = NULL, password_hash = NULL",
    rows: "password_hash IS NOT NULL",
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
        let column = big_integer_null("used_at").take();
        manager.alter_table(Table::alter().table("address_proofs").add_column(column).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The previous release would take a used proof for a valid one.
        let used = "DELETE FROM address_proofs WHERE used_at IS NOT NULL";
        manager.get_connection().execute_unprepared(used).await?;
        let column = Table::alter().table("address_proofs").drop_column("used_at").take();
        manager.alter_table(column).await
    }
}
