//! The list of users, its filters and orders, and its search by a part of a name or an address.
//!
//! The search compares the search text of each user, which is in the form of
//! [`domain::search_key`]. Rows of the previous release are in the form of
//! [`domain::former_search_key`] and are found by it. A frequent term is found among the newest
//! users, a rare one by the index of trigrams, so that the time does not grow with the number of
//! users. Without the index, and for a term without a trigram, the search scans the users within
//! the time limit of a statement.

mod cursor;
mod query;
mod statements;
mod terms;

use domain::User;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, Select, Statement,
    entity::prelude::Uuid,
    sea_query::{Expr, Order},
};

pub use self::{
    cursor::UserCursor,
    query::{UserFilter, UserOrder, UserQuery},
};
use self::{
    statements::{MAX_HITS, by_age, by_index, trigram_counts},
    terms::Terms,
};
use crate::{
    Store, StoreError, Users,
    database::Reads,
    entities::user::{Column, Entity},
    users::{user, uuid},
};

/// A trigram is common if more than one in this many users of the sample has it. The index has a
/// long list of users for such a trigram, so that a look-up without it is faster.
const COMMON: i64 = 20;

/// The number up to which users are counted: a larger one is not told, because counting a million
/// rows takes seconds.
pub const MAX_COUNTED: u64 = 1_000;

