//! `cargo xtask dev`: runs the app, or the product in another folder, and a mailbox on this machine.
//! Builds and starts it again after each change of its sources.
//!
//! Mail is sent to the server that already listens at `mail.url`. Otherwise this command starts
//! `mailpit` from the PATH, or the mail catcher in this process. The server is a child process,
//! which migrates the database in development. A build that fails leaves the server of the build
//! before running. Ctrl-C and SIGTERM end everything.

mod changes;
mod configured;
mod mailbox;
mod product;
mod server;

use std::{
    path::PathBuf,
    process::{ExitCode, ExitStatus},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::{
    process::Command,
    signal::unix::{Signal, SignalKind, signal},
};

use self::{
    changes::Changes,
    configured::{Answered, Configured},
    mailbox::Mailbox,
    product::Product,
    server::Server,
};
use crate::programs::exit_code;

const INTRODUCTION: &str = "\
builds the server and starts it, and does both again after each change; Ctrl-C ends it
the first build takes some minutes; the database and the keys are kept in var/";

/// What is served.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the product, instead of this one
    #[arg(long, value_name = "PATH")]
    into: Option<PathBuf>,
}

/// The order to stop, which holds once it was given. While a process listens for signals, they do
/// not end it by themselves.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
    is_ordered: bool,
}

impl Stop {
    fn listen() -> Result<Self> {
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())?, is_ordered: false })
    }

    /// Waits for the order.
    async fn ordered(&mut self) {
        if self.is_ordered {
            return;
        }
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        self.is_ordered = true;
    }
}

/// The end of a build.
enum Built {
    Well(Duration),
    Not,
    Stopped,
}

/// Serves until Ctrl-C or SIGTERM.
pub(crate) async fn run(arguments: &Arguments) -> Result<ExitCode> {
    let product = Product::find(arguments.into.as_deref())?;
    println!("{INTRODUCTION}");
    configured::refuse_taken_port(&product, configured::listen_before_build(&product))?;
    let mut stop = Stop::listen()?;
    // From before the first build, so that no change is missed.
    let mut changes = Changes::watch(&product.folder, &product.sources()?)?;
    match build(&product, &mut stop).await? {
        Built::Well(time) => println!("built in {} s", time.as_secs()),
        Built::Not => bail!("the server cannot be built; what is wrong is above"),
        Built::Stopped => return Ok(ExitCode::SUCCESS),
    }
    let configured = match configured::ask(&product)? {
        Answered::Settings(configured) => *configured,
        Answered::Refused(code) => return Ok(code),
    };
    configured::refuse_taken_port(&product, configured.listen)?;
    let mailbox = Mailbox::open(configured.mail_server()?).await?;
    let code = serve((&product, &configured), &mailbox, &mut changes, &mut stop).await;
    mailbox.close().await;
    code
}

/// Runs one server after the other until a signal comes, or until the first one refuses to start.
async fn serve(
    (product, configured): (&Product, &Configured),
    mailbox: &Mailbox,
    changes: &mut Changes,
    stop: &mut Stop,
) -> Result<ExitCode> {
    let mut server = Some(Server::start(product, configured, None, Some(mailbox.to_string()))?);
    // The address of the first server, which the later ones keep.
    let mut address = None;
    loop {
        tokio::select! {
            () = stop.ordered() => {
                return match server {
                    Some(server) => server.stop().await,
                    None => Ok(ExitCode::SUCCESS),
                };
            }
            status = ended(&mut server) => {
                address = address.or(server.as_ref().and_then(Server::address));
                server = None;
                if address.is_none() {
                    return Ok(exit_code(status?));
                }
                println!("the server has ended; the next change starts it again");
            }
            file = changes.next() => {
                println!("{} has changed: building", file?);
                match build(product, stop).await? {
                    Built::Stopped => {}
                    Built::Not => println!("that cannot be built; the server from before goes on"),
                    Built::Well(time) => {
                        println!("built in {} s", time.as_secs());
                        address = address.or(server.as_ref().and_then(Server::address));
                        if let Some(old) = server.take() {
                            old.stop().await?;
                        }
                        server = Some(Server::start(product, configured, address, None)?);
                    }
                }
            }
        }
    }
}

/// Waits for the end of the server, for ever if there is none.
async fn ended(server: &mut Option<Server>) -> Result<ExitStatus> {
    match server {
        Some(server) => server.ended().await,
        None => std::future::pending().await,
    }
}

/// Builds the server while cargo shows its own progress.
async fn build(product: &Product, stop: &mut Stop) -> Result<Built> {
    let began = Instant::now();
    let mut cargo = Command::from(product.build());
    let mut cargo = cargo.kill_on_drop(true).spawn().context("cargo does not run")?;
    tokio::select! {
        status = cargo.wait() => {
            let is_built = status?.success();
            Ok(if is_built { Built::Well(began.elapsed()) } else { Built::Not })
        }
        () = stop.ordered() => {
            // Ctrl-C has reached cargo, too.
            let _already_gone = cargo.kill().await;
            Ok(Built::Stopped)
        }
    }
}
