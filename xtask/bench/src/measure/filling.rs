//! A connection to a database that fills its tables as on a large site. The store has no such way
//! in: it neither writes rows by the million nor runs a statement without a time limit.

use std::{ops::Range, time::Duration};

use anyhow::{Context, Result};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection};

/// Keeps the growing indexes in memory: 256 MiB, given in KiB.
const CACHE: &str = "PRAGMA cache_size = -262144";
const USERS: &str =
    "INSERT INTO users (id, email, name, search_text, password_hash, role, created_at)";
/// The values of the user with the number `n`.
const VALUES: &str = "'user' || n || '@example.net', 'User ' || n, \
     'user ' || n || ' user' || n || '@example.net', '', 'user', n";
/// The longest time until the database accepts the connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection without time limits. No server is to use the database meanwhile.
pub(super) struct Filling(DatabaseConnection);

impl Filling {
    /// Connects to the database, whose schema is there.
    pub(super) async fn open(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).connect_timeout(PATIENCE).sqlx_logging(false);
        let connection = Database::connect(options).await.context("no database to fill")?;
        if connection.get_database_backend() == DatabaseBackend::Sqlite {
            connection.execute_unprepared(CACHE).await?;
        }
        Ok(Self(connection))
    }

    /// Runs a statement, however long it takes.
    pub(super) async fn run(&self, sql: &str) -> Result<()> {
        self.0.execute_unprepared(sql).await?;
        Ok(())
    }

    /// Adds a user with a session for each number. The number is also the time of the sign-up, in
    /// milliseconds. The accounts have no password, so that no log-in to them succeeds.
    pub(super) async fn add(&self, numbers: Range<u32>) -> Result<()> {
        if numbers.is_empty() {
            return Ok(());
        }
        let is_postgres = self.0.get_database_backend() == DatabaseBackend::Postgres;
        let statements = if is_postgres { postgres(&numbers) } else { sqlite(&numbers) };
        for statement in statements {
            self.run(&statement).await?;
        }
        Ok(())
    }

    /// Closes the connection.
    pub(super) async fn close(self) -> Result<()> {
        Ok(self.0.close().await?)
    }
}

fn sqlite(Range { start, end }: &Range<u32>) -> Vec<String> {
    let numbers = format!(
        "WITH RECURSIVE numbers(n) AS \
         (SELECT {start} UNION ALL SELECT n + 1 FROM numbers WHERE n < {end} - 1)"
    );
    let users = format!("{USERS} {numbers} SELECT randomblob(16), {VALUES} FROM numbers");
    vec![users, sessions("randomblob(32)", *start, *end)]
}

fn postgres(Range { start, end }: &Range<u32>) -> Vec<String> {
    let numbers = format!("generate_series({start}, {end} - 1) AS n");
    let users = format!("{USERS} SELECT gen_random_uuid(), {VALUES} FROM {numbers}");
    let key = "sha256(uuid_send(gen_random_uuid()))";
    vec![users, sessions(key, *start, *end)]
}

fn sessions(key: &str, start: u32, end: u32) -> String {
    format!(
        "INSERT INTO sessions (id_hash, user_id, remember, role_when_issued, created_at, \
         last_seen_at, expires_at, ip_address, user_agent, session_values) \
         SELECT {key}, id, FALSE, role, created_at, created_at, 4102444800000, \
         '192.0.2.1', 'none', '{{}}' FROM users \
         WHERE created_at >= {start} AND created_at < {end} ORDER BY id"
    )
}

#[cfg(test)]
mod tests {
    use std::env;

    use store::{DatabaseSettings, Store};

    use super::*;
    use crate::measure::database::Database;

    async fn check(url: &str) {
        let settings = DatabaseSettings {
            url: url.to_owned().try_into().unwrap(),
            max_connections: 2,
            ..DatabaseSettings::default()
        };
        let store = Store::connect(&settings, Duration::ZERO).await.unwrap();
        store.migrate_up().await.unwrap();
        let filling = Filling::open(url).await.unwrap();

        filling.add(0..3).await.unwrap();
        filling.add(3..5).await.unwrap();
        filling.add(5..5).await.unwrap();

        filling.close().await.unwrap();
        let all = store::UserQuery::default();
        assert_eq!(store.users().list(&all, 9).await.unwrap().users.len(), 5);
        store.close().await.unwrap();
    }

    #[tokio::test]
    async fn as_many_users_are_made_as_there_are_numbers() {
        let database = Database::create("filling").await.unwrap();
        check(&database.url()).await;
        let server = env::var("TEST_POSTGRES_URL").unwrap_or_default();
        if let Some((server_address, _)) = server.rsplit_once('/') {
            let name = format!("filling_{}", std::process::id());
            let first = Filling::open(&server).await.unwrap();
            first.run(&format!("CREATE DATABASE {name}")).await.unwrap();
            check(&format!("{server_address}/{name}")).await;
            first.run(&format!("DROP DATABASE {name}")).await.unwrap();
            first.close().await.unwrap();
        }
    }
}
