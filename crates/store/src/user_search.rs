//! The list of users and the search in it: newest first, by part of a name or address,
//! in a time that does not grow with the number of users.
//!
//! What is searched in is written beside the row, in the same statement, in the form of
//! [`domain::search_key`]; rows of the previous release have [`former_search_key`] there,
//! and are found by it. A frequent term is found among the newest users, a rare one by
//! the index of trigrams. Without the index, and for terms that have no trigram, the
//! users are gone through, as long as a statement may take.

use domain::{DisplayName, EmailAddress, Timestamp, User, UserId, former_search_key, search_key};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, Select, Statement, Value,
    entity::prelude::Uuid,
    sea_query::{Expr, LikeExpr},
};

use crate::{
    Store, StoreError, Users,
    database::Reads,
    entities::user::{Column, Entity, Model},
    users::{user, uuid},
};

/// How many of the newest users are gone through before an index is asked: few enough to
/// take some milliseconds, and enough to find a page of a term that one in 80 has.
const NEWEST: u64 = 4_000;
/// Most users that an index may find; a term that more have is found on the way.
const MOST_HITS: i64 = 20_000;
/// Letters and digits in a row that make a trigram.
const TRIGRAM: usize = 3;

/// Where a page of the list of users ends: the next one begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCursor {
    /// When the last user of the page signed up.
    pub created_at: Timestamp,
    /// That user's id.
    pub id: UserId,
}

/// A page of the list of users.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// The users, the newest first.
    pub users: Vec<User>,
    /// Where the next page begins, if there is one.
    pub next: Option<UserCursor>,
}

/// What finds users by a part of their name or address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchIndex {
    /// An index of trigrams, on PostgreSQL.
    Trigrams,
    /// An index of the texts, which SQLite goes through instead of the rows.
    Texts,
    /// Nothing: each search goes through the users. On PostgreSQL the extension
    /// `pg_trgm` is missing, or the index that was to be made with it.
    Missing,
}

