//! Makes room for proofs of addresses at sign-up: what a sign-up asked for where the
//! address has an account already, and an index by address. Accounts that exist count
//! as confirmed: they were made when nobody had to prove an address, and would else
//! be removed for it, or be open to whoever signs up with their address.

use sea_orm_migration::{prelude::*, schema::string_null};

const INDEX: &str = "address_proofs_email_index";

/// This change.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite adds no two in one statement.
        for name in ["name", "password_hash"] {
            let mut table = Table::alter();
            table.table("address_proofs").add_column(string_null(name));
            manager.alter_table(table).await?;
        }
        let index = Index::create().name(INDEX).table("address_proofs").col("email").take();
        manager.create_index(index).await?;
        let confirm = "UPDATE users SET confirmed_at = created_at WHERE confirmed_at IS NULL";
        manager.get_connection().execute_unprepared(confirm).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("address_proofs").to_owned()).await?;
        for name in ["name", "password_hash"] {
            let mut table = Table::alter();
            table.table("address_proofs").drop_column(name);
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
