//! Creates `held_forms`: one row per saved submission, encrypted, which waits for its user to log
//! in or to give the password. Adds to `sessions` the time at which the password was last given.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary_len, blob, uuid},
    sea_orm::DbBackend,
};

use crate::change::{Change, Part};

const PARTS: &[Part] = &[Part::Fill {
    table: "sessions",
    key: "id_hash",
    set: "authenticated_at = created_at",
    rows: "authenticated_at = 0 AND created_at <> 0",
}];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["sessions", "users"]
    }

    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let authenticated_at = big_integer("authenticated_at").default(0).take();
        manager
            .alter_table(Table::alter().table("sessions").add_column(authenticated_at).take())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("held_forms")
                    .col(binary_len("token_hash", 32).primary_key())
                    .col(uuid("user_id"))
                    .col(blob("sealed"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("held_forms_user_id_fkey")
                            .from("held_forms", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        manager.create_index(index("user_id_created_at", &["user_id", "created_at"])).await?;
        manager.create_index(index("expires_at", &["expires_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("held_forms").take()).await?;
        let column = Table::alter().table("sessions").drop_column("authenticated_at").take();
        manager.alter_table(column).await
    }
}

fn index(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("held_forms_{name}_index")).table("held_forms");
    for column in columns {
        index.col(*column);
    }
    index
}
