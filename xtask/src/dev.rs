//! `cargo xtask dev`: runs the app and a mailbox on this machine.
//!
//! Mail is sent to the server that already listens at `mail.url`. Otherwise this command starts
//! `mailpit` from the PATH, or the mail catcher in this process. It builds the server and starts it
//! as a child process, which migrates the database in development. Ctrl-C and SIGTERM end
//! everything.

use std::{
    net::{SocketAddr, TcpStream, ToSocketAddrs},
    process::{Command, ExitCode},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use hypermedia::settings::Settings;
use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};

use crate::{
    mail_catcher::MailCatcher,
    mailpit::Mailpit,
    test::{cargo, on_path, server_binary},
};

/// The mail server of this run.
enum Mailbox {
    /// A server that ran before.
    Running,
    /// Mailpit, started for this run.
    Mailpit(Mailpit),
    /// The catcher in this process.
    Catcher(MailCatcher),
}

/// Serves until Ctrl-C or SIGTERM.
pub(crate) async fn run(settings: &Settings) -> Result<ExitCode> {
    let address = mail_address(settings)?;
    println!("building the server");
    let build = cargo().args(["build", "--package", "app"]).status();
    ensure!(build.context("cargo does not run")?.success(), "the server cannot be built");
    // From here on, a signal ends the server first and then the mailbox.
    let signals = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let mailbox = open_mailbox(address).await?;
    let public_url = &settings.server.public_url;
    if public_url.port() == Some(0) {
        println!("app      at the address that the server prints below");
    } else {
        println!("app      {public_url}");
        println!("mailbox  {}", public_url.join("dev/mail")?);
    }
    match &mailbox {
        Mailbox::Running => println!("mail     goes to the server at {address}"),
        Mailbox::Mailpit(mailpit) => {
            println!("mail     goes to Mailpit, http://{}", mailpit.pages());
        }
        Mailbox::Catcher(_) => println!("mail     is caught at {address}"),
    }
    let status = serve(Command::new(server_binary()?), signals).await?;
    if let Mailbox::Catcher(catcher) = mailbox {
        catcher.stop().await;
    }
    Ok(status)
}

/// Runs the server until it ends or this process gets a signal. Ctrl-C reaches the server twice;
/// the second time it is already stopping.
async fn serve(mut server: Command, mut signals: (Signals, Signals)) -> Result<ExitCode> {
    let mut child = server.spawn().context("the server does not run")?;
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let mut ended = tokio::task::spawn_blocking(move || child.wait());
    let status = tokio::select! {
        status = &mut ended => status,
        () = either(&mut signals) => {
            if let Some(id) = id {
                let _already_gone = kill_process(id, Signal::TERM);
            }
            ended.await
        }
    };
    let is_success = status??.success();
    Ok(if is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn either((interrupt, terminate): &mut (Signals, Signals)) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

async fn open_mailbox(address: SocketAddr) -> Result<Mailbox> {
    if TcpStream::connect_timeout(&address, Duration::from_millis(300)).is_ok() {
        return Ok(Mailbox::Running);
    }
    if !address.ip().is_loopback() {
        bail!("nothing listens at {address}; start a mail server there or change `mail.url`");
    }
    if let Some(program) = on_path("mailpit") {
        let start = move || Mailpit::start(&program, address);
        return Ok(Mailbox::Mailpit(tokio::task::spawn_blocking(start).await??));
    }
    let catcher = MailCatcher::start(address).await;
    Ok(Mailbox::Catcher(catcher.with_context(|| format!("mail cannot be caught at {address}"))?))
}

fn mail_address(settings: &Settings) -> Result<SocketAddr> {
    let host = settings.mail.url.host();
    let addresses = (host.as_str(), settings.mail.url.port()).to_socket_addrs();
    let address = addresses.with_context(|| format!("{host} is not known"))?.next();
    address.with_context(|| format!("{host} has no address"))
}
