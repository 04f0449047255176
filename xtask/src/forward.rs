//! The commands of operators, forwarded to the binary of the product, which has them all. This
//! crate does not know what they do.

use std::{
    ffi::OsString,
    process::{Command, ExitCode},
};

use anyhow::{Context, Result};

use crate::test::{cargo, server_binary};

/// What follows the name of a command.
#[derive(Debug, clap::Args)]
pub(crate) struct Forwarded {
    /// What the command of the product takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Runs the command of the product, which cargo brings up to date where cargo started this process.
pub(crate) fn run(command: &str, forwarded: &Forwarded) -> Result<ExitCode> {
    let mut program = match std::env::var_os("CARGO") {
        Some(_) => {
            let mut cargo = cargo();
            cargo.args(["run", "--quiet", "--package", "app", "--"]);
            cargo
        }
        None => Command::new(server_binary()?),
    };
    let status = program.arg(command).args(&forwarded.arguments).status();
    let status = status.context("the program of the product does not run")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
