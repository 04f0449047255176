//! A PostgreSQL cluster for one test run, created with the installed server programs on a free port
//! of the loopback. Its data does not survive a crash.

use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

/// The longest time until the server accepts connections.
const PATIENCE: Duration = Duration::from_secs(30);
/// The folder in which Debian and related systems keep the server's programs, one folder per
/// version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The user that runs the server when tests run as root, which PostgreSQL refuses.
const OWNER: &str = "postgres";
/// Settings for speed: a temporary cluster need not survive a power cut.
pub const HASTY: [&str; 3] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// A running cluster, stopped and removed when dropped.
#[derive(Debug)]
pub struct Cluster {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Creates and starts a cluster with these settings.
    pub fn start(settings: &[&str]) -> Result<Self> {
        let programs = find_programs().context(
            "no TEST_POSTGRES_URL and no server programs in /usr/lib/postgresql or on the PATH",
        )?;
        let folder = env::temp_dir().join(format!("latchkey-postgres-{}", std::process::id()));
        let initdb = as_owner(&programs.join("initdb"))
            .arg("--pgdata")
            .arg(&folder)
            .args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"])
            .args(["--locale=C"])
            .output()
            .context("initdb does not run")?;
        ensure!(initdb.status.success(), "initdb: {}", String::from_utf8_lossy(&initdb.stderr));
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = as_owner(&programs.join("postgres"));
        command.arg("-D").arg(&folder);
        let port_option = format!("port={port}");
        let place = ["listen_addresses=127.0.0.1", "unix_socket_directories=", &port_option];
        for option in settings.iter().copied().chain(place).chain(["max_connections=300"]) {
            command.args(["-c", option]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let server = command.spawn().context("postgres does not run")?;
        let mut cluster = Self { server, folder, port };
        cluster.wait_until_ready(&programs)?;
        Ok(cluster)
    }

    /// Returns the URL of its first database, for a role that may create others.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.server.try_wait()? {
                bail!("postgres ended: {status}");
            }
            let mut probe = Command::new(programs.join("pg_isready"));
            probe.args(["--quiet", "--host=127.0.0.1", &format!("--port={}", self.port)]);
            if probe.status().context("pg_isready does not run")?.success() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("postgres does not accept connections")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // An immediate stop; the data is discarded.
        let stopped = Command::new("kill").args(["-QUIT", &self.server.id().to_string()]).status();
        if !stopped.is_ok_and(|status| status.success()) {
            let _already_gone = self.server.kill();
        }
        let _status = self.server.wait();
        let _may_stay = fs::remove_dir_all(&self.folder);
    }
}

/// Returns the folder with the programs of the newest server.
pub fn find_programs() -> Option<PathBuf> {
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    folders.sort();
    let on_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>());
    let newest = folders.into_iter().rev().map(|(_, folder)| folder);
    newest.chain(on_path.unwrap_or_default()).find(|folder| {
        ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file())
    })
}

/// Returns a command that runs as a user that PostgreSQL accepts.
pub fn as_owner(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    let user = [format!("--reuid={OWNER}"), format!("--regid={OWNER}")];
    command.args(user).args(["--clear-groups", "--"]).arg(program);
    // The current folder may be closed to the other user.
    command.current_dir(env::temp_dir());
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
