//! The measurements of `cargo xtask bench` and the drill of `cargo xtask drill`.
//!
//! They use the crates of the product, which takes minutes to build. They are a program of their
//! own, so that every other command of `xtask` starts without them.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "commands print their results")]

mod client;
mod drill;
mod measure;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// The same allocator as the server's, so that programs are compared that allocate alike.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// `xtask` builds this program and the server, and calls it.
#[derive(Debug, Parser)]
#[command(name = "bench", version)]
enum Cli {
    /// Measure, and print ratios
    #[command(name = "bench")]
    Measure(measure::Arguments),
    /// Kill servers and databases under load, and count losses
    Drill,
    /// Answer every request with a file
    #[command(hide = true)]
    BareServer(measure::BareServer),
}

#[tokio::main]
async fn main() -> ExitCode {
    let code = match Cli::parse() {
        Cli::Measure(arguments) => measure::run(&arguments).await,
        Cli::Drill => drill::run().await,
        Cli::BareServer(arguments) => measure::serve_bare(&arguments).await,
    };
    code.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}