/// A page of the list of users.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// The users, in the order of the query.
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
    /// Returns up to `limit` users that the query finds, in its order.
    pub async fn list(&self, query: &UserQuery, limit: u64) -> Result<UserPage, StoreError> {
        let terms = Terms::of(&query.search);
        if terms.is_empty() {
            return self.page(query, in_order(Entity::find(), query), limit).await;
        }
        let backend = self.0.connection().get_database_backend();
        let hits = self.hits(by_age(backend, query, &terms, limit)).await?;
        if hits.ids.len() as u64 > limit {
            return self.page_of(query, hits.ids, limit).await;
        }
        if backend == DbBackend::Sqlite || terms.have_trigrams() {
            let common = self.common_trigrams(&terms).await?;
            let hits = self.hits(by_index(backend, query, &terms, &common, limit)).await?;
            if hits.count <= MAX_HITS {
                return self.page_of(query, hits.ids, limit).await;
            }
        }
        let found = Entity::find().filter(terms.condition());
        self.page(query, in_order(found, query), limit).await
    }

    /// Counts the users of each filter, in the order of [`UserFilter::ALL`], up to
    /// [`MAX_COUNTED`] and one more, which stands for any larger number.
    pub async fn count(&self) -> Result<[u64; UserFilter::ALL.len()], StoreError> {
        let connection = self.0.connection();
        let counts = UserFilter::ALL.map(|filter| {
            let (condition, most) = (filter.condition(), MAX_COUNTED + 1);
            format!(
                "(SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE {condition} LIMIT {most}) AS few)"
            )
        });
        let sql = format!("SELECT {}", counts.join(", "));
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await?;
        let mut counted = [0; UserFilter::ALL.len()];
        for (index, count) in counted.iter_mut().enumerate() {
            let found: Option<i64> =
                row.as_ref().map(|row| row.try_get_by_index(index)).transpose()?;
            *count = found.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        }
        Ok(counted)
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

    async fn page_of(
        &self,
        query: &UserQuery,
        ids: Vec<Uuid>,
        limit: u64,
    ) -> Result<UserPage, StoreError> {
        let found = Entity::find().filter(Column::Id.is_in(ids));
        let first = UserQuery { after: None, ..query.clone() };
        self.page(query, in_order(found, &first), limit).await
    }

    async fn page(
        &self,
        query: &UserQuery,
        found: Select<Entity>,
        limit: u64,
    ) -> Result<UserPage, StoreError> {
        let rows = found.limit(limit + 1).all(self.0.connection()).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let users: Vec<User> = rows.iter().take(most).map(user).collect::<Result<_, _>>()?;
        let last = users.last().filter(|_| rows.len() > most);
        let next = last.map(|user| query.order.cursor(user));
        Ok(UserPage { users, next })
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

/// Selects the users of the filter after the cursor, in the order of the query.
fn in_order(select: Select<Entity>, query: &UserQuery) -> Select<Entity> {
    let column = query.order.column();
    let to = if query.order.direction().0 == "ASC" { Order::Asc } else { Order::Desc };
    let mut select = select.filter(Expr::cust(query.filter.condition()));
    if let Some(cursor) = query.after {
        // A tuple: for two conditions SQLite would scan the index from its start.
        let place = Expr::tuple([Expr::col(column), Expr::col(Column::Id)]);
        let moment = Expr::value(cursor.at.as_millis());
        let cursor = Expr::tuple([moment, Expr::value(uuid(cursor.id))]);
        select = select.filter(match to {
            Order::Asc => place.gt(cursor),
            _ => place.lt(cursor),
        });
    }
    select.order_by(column, to.clone()).order_by(Column::Id, to)
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use sea_orm::QueryTrait;

    use super::*;
    use crate::testing::{insert_user, stores};

    async fn found(store: &Store, search: &str) -> usize {
        let query = UserQuery { search: search.to_owned(), ..UserQuery::default() };
        store.users().list(&query, 9).await.unwrap().users.len()
    }

    /// The local parts of the addresses that are found, two on a page.
    async fn walk(store: &Store, query: UserQuery) -> Vec<String> {
        let (mut found, mut query) = (Vec::new(), query);
        loop {
            let page = store.users().list(&query, 2).await.unwrap();
            found.extend(page.users.iter().map(|user| user.email.local().to_owned()));
            query.after = page.next;
            if query.after.is_none() {
                return found;
            }
        }
    }

    /// Each filter in each order, with and without a search, page by page.
    #[tokio::test]
    async fn a_filter_lists_its_users_in_either_order() {
        for test in stores().await {
            let store = &test.store;
            for n in 0..5 {
                insert_user(store, &format!("goose{n}@example.org"), Role::USER).await;
            }
            let states = "UPDATE users SET created_at = created_at + CASE \
                 WHEN email LIKE 'goose0%' THEN 1 WHEN email LIKE 'goose1%' THEN 2 \
                 WHEN email LIKE 'goose2%' THEN 3 WHEN email LIKE 'goose3%' THEN 4 ELSE 5 END, \
                 last_seen_at = CASE WHEN email LIKE 'goose0%' THEN 50 \
                 WHEN email LIKE 'goose2%' THEN 60 ELSE 0 END, confirmed_at = 1, disabled_at = 1, \
                 delete_after = 1, role = 'admin' WHERE email NOT LIKE 'goose4%'";
            store.connection().inner.execute_unprepared(states).await.unwrap();

            for search in ["", "goose", "org"] {
                let list = async |filter, order| {
                    let search = search.to_owned();
                    let names = walk(store, UserQuery { search, filter, order, after: None }).await;
                    let numbers = names.iter().map(|name| name.trim_start_matches("goose"));
                    numbers.collect::<String>()
                };
                assert_eq!(list(UserFilter::All, UserOrder::Created).await.len(), 5);
                for filter in [UserFilter::Admins, UserFilter::Disabled, UserFilter::ToBeDeleted] {
                    let by_age = list(filter, UserOrder::Created).await;
                    assert_eq!(by_age, "3210", "{search} {filter:?}");
                    let seen = list(filter, UserOrder::LastSeen).await;
                    assert_eq!((&seen[..2], seen.len()), ("20", 4), "{search} {filter:?}");
                }
                assert_eq!(list(UserFilter::Unconfirmed, UserOrder::LastSeen).await, "4");
            }
            assert_eq!(store.users().count().await.unwrap(), [5, 4, 1, 4, 4]);
        }
    }

    /// No list reads more than its page: every filter and order has an index. Only the admins are
    /// sorted.
    #[tokio::test]
    async fn every_list_has_an_index() {
        for test in stores().await {
            let connection = test.store.connection();
            if connection.get_database_backend() == DbBackend::Postgres {
                // A planner that knows few rows scans them; its choice tells nothing.
                continue;
            }
            for filter in UserFilter::ALL {
                for order in [UserOrder::Created, UserOrder::LastSeen] {
                    let query = UserQuery { filter, order, ..UserQuery::default() };
                    let select = in_order(Entity::find(), &query);
                    let mut statement = select.limit(51).build(DbBackend::Sqlite);
                    statement.sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
                    let rows = connection.query_all_raw(statement).await.unwrap();
                    let plan: Vec<String> =
                        rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
                    assert!(plan[0].contains(" USING INDEX "), "{filter:?} {order:?} {plan:?}");
                    let sorts_all = plan.iter().any(|step| step.ends_with("FOR ORDER BY"));
                    assert_eq!(sorts_all, filter == UserFilter::Admins, "{order:?} {plan:?}");
                }
            }
        }
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
