//! The measured server as a child process: started, observed through `/proc`, and killed when
//! dropped.

use std::{
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use super::{
    database::Database,
    free_address,
    noise::{TICKS, process_ticks},
};

/// The longest time until a started server accepts connections.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause between two tries to connect.
const RETRY: Duration = Duration::from_micros(200);

/// Limits so high that none is reached, while the server still counts.
pub(super) const HIGH_LIMITS: [(&str, &str); 3] = [
    ("LATCHKEY__LIMITS__LOGIN_PER_ACCOUNT", "1000000/1m"),
    ("LATCHKEY__LIMITS__LOGIN_PER_DEVICE", "1000000/1m"),
    ("LATCHKEY__LIMITS__LOGIN_PER_CLIENT", "1000000/1m"),
];

/// A server that accepts connections.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts `latchkey` on the database with these additional environment variables.
    pub(super) fn start(database: &Database, settings: &[(&str, &str)]) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(beside("latchkey")?);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LATCHKEY")) {
            command.env_remove(name);
        }
        command
            .current_dir(database.folder())
            .env_remove("DATABASE_URL")
            .env("LATCHKEY_ENV", "test")
            .env("LATCHKEY__DATABASE__URL", database.url())
            .env("LATCHKEY__LOG__FORMAT", "json")
            .env("LATCHKEY__SERVER__LISTEN", address.to_string())
            .env("LATCHKEY__SERVER__PUBLIC_URL", format!("http://{address}"))
            .envs(settings.iter().copied());
        Self::spawn(command, address)
    }

    /// Starts a bare route that answers with the content of the file `answer`.
    pub(super) fn start_bare(answer: &Path) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe().context("no path")?);
        command.arg("bare-server").arg(answer).arg(address.to_string());
        Self::spawn(command, address)
    }

    fn spawn(mut command: Command, address: SocketAddr) -> Result<Self> {
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not run", command.get_program().display()))?;
        let mut server = Self { child, address };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server refused to start: {status}");
            }
            if Instant::now() > until {
                bail!("the server does not start");
            }
            sleep(RETRY);
        }
        Ok(server)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the CPU time that the process has used, in seconds.
    pub(super) fn cpu(&self) -> Result<f64> {
        let [user, system, ..] = process_ticks(&format!("/proc/{}/stat", self.child.id()))?;
        Ok(f64::from(user + system) / f64::from(TICKS))
    }

    /// Returns the proportional set size (PSS) of the process, in MiB: its own memory and its share
    /// of shared pages.
    pub(super) fn pss(&self) -> Result<f64> {
        let file = format!("/proc/{}/smaps_rollup", self.child.id());
        let text = std::fs::read_to_string(&file).with_context(|| format!("there is no {file}"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kib: Option<u32> =
            line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
        Ok(f64::from(kib.context("a process without memory")?) / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _status = self.child.wait();
    }
}

fn beside(program: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("this program has no path")?;
    Ok(own.with_file_name(program))
}
