//! One of the servers as a child process, with a clock that may be wrong.

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};

/// The settings that all servers share.
pub(super) struct Settings {
    pub(super) program: PathBuf,
    pub(super) database: String,
    pub(super) mail: SocketAddr,
    /// The address that visitors use.
    pub(super) public: SocketAddr,
    /// The folder of the logs.
    pub(super) folder: PathBuf,
}

/// A server, killed when dropped.
pub(super) struct Node {
    process: Child,
    number: usize,
    address: SocketAddr,
}

impl Node {
    /// Starts a server on a free port.
    pub(super) fn start(settings: &Settings, number: usize) -> Result<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let process = spawn(settings, number, address, &[])?;
        Ok(Self { process, number, address })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills the server without a shutdown.
    pub(super) fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Starts the server again at the same address with these additional environment variables.
    pub(super) fn start_again(
        &mut self,
        settings: &Settings,
        clock: &[(String, String)],
    ) -> Result<()> {
        self.process = spawn(settings, self.number, self.address, clock)?;
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _already_gone = self.process.kill();
        let _status = self.process.wait();
    }
}

/// Returns the environment variables with which a program sees a clock that is wrong by `offset`,
/// or `None` without `faketime`. Timers use the monotonic clock, which is correct, as with a clock
/// that is really wrong.
pub(super) fn other_clock(offset: &str) -> Option<Vec<(String, String)>> {
    let shown = Command::new("faketime").args(["-f", offset, "env"]).output().ok()?;
    let shown = String::from_utf8(shown.stdout).ok()?;
    let preload = shown.lines().find_map(|line| line.strip_prefix("LD_PRELOAD="))?;
    let variables = [
        ("LD_PRELOAD", preload),
        ("FAKETIME", offset),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    Some(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
}

fn spawn(
    settings: &Settings,
    number: usize,
    address: SocketAddr,
    clock: &[(String, String)],
) -> Result<Child> {
    let mut command = Command::new(&settings.program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LATCHKEY")) {
        command.env_remove(name);
    }
    let log = settings.folder.join(format!("node-{number}.log"));
    let log = File::options().create(true).append(true).open(log)?;
    command
        .current_dir(&settings.folder)
        .env_remove("DATABASE_URL")
        .env("LATCHKEY_ENV", "test")
        .env("LATCHKEY__DATABASE__URL", &settings.database)
        .env("LATCHKEY__LIMITS__ENABLED", "false")
        .env("LATCHKEY__LOG__FORMAT", "json")
        .env("LATCHKEY__MAIL__URL", format!("smtp://{}", settings.mail))
        .env("LATCHKEY__PASSWORD__MEMORY_KIB", "64")
        .env("LATCHKEY__PASSWORD__ITERATIONS", "1")
        .env("LATCHKEY__SECRET_KEY", "a key for drills that is long enough to be one")
        .env("LATCHKEY__SERVER__LISTEN", address.to_string())
        .env("LATCHKEY__SERVER__PUBLIC_URL", format!("http://{}", settings.public))
        .envs(clock.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    command.spawn().with_context(|| format!("{} does not run", settings.program.display()))
}
