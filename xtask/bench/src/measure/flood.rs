//! Measures how a flood of log-ins affects other visitors: the time of a page, the answers of the
//! flooded form, and the memory of the server.

use std::{
    num::NonZeroUsize,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use auth::password::PasswordSettings;
use domain::Role;

use super::{
    client::Request,
    database::{Database, Person, add_people},
    load::{Load, closed_loop, p99, steady},
    person::log_ins,
    report::Row,
    server::{HIGH_LIMITS, Server},
};

const CLIENTS: usize = 64;
const PAGES_PER_SECOND: u32 = 200;
const QUIET: Duration = Duration::from_secs(6);
const FLOOD: Duration = Duration::from_secs(8);
/// Longer than the ten seconds for which hashing threads keep their memory.
const AFTER: Duration = Duration::from_secs(12);
const SAMPLE: Duration = Duration::from_millis(100);
/// The statuses that a flooded form may answer with.
const PROPER: &[u16] = &[200, 303, 422, 429, 503];

const LATENCY_FACTOR: f64 = 5.0;
const LATENCY_MS: f64 = 10.0;
const MIB_PER_CORE: f64 = 20.0;
const MIB: f64 = 24.0;

pub(super) async fn run() -> Result<Vec<Row>> {
    let database = Database::create("flood").await?;
    let store = database.open().await?;
    let people = add_people(&store, CLIENTS, Role::USER, &PasswordSettings::default()).await?;
    store.close().await?;
    let server = Server::start(&database, &HIGH_LIMITS)?;
    let person = people.first().context("nobody")?;
    let page = person.get(&server, "/profile");

    let quiet = p99(&latencies(&server, &page, QUIET).await?);
    let idle = server.pss()?;
    let attack = attack(&server, &people).await?;
    let (load, flooded, peak) = tokio::try_join!(
        closed_loop(&server, &attack, CLIENTS, FLOOD),
        latencies(&server, &page, FLOOD),
        peak_pss(&server, FLOOD),
    )?;
    tokio::time::sleep(AFTER).await;
    Ok(rows(quiet, p99(&flooded), &load, [idle, peak, server.pss()?]))
}

/// Returns the log-ins of the flood. One in four has a wrong password.
async fn attack(server: &Server, people: &[Person]) -> Result<Arc<[Request]>> {
    let mut requests = log_ins(server, people).await?;
    for (index, request) in requests.iter_mut().enumerate() {
        request.statuses = PROPER;
        if index % 4 == 0 {
            let Some(last) = request.bytes.last_mut() else { bail!("an empty request") };
            *last = b'R';
        }
    }
    Ok(requests.into())
}

async fn latencies(server: &Server, page: &Request, time: Duration) -> Result<Vec<Duration>> {
    let (address, page) = (server.address(), page.clone());
    tokio::task::spawn_blocking(move || steady(address, &page, PAGES_PER_SECOND, time)).await?
}

async fn peak_pss(server: &Server, time: Duration) -> Result<f64> {
    let until = Instant::now() + time;
    let mut peak = 0.0_f64;
    while Instant::now() < until {
        peak = peak.max(server.pss()?);
        tokio::time::sleep(SAMPLE).await;
    }
    Ok(peak)
}

fn rows(quiet: f64, flooded: f64, load: &Load, [idle, peak, after]: [f64; 3]) -> Vec<Row> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let cores = f64::from(u32::try_from(cores).unwrap_or(u32::MAX));
    let most = (LATENCY_FACTOR * quiet).max(LATENCY_MS);
    let proper = format!("{} of {} answers", load.improper, load.answers);
    let quiet = format!("flood: p99 of a page, quiet {quiet:.2} ms");
    let hashing = idle + cores * MIB_PER_CORE + MIB;
    vec![
        Row::at_most(&quiet, flooded, most, "ms"),
        Row::at_most_times(
            "flood: improper answers".to_owned(),
            proper,
            f64::from(load.improper),
            0.0,
        ),
        Row::at_most(&format!("flood: PSS at most, idle {idle:.1} MiB"), peak, hashing, "MiB"),
        Row::at_most("flood: PSS afterwards", after, idle + MIB, "MiB"),
    ]
}
