//! Commands that other programs have. Those of operators are forwarded to the binary of the
//! product, measurements to `bench`. This crate does not know what they do, so that it is built
//! without the crates of the accounts.

use std::{
    ffi::OsString,
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, ensure};

use crate::programs::{cargo, exit_code, server_binary, workspace};

/// What follows the name of a command.
#[derive(Debug, clap::Args)]
pub(crate) struct Forwarded {
    /// What the command of the product takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Runs the command of the product, which cargo brings up to date where cargo started this process.
pub(crate) fn run(command: &str, forwarded: &Forwarded) -> Result<ExitCode> {
    let is_by_cargo = std::env::var_os("CARGO").is_some();
    if is_by_cargo {
        // The selection of `dev` and of the tests. With another one, the libraries would have other
        // features, and cargo would build them again.
        let mut cargo = cargo();
        cargo.args(["build", "--workspace", "--bin", "latchkey"]).current_dir(workspace());
        ensure!(cargo.status().context("cargo does not run")?.success(), "the build failed");
    }
    let mut program = Command::new(server_binary()?);
    if is_by_cargo {
        // The state is in `var/` of this workspace, whatever folder the command is called in.
        program.current_dir(workspace());
    }
    let status = program.arg(command).args(&forwarded.arguments).status();
    Ok(exit_code(status.context("the program of the product does not run")?))
}

/// How the programs that are measured are built.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    Debug,
    Release,
}

/// Builds the server and `bench`, which looks for the server beside itself, and runs the command.
pub(crate) fn to_bench(command: &str, build: Build, forwarded: &Forwarded) -> Result<ExitCode> {
    let mut cargo = cargo();
    cargo.args(["build", "--package", "app", "--package", "bench"]);
    let folder = match build {
        Build::Debug => "debug",
        Build::Release => {
            cargo.arg("--release");
            "release"
        }
    };
    println!("building the server and `bench`; the first build takes some minutes");
    ensure!(cargo.status().context("cargo does not run")?.success(), "the build failed");
    let own = std::env::current_exe().context("this program has no path")?;
    let target = own.ancestors().nth(2).context("this program does not lie in target/PROFILE")?;
    let mut bench = Command::new(target.join(folder).join("bench"));
    let status = bench.arg(command).args(&forwarded.arguments).status();
    Ok(exit_code(status.context("`bench` does not run")?))
}
