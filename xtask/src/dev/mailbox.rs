//! Where the mails of the server go.

use std::{
    fmt,
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{mail_catcher::MailCatcher, mailpit::Mailpit, programs::on_path};

/// The longest time until a mail server takes a connection.
const PATIENCE: Duration = Duration::from_millis(300);

/// The mail server of this run.
pub(super) enum Mailbox {
    /// A server that ran before.
    Running(SocketAddr),
    /// Mailpit, started for this run.
    Mailpit(Mailpit),
    /// The catcher in this process.
    Catcher(MailCatcher),
}

impl Mailbox {
    /// Finds the mail server at this address, or starts one.
    pub(super) async fn open(address: SocketAddr) -> Result<Self> {
        if TcpStream::connect_timeout(&address, PATIENCE).is_ok() {
            return Ok(Self::Running(address));
        }
        if !address.ip().is_loopback() {
            bail!("nothing listens at {address}; start a mail server there or change `mail.url`");
        }
        if let Some(program) = on_path("mailpit") {
            let start = move || Mailpit::start(&program, address);
            return Ok(Self::Mailpit(tokio::task::spawn_blocking(start).await??));
        }
        let catcher = MailCatcher::start(address).await;
        Ok(Self::Catcher(catcher.with_context(|| format!("mail cannot be caught at {address}"))?))
    }

    /// Ends what was started.
    pub(super) async fn close(self) {
        if let Self::Catcher(catcher) = self {
            catcher.stop().await;
        }
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running(address) => write!(f, "goes to the server at {address}"),
            Self::Mailpit(mailpit) => write!(f, "goes to Mailpit, http://{}", mailpit.pages()),
            Self::Catcher(catcher) => write!(f, "is caught at {}", catcher.addr()),
        }
    }
}
