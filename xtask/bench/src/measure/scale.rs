//! Measures a large site: 2 million users and sessions, 1 million mails and 5 million events on
//! PostgreSQL, and 1 million users on SQLite. Every sweep must end within the time limits of its
//! statements. Migrations may block readers for less than a second. Cache invalidations to other
//! nodes may cost a fifth of the write rate.

use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use domain::{Clock, DisplayName, EmailAddress, Language, Role, SessionKey, Timestamp, UserId};
use store::{DatabaseSettings, IGNORE_PROGRESS, MAX_EVENTS, NewSession, NewUser, Store};

use super::{database::Database, filling::Filling, report::Row, scale_rows};
use xtask::postgres::Cluster;

/// The number of users at 100 per cent, on PostgreSQL and on SQLite.
const USERS: [u32; 2] = [2_000_000, 1_000_000];
/// The longest time of one sweep of everything, in seconds.
const SWEEP_SECONDS: f64 = 600.0;
/// The longest time that a reader may wait during a migration, in seconds.
const WAIT_SECONDS: f64 = 1.0;
/// The lowest allowed ratio of writes with cache invalidation to writes without.
const WRITES: f64 = 0.8;
/// The oldest migration that is reverted and applied again.
const FIRST_APPLIED_ANEW: &str = "m20261123_000013_add_users_delete_after";
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(3);
const WRITERS: u32 = 16;
/// The time that a server may use a cached session.
const CACHE_TTL: Duration = Duration::from_secs(1);
/// A function that replaces the real `pg_notify` on the search path of nodes that send no cache
/// invalidations.
const DUMB: &str = "CREATE FUNCTION public.pg_notify(text, text) RETURNS void \
     LANGUAGE sql AS 'SELECT'";

pub(super) async fn run(percent: u32) -> Result<Vec<Row>> {
    let [on_postgres, on_sqlite] = USERS.map(|users| (users / 100 * percent).max(1_000));
    let database = Database::create("scale").await?;
    let sqlite = database.open().await?;
    fill("SQLite", &database.url(), on_sqlite, &scale_rows::sqlite(on_sqlite)).await?;
    let mut rows = sweep(&sqlite, "SQLite").await?;
    sqlite.close().await?;

    let cluster = Cluster::start(&[])?;
    let store = open(&cluster).await?;
    store.migrate_up().await?;
    fill("PostgreSQL", &cluster.url(), on_postgres, &scale_rows::postgres(on_postgres)).await?;
    rows.extend(sweep(&store, "PostgreSQL").await?);
    rows.push(compare_writes(&cluster).await?);
    rows.push(migrate(&cluster, &store).await?);
    store.close().await?;
    Ok(rows)
}

async fn open(cluster: &Cluster) -> Result<Store> {
    let url = cluster.url().try_into().map_err(anyhow::Error::msg)?;
    let settings =
        DatabaseSettings { url, max_connections: WRITERS, ..DatabaseSettings::default() };
    Ok(Store::connect(&settings, CACHE_TTL).await?)
}

async fn fill(name: &str, url: &str, users: u32, sql: &[String]) -> Result<()> {
    let began = Instant::now();
    let filling = Filling::open(url).await?;
    for statement in sql {
        filling.run(statement).await.context("the tables cannot be filled")?;
    }
    filling.close().await?;
    eprintln!("{name}: {users} users in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

async fn sweep(store: &Store, name: &str) -> Result<Vec<Row>> {
    let now = Clock::system().now();
    let idle_since = Timestamp::from_millis(scale_rows::IDLE_SINCE);
    let mut rows = Vec::new();
    let mut add = |what: &str, began: Instant| {
        let seconds = began.elapsed().as_secs_f64();
        rows.push(Row::at_most(&format!("scale: {name}, {what}"), seconds, SWEEP_SECONDS, "s"));
    };
    let began = Instant::now();
    let swept = store.sweep(now, now, Some(idle_since), now).await?;
    eprintln!("{swept:?}");
    add("sweep of what has expired", began);
    let began = Instant::now();
    store.sweep_events(MAX_EVENTS).await?;
    add("sweep of events", began);
    let began = Instant::now();
    store.sweep_nobodys_events(now).await?;
    add("sweep of events of nobody", began);
    let began = Instant::now();
    store.sweep_unconfirmed(now, now).await?;
    add("sweep of unconfirmed accounts", began);
    Ok(rows)
}

/// Compares write rates with and without cache invalidation, in alternate rounds.
async fn compare_writes(cluster: &Cluster) -> Result<Row> {
    let database = Filling::open(&cluster.url()).await?;
    database.run(DUMB).await?;
    let (mut told, mut untold) = (0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        for (path, best) in [("pg_catalog, public", &mut told), ("public, pg_catalog", &mut untold)]
        {
            database.run(&format!("ALTER DATABASE postgres SET search_path = {path}")).await?;
            let store = open(cluster).await?;
            *best = best.max(writes_per_second(&store).await?);
            store.close().await?;
        }
    }
    database.run("ALTER DATABASE postgres RESET search_path").await?;
    database.run("DROP FUNCTION public.pg_notify(text, text)").await?;
    database.close().await?;
    let measured = format!("{told:.0}/s : {untold:.0}/s");
    let name = "scale: writes, nodes told : not told".to_owned();
    Ok(Row::at_least_times(name, measured, told / untold, WRITES))
}

/// Writes for one round. Of twenty transactions, sixteen are sign-ups, three record the last use of
/// a session and one is a log-out.
async fn writes_per_second(store: &Store) -> Result<f64> {
    let began = Instant::now();
    let writers = (0..WRITERS).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut written = 0_u32;
            while began.elapsed() < ROUND {
                write_twenty(&store).await?;
                written += 20;
            }
            anyhow::Ok(written)
        })
    });
    let mut written = 0;
    for writer in writers.collect::<Vec<_>>() {
        written += writer.await??;
    }
    Ok(f64::from(written) / began.elapsed().as_secs_f64())
}

