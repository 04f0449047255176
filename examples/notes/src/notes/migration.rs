//! Creates `notes`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, text, uuid},
};
use store::Change;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["users"]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut owner = ForeignKey::create();
        owner.name("notes_user_id_fkey").from("notes", "user_id").to("users", "id");
        let mut table = Table::create();
        table.table("notes").col(uuid("id").primary_key()).col(uuid("user_id"));
        table.col(string("title")).col(text("body"));
        table.col(big_integer("created_at")).col(big_integer("updated_at"));
        table.col(big_integer_null("published_at"));
        table.foreign_key(owner.on_delete(ForeignKeyAction::Cascade));
        manager.create_table(table).await?;
        for (name, column) in
            [("notes_owner_index", "user_id"), ("notes_date_index", "published_at")]
        {
            let mut index = Index::create();
            manager.create_index(index.name(name).table("notes").col(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("notes").take()).await
    }
}
