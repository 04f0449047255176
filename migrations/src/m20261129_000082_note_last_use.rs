//! Adds to `users` the time of the last use, 0 before the first log-in, and the indexes of the
//! filtered lists of users in both orders.

use sea_orm_migration::{prelude::*, schema::big_integer, sea_orm::DbBackend};

use crate::change::{Change, Part};

/// An index of the users that a filter lists, in one order. Admins have the index of roles: they are
/// few enough to be sorted.
macro_rules! list {
    ($name:literal, $order:literal, $filter:literal) => {
        Part::Index {
            name: concat!("users_", $name, "_", $order, "_id_index"),
            table: "users",
            on: concat!("(", $order, ", id) WHERE ", $filter),
        }
    };
}

const PARTS: &[Part] = &[
    Part::Fill {
        table: "users",
        key: "id",
        set: "last_seen_at = (SELECT MAX(s.last_seen_at) FROM sessions s \
              WHERE s.user_id = users.id)",
        rows: "last_seen_at = 0 AND EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = users.id \
               AND s.last_seen_at > 0)",
    },
    Part::Index { name: "users_last_seen_at_id_index", table: "users", on: "(last_seen_at, id)" },
    list!("unconfirmed", "last_seen_at", "confirmed_at IS NULL"),
    list!("disabled", "created_at", "disabled_at IS NOT NULL"),
    list!("disabled", "last_seen_at", "disabled_at IS NOT NULL"),
    list!("to_be_deleted", "created_at", "delete_after IS NOT NULL"),
    list!("to_be_deleted", "last_seen_at", "delete_after IS NOT NULL"),
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["users"]
    }

    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer("last_seen_at").default(0).take();
        manager.alter_table(Table::alter().table("users").add_column(column).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("users").drop_column("last_seen_at").take();
        manager.alter_table(table).await
    }
}
