//! The list of users, the newest first, and its search by a part of a name or an address.
//!
//! The search compares the search text of each user, which is in the form of
//! [`domain::search_key`]. Rows of the previous release are in the form of
//! [`domain::former_search_key`] and are found by it. A frequent term is found among the newest
//! users, a rare one by the index of trigrams, so that the time does not grow with the number of
//! users. Without the index, and for a term without a trigram, the search scans the users within
//! the time limit of a statement.

mod cursor;
mod statements;
mod terms;

use domain::User;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, Select, Statement, entity::prelude::Uuid, sea_query::Expr,
};

pub use self::cursor::UserCursor;
use self::{
    statements::{MOST_HITS, by_age, by_index, trigram_counts},
    terms::Terms,
};
use crate::{
    Store, StoreError, Users,
    database::Reads,
    entities::user::{Column, Entity, Model},
    users::{user, uuid},
};

/// A trigram is common if more than one in this many users of the sample has it. The index has a
/// long list of users for such a trigram, so that a look-up without it is faster.
const COMMON: i64 = 20;

/// A page of the list of users.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// The users, the newest first.
    pub users: Vec<User>,
    /// The end of this page, if there is another one.
    pub next: Option<UserCursor>,
}

/// The index that finds users by a part of their name or address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchIndex {
    /// An index of trigrams, on PostgreSQL.
    Trigrams,
    /// An index of the search texts, on SQLite, which scans it instead of the rows.
    Texts,
    /// No index: each search scans the users. On PostgreSQL the extension `pg_trgm` is missing, or
    /// the index that needs it.
    Missing,
}

impl Store {
    /// Returns the index that the search for users has.
    pub async fn search_index(&self) -> Result<SearchIndex, StoreError> {
        let connection = self.connection();
        let (sql, index) = if connection.get_database_backend() == DbBackend::Postgres {
            let sql = "SELECT 1 FROM pg_index \
                 WHERE indexrelid = to_regclass('users_search_text_trigrams') AND indisvalid";
            (sql, SearchIndex::Trigrams)
        } else {
            let sql = "SELECT 1 FROM sqlite_schema WHERE name = 'users_search_text_index'";
            (sql, SearchIndex::Texts)
        };
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let found = connection.query_one_raw(statement).await?;
        Ok(if found.is_some() { index } else { SearchIndex::Missing })
    }
}

impl<C: Reads> Users<'_, C> {
    /// Returns up to `limit` users after the cursor `after`, the newest first, with `search` in
    /// their name or address. Ignores case and composition. An empty `search` finds all users.
    pub async fn list(
        &self,
        search: &str,
        after: Option<UserCursor>,
        limit: u64,
    ) -> Result<UserPage, StoreError> {
        let terms = Terms::of(search);
        if terms.is_empty() {
            return self.page(newest(Entity::find(), after), limit).await;
        }
        let backend = self.0.connection().get_database_backend();
        let hits = self.hits(by_age(backend, &terms, after, limit)).await?;
        if hits.ids.len() as u64 > limit {
            return self.page_of(hits.ids, limit).await;
        }
        if backend == DbBackend::Sqlite || terms.have_trigrams() {
            let common = self.common_trigrams(&terms).await?;
            let hits = self.hits(by_index(backend, &terms, &common, after, limit)).await?;
            if hits.count <= MOST_HITS {
                return self.page_of(hits.ids, limit).await;
            }
        }
        self.page(newest(Entity::find().filter(terms.condition()), after), limit).await
    }

    /// Returns the common trigrams of the terms. Only PostgreSQL has an index of trigrams; on
    /// SQLite the list is empty.
    async fn common_trigrams(&self, terms: &Terms) -> Result<Vec<String>, StoreError> {
        let connection = self.0.connection();
        let trigrams = terms.trigrams();
        if connection.get_database_backend() == DbBackend::Sqlite || trigrams.is_empty() {
            return Ok(Vec::new());
        }
        let Some(row) = connection.query_one_raw(trigram_counts(&trigrams)).await? else {
            return Ok(Vec::new());
        };
        let all: i64 = row.try_get_by_index(0)?;
        let mut common = Vec::new();
        for (index, trigram) in trigrams.into_iter().enumerate() {
            let count: i64 = row.try_get_by_index(index + 1)?;
            if count > all / COMMON {
                common.push(trigram);
            }
        }
        Ok(common)
    }

    async fn page_of(&self, ids: Vec<Uuid>, limit: u64) -> Result<UserPage, StoreError> {
        self.page(newest(Entity::find().filter(Column::Id.is_in(ids)), None), limit).await
    }

    async fn page(&self, query: Select<Entity>, limit: u64) -> Result<UserPage, StoreError> {
        let rows = query.limit(limit + 1).all(self.0.connection()).await?;
        page(&rows, limit)
    }

    async fn hits(&self, statement: Statement) -> Result<Hits, StoreError> {
        let rows = self.0.connection().query_all_raw(statement).await?;
        let count = rows.first().map_or(Ok(0), |row| row.try_get_by_index(1))?;
        let id = |row: &QueryResult| row.try_get_by_index(0);
        Ok(Hits { ids: rows.iter().map(id).collect::<Result<_, _>>()?, count })
    }
}

