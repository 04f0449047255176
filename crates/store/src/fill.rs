//! A table as full as that of a large site, for `cargo xtask bench` to see what that
//! costs. SQLite only; nobody can log in to what is made here.

use std::ops::Range;

use sea_orm::ConnectionTrait;

use crate::{Store, StoreError, database::Reads};

/// Holds the indexes while they grow: 256 MiB.
const CACHE: &str = "PRAGMA cache_size = -262144";

impl Store {
    /// Adds a user for each number, with a session; the number is also the moment of
    /// the sign-up.
    #[doc(hidden)]
    pub async fn fill(&self, numbers: Range<u32>) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let Range { start, end } = numbers;
        let users = format!(
            "INSERT INTO users (id, email, name, search_text, password_hash, role, created_at) \
             WITH RECURSIVE numbers(n) AS \
             (SELECT {start} UNION ALL SELECT n + 1 FROM numbers WHERE n < {end} - 1) \
             SELECT randomblob(16), 'user' || n || '@example.net', 'User ' || n, \
             'user ' || n || ' user' || n || '@example.net', '', 'user', n FROM numbers"
        );
        let sessions = format!(
            "INSERT INTO sessions (id_hash, user_id, remember, role_when_issued, created_at, \
             last_seen_at, expires_at, ip_address, user_agent, session_values) \
             SELECT randomblob(32), id, FALSE, role, created_at, created_at, 4102444800000, \
             '192.0.2.1', 'none', '{{}}' FROM users \
             WHERE created_at >= {start} AND created_at < {end} ORDER BY id"
        );
        let tx = self.begin().await?;
        for statement in [CACHE, &users, &sessions] {
            tx.connection().inner.execute_unprepared(statement).await?;
        }
        tx.finish().await
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::sqlite;

    #[tokio::test]
    async fn as_many_users_are_made_as_there_are_numbers() {
        let test = sqlite().await;

        test.store.fill(0..3).await.unwrap();
        test.store.fill(3..5).await.unwrap();

        let page = test.store.users().list("", None, 9).await.unwrap();
        assert_eq!(page.users.len(), 5);
    }
}
