//! Fills the tables as on a large site, for the measurements of `cargo xtask bench`. The accounts
//! have no password, so that no log-in to them succeeds.

use std::ops::Range;

use sea_orm::ConnectionTrait;

use crate::{Cause, Store, StoreError, database::Reads, database_url::Target, open};

/// Removes the limits of requests from a connection.
const UNLIMITED: &str = "SET statement_timeout = 0; SET lock_timeout = 0";

/// Keeps the growing indexes in memory: 256 MiB, given in KiB.
const CACHE: &str = "PRAGMA cache_size = -262144";
const USERS: &str =
    "INSERT INTO users (id, email, name, search_text, password_hash, role, created_at)";
/// The values of the user with the number `n`.
const VALUES: &str = "'user' || n || '@example.net', 'User ' || n, \
     'user ' || n || ' user' || n || '@example.net', '', 'user', n";

impl Store {
    /// Adds a user with a session for each number. The number is also the time of the sign-up, in
    /// milliseconds.
    #[doc(hidden)]
    pub async fn fill(&self, numbers: Range<u32>) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let tx = self.begin().await?;
        let statements = if tx.is_postgres() { postgres(&numbers) } else { sqlite(&numbers) };
        for statement in statements {
            tx.connection().inner.execute_unprepared(&statement).await?;
        }
        tx.finish().await
    }
}

fn sqlite(Range { start, end }: &Range<u32>) -> Vec<String> {
    let numbers = format!(
        "WITH RECURSIVE numbers(n) AS \
         (SELECT {start} UNION ALL SELECT n + 1 FROM numbers WHERE n < {end} - 1)"
    );
    let users = format!("{USERS} {numbers} SELECT randomblob(16), {VALUES} FROM numbers");
    vec![CACHE.to_owned(), users, sessions("randomblob(32)", *start, *end)]
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

impl Store {
    /// Runs a statement of a benchmark without a time limit.
    #[doc(hidden)]
    pub async fn run_unlimited(&self, sql: &str) -> Result<(), StoreError> {
        if let Target::Postgres(options) = self.settings.url.target() {
            let opened = open::open_migrator(options, &self.settings.product, UNLIMITED).await;
            let connection =
                opened.map_err(|error| StoreError::Unavailable(Cause::named(error.to_string())))?;
            let done = connection.execute_unprepared(sql).await;
            connection.close().await?;
            return Ok(done.map(drop)?);
        }
        let tx = self.begin().await?;
        tx.connection().inner.execute_unprepared(sql).await?;
        tx.finish().await
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::stores;

    #[tokio::test]
    async fn as_many_users_are_made_as_there_are_numbers() {
        for test in stores().await {
            test.store.fill(0..3).await.unwrap();
            test.store.fill(3..5).await.unwrap();

            let page = test.store.users().list("", None, 9).await.unwrap();
            assert_eq!(page.users.len(), 5);
        }
    }
}