impl Store {
    /// Whether the search for users has its index.
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
    /// Up to `limit` users behind `after` whose name or address contains `search`
    /// (whatever its case and composition; empty means all), the newest first.
    pub async fn list(
        &self,
        search: &str,
        after: Option<UserCursor>,
        limit: u64,
    ) -> Result<UserPage, StoreError> {
        let terms = Terms::of(search);
        if terms.0.is_empty() {
            return self.page(newest(Entity::find(), after), limit).await;
        }
        let backend = self.0.connection().get_database_backend();
        let hits = self.hits(by_age(backend, &terms, after, limit)).await?;
        if hits.ids.len() as u64 > limit {
            return self.page_of(hits.ids, limit).await;
        }
        if backend == DbBackend::Sqlite || terms.have_trigrams() {
            let hits = self.hits(by_index(backend, &terms, after, limit)).await?;
            if hits.count <= MOST_HITS {
                return self.page_of(hits.ids, limit).await;
            }
        }
        self.page(newest(Entity::find().filter(terms.condition()), after), limit).await
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

/// Users that were found.
struct Hits {
    /// The newest of them, one more than fit on the page.
    ids: Vec<Uuid>,
    /// How many there are.
    count: i64,
}

/// Values that a statement is given, in the order of their places in it.
#[derive(Default)]
struct Values(Vec<Value>);

impl Values {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// The condition on users behind `after`.
    fn behind(&mut self, created_at: &str, after: Option<UserCursor>) -> String {
        after.map_or_else(
            || "TRUE".to_owned(),
            |after| {
                let moment = self.bind(after.created_at.as_millis());
                format!("({created_at}, id) < ({moment}, {})", self.bind(uuid(after.id)))
            },
        )
    }

    fn contains(&mut self, terms: &Terms) -> String {
        let like =
            |term: &String| format!("search_text LIKE {} ESCAPE '\\'", self.bind(like(term)));
        terms.any(like)
    }
}

/// Goes through the newest users alone, whatever a planner would do.
fn by_age(backend: DbBackend, terms: &Terms, after: Option<UserCursor>, limit: u64) -> Statement {
    let mut values = Values::default();
    let (behind, contains) = (values.behind("created_at", after), values.contains(terms));
    let sql = format!(
        "SELECT id, count(*) OVER () FROM (SELECT id, created_at, search_text FROM users \
         WHERE {behind} ORDER BY created_at DESC, id DESC LIMIT {NEWEST}) AS newest \
         WHERE {contains} ORDER BY created_at DESC, id DESC LIMIT {}",
        limit + 1
    );
    Statement::from_sql_and_values(backend, sql, values.0)
}

/// Asks the index for all and puts them in order then: in one query, a planner that takes
/// the term for a frequent one would go through the users by their age.
fn by_index(backend: DbBackend, terms: &Terms, after: Option<UserCursor>, limit: u64) -> Statement {
    let mut values = Values::default();
    // The sign keeps planners from the index by age.
    let (behind, contains) = (values.behind("+created_at", after), values.contains(terms));
    let sql = format!(
        "SELECT id, count(*) OVER () FROM (SELECT id, created_at FROM users \
         WHERE {contains} AND {behind} LIMIT {}) AS hits \
         ORDER BY created_at DESC, id DESC LIMIT {}",
        MOST_HITS + 1,
        limit + 1
    );
    Statement::from_sql_and_values(backend, sql, values.0)
}

/// What is searched for, in each form that a row may have.
struct Terms(Vec<String>);

impl Terms {
    fn of(search: &str) -> Self {
        let mut terms = vec![search_key(search), former_search_key(search)];
        terms.dedup();
        terms.retain(|term| !term.is_empty());
        Self(terms)
    }

    fn any(&self, condition: impl FnMut(&String) -> String) -> String {
        let conditions: Vec<String> = self.0.iter().map(condition).collect();
        format!("({})", conditions.join(" OR "))
    }

    fn condition(&self) -> Condition {
        self.0.iter().fold(Condition::any(), |any, term| {
            let like = LikeExpr::new(like(term)).escape('\\');
            any.add(Expr::col(Column::SearchText).like(like))
        })
    }

    fn have_trigrams(&self) -> bool {
        self.0.iter().all(|term| {
            term.split(|c: char| !c.is_alphanumeric()).any(|word| word.chars().count() >= TRIGRAM)
        })
    }
}

/// The users behind `after`, the newest first.
fn newest(mut query: Select<Entity>, after: Option<UserCursor>) -> Select<Entity> {
    if let Some(cursor) = after {
        // As two conditions, SQLite would walk the index from its beginning.
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

/// What a user is found by: the name and the address, and the address as people write it
/// where its domain has other letters than those of ASCII.
pub(crate) fn search_text(name: &DisplayName, email: &EmailAddress) -> String {
    let (name, written) = (search_key(name.as_str()), search_key(&email.to_unicode()));
    if written == email.as_str() {
        format!("{name} {email}")
    } else {
        format!("{name} {email} {written}")
    }
}

fn like(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
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
                insert_user(store, &format!("goose{n}@example.org"), Role::User).await;
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

    /// TXT-06: the index goes on where the newest users end.
    #[tokio::test]
    async fn old_users_are_found_behind_the_newest() {
        for test in stores().await {
            let store = &test.store;
            insert_user(store, "old@example.org", Role::User).await;
            let newer = "INSERT INTO users (id, email, name, search_text, password_hash, role, \
                 created_at, language, device_generation) ";
            let rows = if store.connection().get_database_backend() == DbBackend::Postgres {
                "SELECT gen_random_uuid(), 'u' || n, 'U', 'u' || n, '', 'user', \
                 1900000000000 + n, 'en', 0 FROM generate_series(1, 4100) n"
            } else {
                "WITH RECURSIVE numbers(n) AS \
                 (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 4100) \
                 SELECT randomblob(16), 'u' || n, 'U', 'u' || n, '', 'user', \
                 1900000000000 + n, 'en', 0 FROM numbers"
            };
            let sql = format!("{newer}{rows}");
            store.connection().inner.execute_unprepared(&sql).await.unwrap();

            for search in ["old@", "ol", "OLD@example"] {
                assert_eq!(found(store, search).await, 1, "{search}");
            }
        }
    }
}
