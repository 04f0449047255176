//! `cargo xtask bench`: ratios within one run.

use std::process::ExitCode;

use anyhow::Result;

/// What to measure; everything by default.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Run only the benchmarks whose name contains this.
    filter: Option<String>,
}

/// Measures.
pub async fn run(_arguments: &Arguments) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
