//! Creates `passkeys`: one row per passkey, whose credential id is unique over all accounts. Creates
//! `spent_ceremonies`: one row per challenge that was answered, until it would have expired.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, binary_len, blob, boolean, boolean_null, string, text, uuid,
    },
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
        manager.create_table(passkeys()).await?;
        let credential_ids = Index::create()
            .name("passkeys_credential_id_key")
            .table("passkeys")
            .col("credential_id")
            .unique()
            .take();
        manager.create_index(credential_ids).await?;
        manager
            .create_index(
                Index::create()
                    .name("passkeys_user_id_created_at_index")
                    .table("passkeys")
                    .col("user_id")
                    .col("created_at")
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("spent_ceremonies")
                    .col(binary_len("ceremony_hash", 32).primary_key())
                    .col(big_integer("expires_at"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("spent_ceremonies_expires_at_index")
                    .table("spent_ceremonies")
                    .col("expires_at")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("spent_ceremonies").take()).await?;
        manager.drop_table(Table::drop().table("passkeys").take()).await
    }
}

fn passkeys() -> TableCreateStatement {
    Table::create()
        .table("passkeys")
        .col(uuid("id").primary_key())
        .col(uuid("user_id"))
        .col(blob("credential_id"))
        .col(text("credential"))
        .col(string("name"))
        .col(uuid("aaguid"))
        .col(big_integer("counter"))
        .col(boolean("is_backup_eligible"))
        .col(boolean("is_backed_up"))
        .col(boolean_null("is_discoverable"))
        .col(string("transports"))
        .col(big_integer("created_at"))
        .col(big_integer_null("last_used_at"))
        .foreign_key(
            ForeignKey::create()
                .name("passkeys_user_id_fkey")
                .from("passkeys", "user_id")
                .to("users", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}
