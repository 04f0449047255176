//! PostgreSQL for the tests that run on both databases. `cargo xtask test` starts a temporary
//! cluster and sets `TEST_POSTGRES_URL`. Without that variable these tests run on SQLite
//! only.

use domain::UserId;

use super::database::Database;

/// The database of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in its own folder.
    Sqlite,
    /// A new database in the cluster.
    Postgres,
}

impl Backend {
    /// Returns the available backends.
    pub fn available() -> Vec<Self> {
        let postgres = server_url().map(|_| Self::Postgres);
        std::iter::once(Self::Sqlite).chain(postgres).collect()
    }
}

/// Creates an empty database and returns its URL.
pub async fn create_database() -> String {
    let server = server_url().expect("TEST_POSTGRES_URL is set");
    let name = format!("flow_{}", UserId::generate().to_string().replace('-', ""));
    Database::connect(&server).await.execute(&format!("CREATE DATABASE {name}")).await;
    let (server, _) = server.rsplit_once('/').expect("a URL with the name of a database");
    format!("{server}/{name}")
}

fn server_url() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_test_has_a_database_of_its_own() {
        if !Backend::available().contains(&Backend::Postgres) {
            return;
        }
        let one = Database::connect(&create_database().await).await;
        let other = Database::connect(&create_database().await).await;
        one.execute("CREATE TABLE a (x BIGINT, y BYTEA)").await;
        one.execute("INSERT INTO a VALUES (1, '\\x00ff'), (NULL, NULL)").await;

        let before = one.digest().await;
        assert_eq!(one.count("a").await, 2);
        one.execute("UPDATE a SET x = 2 WHERE x = 1").await;

        assert_ne!(one.digest().await, before);
        assert_eq!(other.tables().await, Vec::<String>::new());
    }
}
