//! `cargo xtask bench`: the cost of the server, as ratios within one run.
//!
//! Builds the release binaries, starts the server as a child process on a temporary database, and
//! sends requests over the loopback. CPU time is that of the server's process alone (Linux,
//! `/proc`), so it includes neither this client nor other programs. Requests per second depend on
//! both. A missed target is marked, but it does not fail the run. A benchmark that cannot be
//! measured does.

mod database;
mod enumeration;
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
mod start;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, ensure};
use tokio::{net::TcpListener, sync::oneshot};

use self::{noise::Noise, report::Row};
use crate::{client, test::cargo};

/// The benchmarks to run; all by default.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Run only the benchmarks that have this in their name.
    filter: Option<String>,
    /// The size of the tables of `scale`, in per cent of 2 million users on PostgreSQL.
    #[arg(long, default_value_t = 100)]
    percent: u32,
    /// Measure with the binaries beside this one.
    #[arg(long, hide = true)]
    built: bool,
    /// Run the bare server, which answers every request with this file.
    #[arg(long, hide = true, requires = "listen")]
    bare_server: Option<PathBuf>,
    /// The address that the bare server listens on.
    #[arg(long, hide = true)]
    listen: Option<SocketAddr>,
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
pub async fn run(arguments: &Arguments) -> Result<ExitCode> {
    let filter = arguments.filter.as_deref().unwrap_or_default();
    if let (Some(answer), Some(listen)) = (&arguments.bare_server, arguments.listen) {
        return serve_bare(answer, listen).await;
    }
    if !arguments.built {
        return build_and_hand_over(filter, arguments.percent);
    }
    let mut is_whole = true;
    report::print_header();
    for benchmark in BENCHMARKS.into_iter().filter(|one| one.name().contains(filter)) {
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

/// Builds everything in release mode and runs the benchmarks with that build. With an unoptimised
/// client the numbers would be those of the client.
fn build_and_hand_over(filter: &str, percent: u32) -> Result<ExitCode> {
    let mut build = cargo();
    build.args(["build", "--release", "--package", "web", "--package", "xtask"]);
    ensure!(build.status().context("cargo does not run")?.success(), "the build failed");
    let own = std::env::current_exe().context("this program has no path")?;
    let target = own.ancestors().nth(2).context("this program does not lie in target/PROFILE")?;
    let mut bench = Command::new(target.join("release/xtask"));
    bench.args(["bench", "--built", "--percent", &percent.to_string(), filter]);
    let status = bench.status().context("it does not run")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Serves until the parent process closes the standard input or ends.
async fn serve_bare(answer: &Path, listen: SocketAddr) -> Result<ExitCode> {
    let answer = std::fs::read_to_string(answer).context("there is no answer to serve")?;
    let listener = TcpListener::bind(listen).await.context("the port is taken")?;
    let (end, ended) = oneshot::channel();
    std::thread::spawn(move || {
        let _unread = io::copy(&mut io::stdin(), &mut io::sink());
        let _already_gone = end.send(());
    });
    tokio::select! {
        () = hypermedia::server::serve_bare(listener, &answer) => {}
        _ = ended => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns an address of the loopback with a port that was free a moment ago.
fn free_address() -> Result<SocketAddr> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    listener.local_addr().context("a socket without an address")
}
