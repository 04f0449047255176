//! Creates `invitations`: one row per address that an admin or the operator has invited. The link is
//! stored as a hash. A row goes with the account of the inviter, and with the account that it made.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, binary_len, string, string_uniq, text_null, uuid, uuid_null,
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
        manager
            .create_table(
                Table::create()
                    .table("invitations")
                    .col(uuid("id").primary_key())
                    .col(binary_len("token_hash", 32).unique_key())
                    .col(string_uniq("email"))
                    .col(string("role"))
                    .col(string("language"))
                    .col(uuid_null("invited_by"))
                    .col(text_null("note"))
                    .col(uuid("mail_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("sent_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("accepted_at"))
                    .col(uuid_null("user_id"))
                    .foreign_key(&mut to_user("invited_by"))
                    .foreign_key(&mut to_user("user_id"))
                    .take(),
            )
            .await?;
        for columns in [&["created_at", "id"][..], &["expires_at"], &["invited_by"], &["user_id"]] {
            manager.create_index(index(columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("invitations").take()).await
    }
}

fn to_user(column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("invitations_{column}_fkey"))
        .from("invitations", column)
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn index(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("invitations_{}_index", columns.join("_"))).table("invitations");
    for column in columns {
        index.col(*column);
    }
    index
}
