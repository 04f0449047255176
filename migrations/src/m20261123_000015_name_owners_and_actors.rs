//! Adds to `outbox` the account that a mail is about, and to `security_events` the user who acted,
//! if it was not the owner. Existing mails are assigned to the account that had their address when
//! they were queued, if there is one.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::change::{Change, Part};

/// The account with the name and the address of the mail, if it was created and got that address
/// before the mail was queued.
macro_rules! owner {
    ($column:literal) => {
        concat!(
            "(SELECT ",
            $column,
            " FROM users u WHERE u.email = outbox.recipient AND u.name = outbox.recipient_name \
             AND u.created_at <= outbox.created_at \
             AND NOT EXISTS (SELECT 1 FROM security_events e WHERE e.user_id = u.id \
             AND e.event IN ('address_corrected', 'email_changed', 'email_change_undone') \
             AND e.created_at > outbox.created_at))"
        )
    };
}

const PARTS: &[Part] = &[
    Part::Fill {
        table: "outbox",
        key: "id",
        set: concat!("user_id = ", owner!("u.id")),
        rows: concat!("user_id IS NULL AND EXISTS ", owner!("1")),
    },
    Part::Index { name: "outbox_user_id_index", table: "outbox", on: "(user_id)" },
    Part::Index {
        name: "security_events_actor_id_created_at_id_index",
        table: "security_events",
        on: "(actor_id, created_at, id) WHERE actor_id IS NOT NULL",
    },
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

impl Change for Migration {
    fn locks(&self) -> &'static [&'static str] {
        &["outbox", "security_events", "users"]
    }

    fn parts(&self, _: DbBackend) -> &'static [Part] {
        PARTS
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let kind = match manager.get_database_backend() {
            DbBackend::Postgres => "uuid",
            _ => "uuid_text",
        };
        for (table, column, action) in
            [("outbox", "user_id", "CASCADE"), ("security_events", "actor_id", "SET NULL")]
        {
            let sql = format!(
                "ALTER TABLE {table} ADD COLUMN {column} {kind} \
                 CONSTRAINT {table}_{column}_fkey REFERENCES users (id) ON DELETE {action}"
            );
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("outbox", "user_id"), ("security_events", "actor_id")] {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        Ok(())
    }
}
