//! Measures the admin's search among a million users or more, for frequent terms, rare ones and
//! terms without a hit. Always measures SQLite, and PostgreSQL if `BENCH_POSTGRES_URL`
//! names an empty database. That database is filled, and the rows stay in it.

use std::time::{Duration, Instant};

use anyhow::Result;
use store::{DatabaseSettings, Store, UserQuery};

use super::{database::Database, filling::Filling, report::Row};

const SQLITE_USERS: u32 = 1_000_000;
const POSTGRES_USERS: u32 = 2_000_000;
/// Users that one transaction inserts, few enough to keep the journal small.
const BATCH: u32 = 20_000;
const ROUNDS: usize = 100;
/// The highest 99th percentile of the time of a search, in milliseconds.
const MAX_SQLITE: f64 = 1_000.0;
const MAX_POSTGRES: f64 = 50.0;
const TERMS: [(&str, &str); 4] = [
    ("frequent", "example.net"),
    ("of some users", "user 12345"),
    ("of one user", "user654321@"),
    ("missing", "nothere@example"),
];

pub(super) async fn run() -> Result<Vec<Row>> {
    let database = Database::create("search").await?;
    let mut rows = measure("SQLite", &database.url(), SQLITE_USERS, MAX_SQLITE).await?;
    if let Ok(url) = std::env::var("BENCH_POSTGRES_URL") {
        rows.extend(measure("PostgreSQL", &url, POSTGRES_USERS, MAX_POSTGRES).await?);
    }
    Ok(rows)
}

async fn measure(name: &str, url: &str, users: u32, most: f64) -> Result<Vec<Row>> {
    let settings = DatabaseSettings {
        url: url.to_owned().try_into().map_err(anyhow::Error::msg)?,
        max_connections: 2,
        ..DatabaseSettings::default()
    };
    let store = Store::connect(&settings, Duration::ZERO).await?;
    store.migrate_up().await?;
    let filling = Filling::open(url).await?;
    for start in (0..users).step_by(BATCH as usize) {
        filling.add(start..users.min(start + BATCH)).await?;
    }
    filling.close().await?;
    let mut rows = Vec::new();
    for (kind, term) in TERMS {
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let query = UserQuery { search: term.to_owned(), ..UserQuery::default() };
            store.users().list(&query, 50).await?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let slow = times.get(ROUNDS * 99 / 100).copied().unwrap_or_default();
        let what = format!("search, {name}: {kind}, p99");
        rows.push(Row::at_most(&what, slow.as_secs_f64() * 1_000.0, most, "ms"));
    }
    store.close().await?;
    Ok(rows)
}
