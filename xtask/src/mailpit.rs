//! Runs Mailpit for development. Its mails are deleted when it ends, and every error path stops it.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// The port of its web interface, if it is free.
const USUAL_PORT: u16 = 8025;
/// The longest time of its start.
const START: Duration = Duration::from_secs(10);
/// The longest time of an orderly end.
const END: Duration = Duration::from_secs(5);
/// The pause between two looks at the process.
const PAUSE: Duration = Duration::from_millis(20);

/// A running Mailpit, ended when dropped.
#[derive(Debug)]
pub(crate) struct Mailpit {
    child: Child,
    pages: SocketAddr,
}

impl Mailpit {
    /// Starts `program` to receive mails at `smtp`, and waits until it does. Like the mail catcher,
    /// it accepts every log-in.
    pub(crate) fn start(program: &str, smtp: SocketAddr) -> Result<Self> {
        TcpListener::bind(smtp).with_context(|| format!("mails cannot be taken at {smtp}"))?;
        let pages = free_address().context("no free port for the pages of Mailpit")?;
        let child = Command::new(program)
            .args(["--smtp", &smtp.to_string(), "--listen", &pages.to_string()])
            .args(["--quiet", "--disable-version-check", "--smtp-disable-rdns"])
            .args(["--smtp-auth-accept-any", "--smtp-auth-allow-insecure"])
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("{program} does not run"))?;
        let mut mailpit = Self { child, pages };
        let deadline = Instant::now() + START;
        while [smtp, pages].iter().any(|address| TcpStream::connect(address).is_err()) {
            if let Some(status) = mailpit.child.try_wait()? {
                bail!("{program} ended at once ({status}); what it said is above");
            }
            if Instant::now() > deadline {
                bail!("{program} takes no mails at {smtp} within {START:?}");
            }
            thread::sleep(PAUSE);
        }
        Ok(mailpit)
    }

    /// Returns the address of its web interface.
    pub(crate) const fn pages(&self) -> SocketAddr {
        self.pages
    }
}

impl Drop for Mailpit {
    /// Asks Mailpit to end before killing it, because it removes its database only when asked.
    fn drop(&mut self) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let deadline = Instant::now() + END;
        // Ctrl-C reaches Mailpit too, so it may have ended already.
        if matches!(self.child.try_wait(), Ok(None))
            && id.is_some_and(|id| kill_process(id, Signal::TERM).is_ok())
        {
            while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
                thread::sleep(PAUSE);
            }
        }
        let _already_gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Returns an address of the loopback with the usual port, or with a free one.
fn free_address() -> Result<SocketAddr> {
    let usual = TcpListener::bind((Ipv4Addr::LOCALHOST, USUAL_PORT));
    let listener = usual.or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    Ok(listener.local_addr()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free_port() -> SocketAddr {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
    }

    #[test]
    fn a_program_that_ends_at_once_is_an_error_that_says_so() {
        let error = Mailpit::start("false", free_port()).unwrap_err().to_string();
        assert!(error.starts_with("false ended at once (exit status: 1)"), "{error}");

        let error = Mailpit::start("no-such-program", free_port()).unwrap_err().to_string();
        assert_eq!(error, "no-such-program does not run");
    }

    /// Passes without a check where Mailpit is not installed.
    #[test]
    fn two_of_them_share_no_port_and_leave_nothing_behind() {
        let program = std::env::var("TEST_MAILPIT").ok();
        let program = program.filter(|program| program.contains('/'));
        let Some(program) = program else { return };
        let (one, two) = (free_port(), free_port());
        let mailpits = [one, two].map(|smtp| Mailpit::start(&program, smtp).unwrap());
        let pages = mailpits.each_ref().map(Mailpit::pages);
        assert_ne!(pages[0], pages[1]);

        let taken = Mailpit::start(&program, one).unwrap_err().to_string();

        assert_eq!(taken, format!("mails cannot be taken at {one}"));
        drop(mailpits);
        for address in [one, two, pages[0], pages[1]] {
            assert!(TcpStream::connect(address).is_err(), "{address}");
        }
    }
}
