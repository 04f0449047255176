//! Compares the rate and the CPU time of log-ins with those of Argon2 alone on all cores.

use std::{
    num::NonZeroUsize,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Error, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use auth::password::PasswordSettings;
use domain::Role;

use super::{
    database::{Database, PASSWORD, add_people},
    load::{measure, median},
    noise::{TICKS, process_ticks},
    person::log_ins,
    report::Row,
    server::{HIGH_LIMITS, Server},
};

const ROUNDS: usize = 21;
const TIME: Duration = Duration::from_secs(1);
/// Enough clients that no hashing thread ever waits for one.
const CLIENTS: usize = 16;
const MIN: f64 = 0.9;

/// The cost and the rate of log-ins or of hashes.
#[derive(Clone, Copy)]
struct Pace {
    micros: f64,
    per_second: f64,
}

impl Pace {
    fn between(self, other: Self) -> Self {
        Self {
            micros: f64::midpoint(self.micros, other.micros),
            per_second: f64::midpoint(self.per_second, other.per_second),
        }
    }
}

pub(super) async fn run() -> Result<Vec<Row>> {
    let database = Database::create("log-in").await?;
    let store = database.open().await?;
    let people = add_people(&store, CLIENTS * 4, Role::USER, &PasswordSettings::default()).await?;
    store.close().await?;
    let server = Server::start(&database, &HIGH_LIMITS)?;
    let requests = Arc::from(log_ins(&server, &people).await?);
    let (mut rounds, mut before) = (Vec::with_capacity(ROUNDS), argon2_alone().await?);
    for _ in 0..ROUNDS {
        let load = measure(&server, &requests, CLIENTS, TIME).await?;
        let after = argon2_alone().await?;
        let own = Pace { micros: load.micros(), per_second: load.per_second() };
        rounds.push((own, before.between(after)));
        before = after;
    }
    // Takes the ratio within each round, because the speed of the machine varies.
    let measured = |of: fn(&Pace) -> f64| {
        let own = median(rounds.iter().map(|(own, _)| of(own)));
        let alone = median(rounds.iter().map(|(_, alone)| of(alone)));
        (own, alone, median(rounds.iter().map(|(own, alone)| of(own) / of(alone))))
    };
    let (rate, rate_alone, rate_ratio) = measured(|pace| pace.per_second);
    let (cpu, cpu_alone, cpu_ratio) = measured(|pace| pace.micros / 1e3);
    Ok(vec![
        Row::at_least_times(
            "log-in: rate against Argon2 alone".to_owned(),
            format!("{rate:.1}/s : {rate_alone:.1}/s"),
            rate_ratio,
            MIN,
        ),
        Row::at_most_times(
            "log-in: CPU against Argon2 alone".to_owned(),
            format!("{cpu:.1} ms : {cpu_alone:.1} ms"),
            cpu_ratio,
            1.0 / MIN,
        ),
    ])
}

async fn argon2_alone() -> Result<Pace> {
    tokio::task::spawn_blocking(hash_on_all_cores).await?
}

fn hash_on_all_cores() -> Result<Pace> {
    let settings = PasswordSettings::default();
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let cpu = own_cpu()?;
    let began = Instant::now();
    let runs: thread::Result<Result<u32>> = thread::scope(|scope| {
        let work = || {
            let mut runs = 0;
            while began.elapsed() < TIME {
                hash_alone(&settings)?;
                runs += 1;
            }
            Ok(runs)
        };
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect::<thread::Result<Vec<_>>>()
            .map(|runs| runs.into_iter().sum())
    });
    let runs = runs.ok().context("Argon2 panicked")??;
    Ok(Pace {
        micros: (own_cpu()? - cpu) * 1e6 / f64::from(runs),
        per_second: f64::from(runs) / began.elapsed().as_secs_f64(),
    })
}

/// One run of Argon2 as anybody would write it, without pool, queue or kept memory.
fn hash_alone(settings: &PasswordSettings) -> Result<()> {
    let PasswordSettings { memory_kib, iterations, parallelism, .. } = *settings;
    let params = Params::new(memory_kib, iterations, parallelism, None).map_err(Error::msg)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (salt, mut output) = (domain::random::bytes::<16>(), [0; 32]);
    argon2.hash_password_into(PASSWORD.as_bytes(), &salt, &mut output).map_err(Error::msg)
}

fn own_cpu() -> Result<f64> {
    let [user, system, ..] = process_ticks("/proc/self/stat")?;
    Ok(f64::from(user + system) / f64::from(TICKS))
}
