//! Creates `address_proofs`: one row per pending proof of an address, by a link or by a code. The
//! code is bound to the browser that requested it. A row without a user is a decoy, which confirms
//! nothing. Adds to `users` the time at which the address was confirmed.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, binary_len, integer, string, uuid, uuid_null},
};

use crate::change::Change;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["users"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter().table("users").add_column(big_integer_null("confirmed_at")).take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("address_proofs")
                    .col(binary_len("token_hash", 32).primary_key())
                    .col(binary_len("browser_hash", 32))
                    .col(uuid_null("user_id"))
                    .col(string("purpose"))
                    .col(string("email"))
                    .col(binary_len("code_mac", 32))
                    .col(integer("tries_left"))
                    .col(uuid("mail_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("address_proofs_user_id_fkey")
                            .from("address_proofs", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        manager.create_index(unique("browser_hash_key", &["browser_hash"])).await?;
        manager.create_index(unique("user_id_purpose_key", &["user_id", "purpose"])).await?;
        manager
            .create_index(
                Index::create()
                    .name("address_proofs_expires_at_index")
                    .table("address_proofs")
                    .col("expires_at")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("address_proofs").take()).await?;
        manager.alter_table(Table::alter().table("users").drop_column("confirmed_at").take()).await
    }
}

fn unique(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("address_proofs_{name}")).table("address_proofs").unique();
    for column in columns {
        index.col(*column);
    }
    index
}
