//! Access to the database past the app, to prove that nothing changed or that something was
//! written, or to damage a row on purpose.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement,
    TransactionTrait,
};

use super::search::Haystack;

/// A second connection to the app's database.
#[derive(Debug)]
pub struct Database {
    connection: DatabaseConnection,
}

/// An open transaction that holds its locks.
#[derive(Debug)]
pub struct Held(DatabaseTransaction);

impl Held {
    /// Rolls back and releases the locks.
    pub async fn release(self) {
        self.0.rollback().await.expect("the transaction is open");
    }

    /// Commits and releases the locks.
    pub async fn commit(self) {
        self.0.commit().await.expect("the transaction is open");
    }
}

/// A digest of the database. Two are equal if every row of every table is equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseDigest(BTreeMap<String, (usize, u64)>);

impl DatabaseDigest {
    /// Removes a table from the digest, such as one in which refusals are counted.
    #[must_use]
    pub fn without(mut self, table: &str) -> Self {
        assert!(self.0.remove(table).is_some(), "there is no table {table:?}");
        self
    }
}

impl Database {
    /// Connects to the database at `url`.
    pub async fn connect(url: &str) -> Self {
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(2).sqlx_logging(false);
        let connection = sea_orm::Database::connect(options).await.expect("the database is there");
        Self { connection }
    }

    /// Returns a digest of the current rows.
    pub async fn digest(&self) -> DatabaseDigest {
        let digest = |rows: Vec<String>| {
            let mut hasher = DefaultHasher::new();
            rows.hash(&mut hasher);
            (rows.len(), hasher.finish())
        };
        let rows = self.all_rows().await.into_iter();
        DatabaseDigest(rows.map(|(table, rows)| (table, digest(rows))).collect())
    }

    /// Returns the number of rows of a table.
    pub async fn count(&self, table: &str) -> usize {
        let sql = format!("SELECT CAST(count(*) AS TEXT) FROM \"{table}\"");
        self.texts(&sql).await.concat().parse().expect("a number")
    }

    /// Returns the number of rows of each table, all at one moment.
    pub async fn counts(&self) -> BTreeMap<String, usize> {
        let tables = self.tables().await.into_iter();
        let counts = tables
            .map(|table| format!("SELECT '{table} ' || CAST(count(*) AS TEXT) FROM \"{table}\""));
        let counts = self.texts(&counts.collect::<Vec<_>>().join(" UNION ALL ")).await;
        let counts = counts.iter().filter_map(|count| count.split_once(' '));
        counts.map(|(table, rows)| (table.to_owned(), rows.parse().expect("a number"))).collect()
    }

    /// Returns every row of a table as text, sorted, to search for values that must not be there.
    pub async fn rows(&self, table: &str) -> Vec<String> {
        self.all_rows().await.remove(table).unwrap_or_else(|| panic!("there is no table {table:?}"))
    }

    /// Returns every row of every table, to search for values that must not be stored.
    pub async fn haystacks(&self) -> Vec<Haystack> {
        let rows = self.all_rows().await.into_iter();
        rows.map(|(table, rows)| Haystack::of(&table, rows.join("\n").as_bytes())).collect()
    }

    /// Returns the rows of each table as sorted texts, all at one moment.
    async fn all_rows(&self) -> BTreeMap<String, Vec<String>> {
        let tables = self.row_expressions().await;
        let selects = tables
            .iter()
            .map(|(table, row)| format!("SELECT '{table} ' || {row} AS r FROM \"{table}\" AS t"));
        let sql = selects.collect::<Vec<_>>().join(" UNION ALL ") + " ORDER BY 1";
        let mut all: BTreeMap<_, Vec<_>> =
            tables.into_keys().map(|table| (table, Vec::new())).collect();
        for row in self.texts(&sql).await {
            let (table, row) = row.split_once(' ').expect("the name of a table");
            all.entry(table.to_owned()).or_default().push(row.to_owned());
        }
        all
    }