async fn write_twenty(store: &Store) -> Result<()> {
    let now = Clock::system().now();
    let mut key = SessionKey::of("none");
    for _ in 0..16 {
        let id = UserId::generate();
        key = SessionKey::of(&id.to_string());
        let tx = store.begin().await?;
        tx.users().insert(&new_user(id)?, now).await?;
        tx.sessions().insert(&new_session(id, key, now), now).await?;
        tx.commit().await?;
    }
    for n in 1..4 {
        let tx = store.begin().await?;
        tx.sessions().set_last_seen(&[(key, now + Duration::from_secs(n))]).await?;
        tx.commit().await?;
    }
    let tx = store.begin().await?;
    tx.sessions().delete(&key).await?;
    Ok(tx.commit().await?)
}

fn new_user(id: UserId) -> Result<NewUser> {
    Ok(NewUser {
        id,
        email: EmailAddress::parse(&format!("{id}@example.org"))?,
        name: DisplayName::parse("Zoë Muster")?,
        password_hash: String::new(),
        role: Role::USER,
        language: Language::default(),
        confirmed_at: None,
    })
}

fn new_session(user_id: UserId, key: SessionKey, now: Timestamp) -> NewSession {
    NewSession {
        key,
        user_id,
        role: Role::USER,
        assurance: domain::Assurance::Password,
        factor_at: None,
        remember: false,
        expires_at: now + Duration::from_hours(24),
        ip_address: "127.0.0.1".to_owned(),
        user_agent: "bench".to_owned(),
        session_values: "{}".to_owned(),
    }
}

/// Reverts migrations and applies them again. Returns the longest time that a reader waited.
async fn migrate(cluster: &Cluster, store: &Store) -> Result<Row> {
    let status = store.migration_status().await?;
    let first = status.iter().position(|one| one.name == FIRST_APPLIED_ANEW);
    let count = status.len() - first.context("the migration is gone")?;
    store.migrate_down(u32::try_from(count)?, IGNORE_PROGRESS).await?;
    for planned in store.migration_plan().await? {
        planned.parts.iter().for_each(|part| eprintln!("{}: {part}", planned.name));
    }
    let reader = Filling::open(&cluster.url()).await?;
    let (is_done, reads) = (AtomicBool::new(false), AtomicU32::new(0));
    let began = Instant::now();
    let migrating = async {
        let done = store.migrate_up_saying(&|progress| eprintln!("{progress}")).await;
        is_done.store(true, Ordering::SeqCst);
        done
    };
    let reading = async {
        let mut longest = Duration::ZERO;
        while !is_done.load(Ordering::SeqCst) {
            let asked = Instant::now();
            // The statement reads only columns of users and sessions that exist in all of these
            // releases.
            let read = reader.run(scale_rows::READ).await;
            longest = longest.max(asked.elapsed());
            reads.fetch_add(u32::from(read.is_ok()), Ordering::SeqCst);
        }
        longest
    };
    let (migrated, longest) = tokio::join!(migrating, reading);
    migrated?;
    let reads = reads.load(Ordering::SeqCst);
    eprintln!("migrated in {:.0} s beside {reads} reads", began.elapsed().as_secs_f64());
    reader.close().await?;
    Ok(Row::at_most(
        "scale: longest read beside migrations",
        longest.as_secs_f64(),
        WAIT_SECONDS,
        "s",
    ))
}
