//! Checks the rights of the database role on PostgreSQL at the start of a command. Without the
//! check the first log-in would fail with an internal error. The check only reads. SQLite has no
//! rights.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::{Cause, OpenError, Store, database::Reads};

/// The tables of the schema, without the list of migrations.
const TABLES: [&str; 18] = [
    "users",
    "sessions",
    "tokens",
    "outbox",
    "readiness",
    "throttles",
    "security_events",
    "address_proofs",
    "notice_links",
    "held_forms",
    "email_changes",
    "invitations",
    "pending_log_ins",
    "authentication_apps",
    "recovery_codes",
    "remembered_browsers",
    "passkeys",
    "spent_ceremonies",
];
/// The rights that a server needs on each table.
const RIGHTS: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

const GRANT: &str = "grant SELECT, INSERT, UPDATE and DELETE on all tables of the product, or use the role that migrates";
const OWN: &str = "migrate as the role that owns the tables, and may CREATE in the schema";

impl Store {
    /// Fails with [`OpenError::Rights`] if the role lacks a right to read or write an existing
    /// table.
    pub async fn check_may_serve(&self) -> Result<(), OpenError> {
        if !self.is_on_postgres() {
            return Ok(());
        }
        let sql = "SELECT r.name || ' ' || t.name FROM unnest($1::text[]) AS t(name), \
                   unnest($2::text[]) AS r(name) \
                   WHERE to_regclass(t.name) IS NOT NULL \
                   AND NOT has_table_privilege(to_regclass(t.name), r.name) LIMIT 1";
        match self.first_text(sql, &[&TABLES, &RIGHTS]).await? {
            Some(lacking) => Err(OpenError::Rights(lacking, GRANT)),
            None => Ok(()),
        }
    }

    /// Fails with [`OpenError::Rights`] if the role cannot change the schema.
    pub async fn check_may_migrate(&self) -> Result<(), OpenError> {
        if !self.is_on_postgres() {
            return Ok(());
        }
        let sql = "SELECT CASE WHEN current_schema() IS NULL THEN 'use any schema' \
                   ELSE 'CREATE in the schema ' || current_schema() END \
                   WHERE NOT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) \
                   UNION ALL SELECT 'change ' || t.name FROM unnest($1::text[]) AS t(name) \
                   JOIN pg_class AS c ON c.oid = to_regclass(t.name) \
                   WHERE NOT pg_has_role(c.relowner, 'USAGE') LIMIT 1";
        match self.first_text(sql, &[&TABLES]).await? {
            Some(lacking) => Err(OpenError::Rights(lacking, OWN)),
            None => Ok(()),
        }
    }

    fn is_on_postgres(&self) -> bool {
        self.connection().get_database_backend() == DbBackend::Postgres
    }

    async fn first_text(&self, sql: &str, lists: &[&[&str]]) -> Result<Option<String>, OpenError> {
        // The names are constants without special characters, so they need no quotes.
        let lists = lists.iter().map(|list| format!("{{{}}}", list.join(",")).into());
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, lists);
        let other = |error: DbErr| OpenError::Other(Cause::of(&error));
        let row = self.connection().query_one_raw(statement).await.map_err(other)?;
        row.map(|row| row.try_get_by_index(0)).transpose().map_err(other)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        DatabaseSettings,
        testing::{stores, url_of},
    };

    /// A table that is missing in `TABLES` would not be checked.
    #[tokio::test]
    async fn the_tables_are_those_of_the_schema() {
        for test in stores().await {
            let sql = if test.store.is_on_postgres() {
                "SELECT table_name::text FROM information_schema.tables \
                 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            } else {
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
                 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            };
            let connection = test.store.connection();
            let statement = Statement::from_string(connection.get_database_backend(), sql);
            let rows = connection.query_all_raw(statement).await.unwrap();
            let mut found: Vec<String> =
                rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
            found.retain(|name| name != "seaql_migrations");
            found.sort();
            let mut listed = TABLES.map(str::to_owned).to_vec();
            listed.sort();
            assert_eq!(found, listed);
        }
    }

    /// CFG-03: a missing right is reported with its fix before any other work.
    #[tokio::test]
    async fn a_role_is_told_which_right_it_lacks() {
        for test in stores().await {
            test.store.check_may_serve().await.unwrap();
            test.store.check_may_migrate().await.unwrap();
            let Some(url) = url_of(&test.store).await else { continue };
            let run = async |sql: &str| {
                test.store.connection().execute_unprepared(sql).await.unwrap();
            };
            let (_, name) = url.rsplit_once('/').unwrap();
            let role = format!("role_of_{name}");
            run(&format!(
                "CREATE ROLE {role} LOGIN PASSWORD 'x'; \
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}; \
                 REVOKE CREATE ON SCHEMA public FROM PUBLIC"
            ))
            .await;
            let (scheme, rest) = url.split_once("://").unwrap();
            let (_, host) = rest.split_once('@').unwrap_or(("", rest));
            let url = format!("{scheme}://{role}:x@{host}").parse().unwrap();
            let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
            let store = Store::connect(&settings, Duration::ZERO).await.unwrap();

            store.check_may_serve().await.unwrap();
            let refused = store.check_may_migrate().await.unwrap_err().to_string();
            assert!(refused.contains("may not CREATE in the schema public"), "{refused}");
            run(&format!("GRANT CREATE ON SCHEMA public TO {role}")).await;
            let refused = store.check_may_migrate().await.unwrap_err().to_string();
            assert!(refused.contains("may not change "), "{refused}");
            run(&format!("REVOKE DELETE ON sessions FROM {role}")).await;
            let refused = store.check_may_serve().await.unwrap_err().to_string();
            assert!(refused.contains("may not DELETE sessions; grant"), "{refused}");

            store.close().await.unwrap();
            run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
        }
    }
}
