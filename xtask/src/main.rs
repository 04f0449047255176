//! The commands of developers: `cargo xtask …`.

#![expect(clippy::print_stderr, reason = "errors go to standard error")]

use std::process::ExitCode;

use clap::Parser;
use xtask::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
