//! The statements of the search for users: a scan of the newest users, a look-up by the index, and
//! a count of the trigrams of the terms. Terms are bound as values, never written into the SQL.

use domain::Timestamp;
use sea_orm::{DbBackend, Statement, entity::prelude::Uuid};

use super::{
    query::UserQuery,
    terms::{Terms, like, rare_parts},
};
use crate::{users::uuid, values::Values};

/// The number of newest users that are scanned before the index is used. The scan takes some
/// milliseconds, and finds a page for a term that one in 80 users has.
const NEWEST: u64 = 4_000;
/// The number of newest users that serve as a sample of all.
const SAMPLE: u64 = 400;
/// Most users that the index may find. A term that more users have is found by a scan.
pub(super) const MAX_HITS: i64 = 20_000;

impl Values {
    /// Returns the condition that uses the index: it looks up the parts of a term without common
    /// trigrams, and then compares the whole term. A term without such a part is looked up whole.
    fn contains_by_index(&mut self, terms: &Terms, common: &[String]) -> String {
        terms.any(|term| {
            let parts = if common.is_empty() { Vec::new() } else { rare_parts(term, common) };
            if parts.is_empty() {
                return format!("search_text LIKE {} ESCAPE '\\'", self.bind(like(term)));
            }
            let parts =
                parts.iter().map(|part| format!("search_text LIKE {}", self.bind(like(part))));
            let parts = parts.collect::<Vec<_>>().join(" AND ");
            format!("({parts} AND strpos(search_text, {}) > 0)", self.bind(term.as_str()))
        })
    }

    fn contains(&mut self, terms: &Terms) -> String {
        let like =
            |term: &String| format!("search_text LIKE {} ESCAPE '\\'", self.bind(like(term)));
        terms.any(like)
    }
}

/// Searches only the first users in the order of the list, independently of the planner.
pub(super) fn by_age(
    backend: DbBackend,
    query: &UserQuery,
    terms: &Terms,
    limit: u64,
) -> Statement {
    let (at, filter) = (query.order.name(), query.filter.condition());
    let (to, beyond) = query.order.direction();
    let mut values = Values::default();
    let behind = values.beyond(at, beyond, place(query));
    let contains = values.contains(terms);
    let sql = format!(
        "SELECT id, count(*) OVER () FROM (SELECT id, {at}, search_text FROM users \
         WHERE {behind} AND {filter} ORDER BY {at} {to}, id {to} LIMIT {NEWEST}) AS newest \
         WHERE {contains} ORDER BY {at} {to}, id {to} LIMIT {}",
        limit + 1
    );
    Statement::from_sql_and_values(backend, sql, values.0)
}

/// Counts the sample, and for each trigram the users in it that have the trigram.
pub(super) fn trigram_counts(trigrams: &[String]) -> Statement {
    let mut values = Values::default();
    let counts = trigrams.iter().map(|trigram| {
        format!(", count(*) FILTER (WHERE search_text LIKE {})", values.bind(like(trigram)))
    });
    let sql = format!(
        "SELECT count(*){} FROM (SELECT search_text FROM users \
         ORDER BY created_at DESC, id DESC LIMIT {SAMPLE}) AS newest",
        counts.collect::<String>()
    );
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values.0)
}

/// Finds all users by the index and then sorts them. In a single query, a planner that estimates
/// the term as frequent would scan the users by age.
pub(super) fn by_index(
    backend: DbBackend,
    query: &UserQuery,
    terms: &Terms,
    common: &[String],
    limit: u64,
) -> Statement {
    let (at, filter) = (query.order.name(), query.filter.condition());
    let (to, beyond) = query.order.direction();
    let mut values = Values::default();
    // The unary plus prevents the use of the index on the age.
    let behind = values.beyond(&format!("+{at}"), beyond, place(query));
    let contains = values.contains_by_index(terms, common);
    let sql = format!(
        "SELECT id, count(*) OVER () FROM (SELECT id, {at} FROM users \
         WHERE {contains} AND {behind} AND {filter} LIMIT {}) AS hits \
         ORDER BY {at} {to}, id {to} LIMIT {}",
        MAX_HITS + 1,
        limit + 1
    );
    Statement::from_sql_and_values(backend, sql, values.0)
}

fn place(query: &UserQuery) -> Option<(Timestamp, Uuid)> {
    query.after.map(|cursor| (cursor.at, uuid(cursor.id)))
}
