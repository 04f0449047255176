//! `cargo xtask dev`: the app and a mailbox on this machine, by one command.
//!
//! Mail goes to whatever listens at `mail.url` already; else to `mailpit` from the
//! PATH; else to the catcher in this process. The server is built and started as a
//! child, and migrates by itself in development. Ctrl-C or SIGTERM ends
//! all of it.

use std::{
    net::{SocketAddr, TcpStream, ToSocketAddrs},
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{SignalKind, signal};
use web::Settings;

use crate::{
    mail_catcher::MailCatcher,
    test::{cargo, on_path, server_binary},
};

/// What takes the mails.
enum Mailbox {
    /// Something that was there before.
    Running,
    /// Mailpit, started for this run.
    Mailpit(Child),
    /// The catcher in this process.
    Catcher(MailCatcher),
}

/// Serves until Ctrl-C or SIGTERM.
pub(crate) async fn run(settings: &Settings) -> Result<ExitCode> {
    let address = mail_address(settings)?;
    println!("building the server; the first time takes some minutes");
    let build = cargo().args(["build", "--package", "web", "--bin", "latchkey"]).status();
    ensure!(build.context("cargo does not run")?.success(), "the server cannot be built");
    let mailbox = open_mailbox(address).await?;
    let public_url = &settings.server.public_url;
    println!("app      {public_url}");
    println!("mailbox  {}", public_url.join("dev/mail")?);
    match &mailbox {
        Mailbox::Running => println!("mail     goes to the server at {address}"),
        Mailbox::Mailpit(_) => println!("mail     goes to Mailpit, http://127.0.0.1:8025"),
        Mailbox::Catcher(_) => println!("mail     is caught at {address}"),
    }
    let status = serve(Command::new(server_binary()?)).await?;
    match mailbox {
        Mailbox::Running => {}
        Mailbox::Mailpit(mut mailpit) => {
            let _already_gone = mailpit.kill();
            let _status = mailpit.wait();
        }
        Mailbox::Catcher(catcher) => catcher.stop().await,
    }
    Ok(status)
}

/// Ctrl-C reaches the server too, which then ends by itself; SIGTERM is passed on.
async fn serve(mut server: Command) -> Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut child = server.spawn().context("the server does not run")?;
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let mut ended = tokio::task::spawn_blocking(move || child.wait());
    let status = tokio::select! {
        status = &mut ended => status,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            ended.await
        }
        _ = terminate.recv() => {
            if let Some(id) = id {
                kill_process(id, Signal::TERM)?;
            }
            ended.await
        }
    };
    let is_success = status??.success();
    Ok(if is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn open_mailbox(address: SocketAddr) -> Result<Mailbox> {
    if TcpStream::connect_timeout(&address, Duration::from_millis(300)).is_ok() {
        return Ok(Mailbox::Running);
    }
    if !address.ip().is_loopback() {
        bail!("nothing listens at {address}; start a mail server there or change `mail.url`");
    }
    if let Some(mailpit) = on_path("mailpit") {
        let mailpit = Command::new(mailpit)
            .args(["--smtp", &address.to_string(), "--listen", "127.0.0.1:8025", "--quiet"])
            .stdin(Stdio::null())
            .spawn()
            .context("mailpit does not run")?;
        return Ok(Mailbox::Mailpit(mailpit));
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