    /// Returns an SQL expression for each table that makes a text of one of its rows.
    async fn row_expressions(&self) -> BTreeMap<String, String> {
        if self.is_postgres() {
            let tables = self.tables().await.into_iter();
            return tables.map(|table| (table, "t::text".to_owned())).collect();
        }
        let columns = "SELECT m.name || ' ' \
             || group_concat('quote(\"' || c.name || '\")', ' || '','' || ') \
             FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' \
             AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' GROUP BY m.name";
        let rows = self.texts(columns).await;
        let rows = rows.iter().filter_map(|row| row.split_once(' '));
        rows.map(|(table, row)| (table.to_owned(), row.to_owned())).collect()
    }

    /// Returns the names of the tables.
    pub async fn tables(&self) -> Vec<String> {
        let sql = if self.is_postgres() {
            "SELECT table_name::text FROM information_schema.tables \
             WHERE table_schema = 'public' ORDER BY 1"
        } else {
            "SELECT name FROM sqlite_schema \
             WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
        };
        self.texts(sql).await
    }

    /// Returns each foreign key to `users`, as `table.column`, whose row would stay or stand in the
    /// way when the user is deleted. A product's test expects none.
    pub async fn references_that_keep_users(&self) -> Vec<String> {
        let sql = if self.is_postgres() {
            "SELECT c.conrelid::regclass::text || '.' || a.attname FROM pg_constraint c \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
             WHERE c.confrelid = 'users'::regclass AND c.contype = 'f' \
             AND c.confdeltype NOT IN ('c', 'n') ORDER BY 1"
        } else {
            "SELECT m.name || '.' || f.\"from\" FROM sqlite_schema m, \
             pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = 'users' \
             AND f.on_delete NOT IN ('CASCADE', 'SET NULL') ORDER BY 1"
        };
        self.texts(sql).await
    }

    /// Returns the first column of each row that `sql` selects. The column must be text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql);
        let rows = self.connection.query_all_raw(statement).await;
        let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter().map(|row| row.try_get_by_index(0).expect("the column is text")).collect()
    }

    /// Runs `sql` and returns the number of changed rows.
    pub async fn execute(&self, sql: &str) -> u64 {
        let done = self.connection.execute_unprepared(sql).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
    }

    /// Runs `sql` in a transaction that stays open and holds its locks.
    #[expect(clippy::disallowed_methods, reason = "it is there to be in the way")]
    pub async fn hold(&self, sql: &str) -> Held {
        let transaction = self.connection.begin().await.expect("a transaction");
        transaction.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        Held(transaction)
    }

    /// Writes everything in SQLite's write-ahead log to the database file and empties the log, as
    /// the server does when it stops.
    pub async fn empty_log(&self) {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        loop {
            let statement = Statement::from_string(DbBackend::Sqlite, checkpoint);
            let row = self.connection.query_one_raw(statement).await;
            let row = row.expect("the log can be read").expect("it is one row");
            let is_busy: i32 = row.try_get_by_index(0).expect("the first column tells");
            if is_busy == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn is_postgres(&self) -> bool {
        self.connection.get_database_backend() == DbBackend::Postgres
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_digest_tells_a_changed_row() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/a.db?mode=rwc", folder.path().display());
        let database = Database::connect(&url).await;
        database.execute("CREATE TABLE a (x INTEGER, y BLOB)").await;
        database.execute("INSERT INTO a VALUES (1, x'00ff'), (NULL, NULL)").await;

        let before = database.digest().await;
        assert_eq!(database.digest().await, before);
        assert_eq!(database.execute("UPDATE a SET x = 2 WHERE x = 1").await, 1);

        assert_ne!(database.digest().await, before);
        assert_eq!(database.digest().await.without("a"), before.without("a"));
        assert_eq!(database.count("a").await, 2);
    }
}
