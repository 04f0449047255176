//! The operator's and the developer's commands; the same binary with cargo
//! (`cargo xtask …`) and without it on a server.

#![expect(clippy::print_stderr, reason = "errors go to standard error")]

use std::process::ExitCode;

use mimalloc::MiMalloc;
use xtask::cli::Cli;

/// The server's: what `bench` compares it with has to allocate alike.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::of_process().run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
