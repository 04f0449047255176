//! The server as a child process.

use std::{
    net::SocketAddr,
    process::{ExitCode, ExitStatus, Stdio},
    sync::{Arc, OnceLock},
};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};
use url::Url;

use super::{configured::Configured, product::Product};
use crate::programs::exit_code;

/// What the server prints before its address.
const LISTENING: &str = "listening on http://";

/// A running server. It is killed when dropped, but stopped in an orderly way by `stop`.
pub(super) struct Server {
    child: Child,
    address: Arc<OnceLock<SocketAddr>>,
}

impl Server {
    /// Starts the server that was built last. It prints its addresses once it listens. The first
    /// server also says where its mails go; a later one keeps the address of the first, also where
    /// the system has chosen it, so that the open pages find it.
    pub(super) fn start(
        product: &Product,
        configured: &Configured,
        address: Option<SocketAddr>,
        mail: Option<String>,
    ) -> Result<Self> {
        let mut command = Command::from(product.program());
        command.stdout(Stdio::piped()).kill_on_drop(true);
        if let Some(address) = address.filter(|_| configured.listen.port() == 0) {
            command.env(product.listen_variable(), address.to_string());
        }
        let mut child = command.spawn().context("the server does not run")?;
        let lines = BufReader::new(child.stdout.take().context("the server is silent")?).lines();
        let server = Self { child, address: Arc::default() };
        let public_url = configured.public_url.clone();
        tokio::spawn(tell(lines, Arc::clone(&server.address), public_url, mail));
        Ok(server)
    }

    /// Returns the address that it listens on, if it does already.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.address.get().copied()
    }

    /// Waits until it ends by itself.
    pub(super) async fn ended(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Asks it to end, and waits until it has. Ctrl-C reaches it twice; the second time it is
    /// already stopping.
    pub(super) async fn stop(mut self) -> Result<ExitCode> {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id {
            let _already_gone = kill_process(id, Signal::TERM);
        }
        Ok(exit_code(self.child.wait().await?))
    }
}

/// Passes the server's lines on. Instead of the one with its address it prints where to go.
async fn tell(
    mut lines: Lines<BufReader<ChildStdout>>,
    address: Arc<OnceLock<SocketAddr>>,
    public_url: Url,
    mail: Option<String>,
) {
    while let Ok(Some(line)) = lines.next_line().await {
        let listening = line.strip_prefix(LISTENING).and_then(|address| address.parse().ok());
        let Some(listening) = listening else {
            println!("{line}");
            continue;
        };
        let _told_before = address.set(listening);
        let site = site(&public_url, listening);
        println!("app      {site} (listening on {listening})");
        if let Some(mail) = &mail {
            println!("mailbox  {site}dev/mail");
            println!("mail     {mail}");
        }
    }
}

/// Returns the address of the site, with the port that the system has chosen if it was to choose.
fn site(public_url: &Url, listening: SocketAddr) -> Url {
    let mut site = public_url.clone();
    if site.port() == Some(0) {
        let _http_takes_ports = site.set_port(Some(listening.port()));
    }
    site
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_has_the_port_that_was_chosen() {
        let listening = ([127, 0, 0, 1], 4711).into();
        for (public_url, expected) in [
            ("http://localhost:0/", "http://localhost:4711/"),
            ("http://localhost:8080/", "http://localhost:8080/"),
            ("https://example.org/", "https://example.org/"),
        ] {
            assert_eq!(site(&public_url.parse().unwrap(), listening).as_str(), expected);
        }
    }
}