/// The users that a statement found.
struct Hits {
    /// The ids of the newest, up to one more than a page has.
    ids: Vec<Uuid>,
    /// The number of users found.
    count: i64,
}

/// Selects the users after the cursor `after`, the newest first.
fn newest(mut query: Select<Entity>, after: Option<UserCursor>) -> Select<Entity> {
    if let Some(cursor) = after {
        // A tuple: for two conditions SQLite would scan the index from its start.
        let place = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
        let moment = Expr::value(cursor.created_at.as_millis());
        query = query.filter(place.lt(Expr::tuple([moment, Expr::value(uuid(cursor.id))])));
    }
    query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id)
}

fn page(rows: &[Model], limit: u64) -> Result<UserPage, StoreError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    let users: Vec<User> = rows.iter().take(limit).map(user).collect::<Result<_, _>>()?;
    let last = users.last().filter(|_| more);
    let next = last.map(|user| UserCursor { created_at: user.created_at, id: user.id });
    Ok(UserPage { users, next })
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;
    use crate::testing::{insert_user, stores};

    async fn found(store: &Store, search: &str) -> usize {
        store.users().list(search, None, 9).await.unwrap().users.len()
    }

    /// TXT-06: frequent, rare and missing terms, with the index and without it.
    #[tokio::test]
    async fn a_search_finds_the_same_with_an_index_and_without() {
        for test in stores().await {
            let store = &test.store;
            for n in 0..30 {
                insert_user(store, &format!("goose{n}@example.org"), Role::USER).await;
            }
            let is_postgres = store.connection().get_database_backend() == DbBackend::Postgres;
            let index = if is_postgres { SearchIndex::Trigrams } else { SearchIndex::Texts };
            assert_eq!(store.search_index().await.unwrap(), index);
            for step in 0..2 {
                for (search, count) in [
                    ("goose7@", 1),
                    ("Goose1", 9),
                    ("example.org", 9),
                    ("zo", 9),
                    ("e\u{308}", 9),
                    ("7@", 3),
                    ("\"", 0),
                    ("nowhere", 0),
                ] {
                    assert_eq!(found(store, search).await, count, "{search} {step}");
                }
                let name = if is_postgres { "trigrams" } else { "index" };
                let drop_index = format!("DROP INDEX IF EXISTS users_search_text_{name}");
                store.connection().inner.execute_unprepared(&drop_index).await.unwrap();
            }
            assert_eq!(store.search_index().await.unwrap(), SearchIndex::Missing);
        }
    }

    /// TXT-06: the index finds users that are not among the newest.
    #[tokio::test]
    async fn old_users_are_found_behind_the_newest() {
        for test in stores().await {
            let store = &test.store;
            insert_user(store, "old@example.org", Role::USER).await;
            let newer = "INSERT INTO users (id, email, name, search_text, password_hash, role, \
                 created_at, language, device_generation) ";
            let rows = if store.connection().get_database_backend() == DbBackend::Postgres {
                "SELECT gen_random_uuid(), 'u' || n, 'U', 'u' || n || ' org', '', 'user', \
                 1900000000000 + n, 'en', 0 FROM generate_series(1, 4100) n"
            } else {
                "WITH RECURSIVE numbers(n) AS \
                 (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 4100) \
                 SELECT randomblob(16), 'u' || n, 'U', 'u' || n || ' org', '', 'user', \
                 1900000000000 + n, 'en', 0 FROM numbers"
            };
            let sql = format!("{newer}{rows}");
            store.connection().inner.execute_unprepared(&sql).await.unwrap();

            for search in ["old@", "ol", "OLD@example", "example.org", "old@example.org"] {
                assert_eq!(found(store, search).await, 1, "{search}");
            }
        }
    }
}
