//! `cargo xtask bench`: the cost of the server, as ratios within one run.
//!
//! Starts the server as a child process on a temporary database, and sends requests over the
//! loopback. `xtask` has built server and client in release mode: a slow client would be measured
//! instead of the server. CPU time is that of the server's process alone (Linux, `/proc`), so it
//! includes neither this client nor other programs. Requests per second depend on server and
//! client. A missed target is marked, but it does not fail the run. A benchmark that cannot be
//! measured does.

mod bare;
mod database;
mod enumeration;
mod filling;
mod flood;
mod growth;
mod load;
mod log_in;
mod noise;
mod person;
mod profile;
mod report;
mod scale;
mod scale_rows;
mod search;
mod server;
mod standing;
mod start;

use std::{
    net::{Ipv4Addr, SocketAddr},
    process::ExitCode,
};

use anyhow::{Context, Result, ensure};

pub(crate) use self::bare::{BareServer, serve_bare};
use self::{noise::Noise, report::Row};
use crate::client;

/// The benchmarks to run; all by default.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Run only the benchmarks that have this in their name.
    filter: Option<String>,
    /// The size of the tables of `scale`, in per cent of 2 million users on PostgreSQL.
    #[arg(long, default_value_t = 100)]
    percent: u32,
}

#[derive(Clone, Copy)]
enum Benchmark {
    Start,
    Profile,
    LogIn,
    Flood,
    Growth,
    Search,
    Enumeration,
    Scale,
}

const BENCHMARKS: [Benchmark; 8] = [
    Benchmark::Start,
    Benchmark::Profile,
    Benchmark::LogIn,
    Benchmark::Flood,
    Benchmark::Growth,
    Benchmark::Search,
    Benchmark::Enumeration,
    Benchmark::Scale,
];

impl Benchmark {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Profile => "profile",
            Self::LogIn => "log-in",
            Self::Flood => "flood",
            Self::Growth => "growth",
            Self::Search => "search",
            Self::Enumeration => "enumeration",
            Self::Scale => "scale",
        }
    }

    async fn run(self, percent: u32) -> Result<Vec<Row>> {
        match self {
            Self::Start => start::run().await,
            Self::Profile => profile::run().await,
            Self::LogIn => log_in::run().await,
            Self::Flood => flood::run().await,
            Self::Growth => growth::run().await,
            Self::Search => search::run().await,
            Self::Enumeration => enumeration::run().await,
            Self::Scale => scale::run(percent).await,
        }
    }
}

/// Runs the benchmarks and prints a table of targets.
pub(crate) async fn run(arguments: &Arguments) -> Result<ExitCode> {
    let chosen = chosen(arguments.filter.as_deref().unwrap_or_default())?;
    let mut is_whole = true;
    report::print_header();
    for benchmark in chosen {
        let noise = Noise::begin()?;
        match benchmark.run(arguments.percent).await {
            Ok(rows) => rows.iter().for_each(report::print_row),
            Err(error) => {
                eprintln!("{} could not be measured: {error:#}", benchmark.name());
                is_whole = false;
            }
        }
        println!("{}: {}", benchmark.name(), noise.end()?);
    }
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the benchmarks with the filter in their name.
fn chosen(filter: &str) -> Result<Vec<Benchmark>> {
    let chosen: Vec<_> = BENCHMARKS.into_iter().filter(|one| one.name().contains(filter)).collect();
    let names = BENCHMARKS.map(Benchmark::name).join(", ");
    ensure!(!chosen.is_empty(), "no benchmark has {filter:?} in its name; they are: {names}");
    Ok(chosen)
}

/// Returns an address of the loopback with a port that was free a moment ago.
fn free_address() -> Result<SocketAddr> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    listener.local_addr().context("a socket without an address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_matches_nothing_is_refused_with_the_names() {
        let names = |filter: &str| match chosen(filter) {
            Ok(chosen) => Ok(chosen.into_iter().map(Benchmark::name).collect::<Vec<_>>()),
            Err(error) => Err(error.to_string()),
        };

        assert_eq!(names("").unwrap().len(), BENCHMARKS.len());
        assert_eq!(names("s").unwrap(), ["start", "search", "scale"]);
        let refusal = names("login").unwrap_err();
        for benchmark in BENCHMARKS {
            assert!(refusal.contains(benchmark.name()), "{refusal}");
        }
    }
}
