//! The real binary as a child process: for signals, crashes, several servers on one database, and
//! browsers that need an address.

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::Clock;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::mpsc,
    time::timeout,
};
use url::Url;

use super::browser::{Browser, Transport};

/// The longest time until a server has started or stopped.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server, killed when dropped.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    address: SocketAddr,
    public_url: Url,
    log: Arc<Mutex<String>>,
    folder: TempDir,
}

/// The result of a program that has ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code, `None` after a signal.
    pub code: Option<i32>,
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
}

impl ServerProcess {
    /// The secret of every server and command of the tests: a link that a command mails is made
    /// with the secret of the server that sends the mail.
    pub const SECRET_KEY: &str = "a key for tests that is long enough";

    /// Starts the server with these environment variables in addition to the defaults of a test: a
    /// free port, a SQLite file in its own folder, cheap password hashing, and no limits.
    pub async fn start(environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the server");
        let port = free_port();
        let variables = variables(&folder, port, environment);
        let public_url = variables["LATCHKEY__SERVER__PUBLIC_URL"].parse().expect("a URL");
        let mut child = command(&folder, &variables)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", binary().display()));
        let log = Arc::new(Mutex::new(String::new()));
        let (lines, mut printed) = mpsc::unbounded_channel();
        read_lines(child.stderr.take(), &log, None);
        read_lines(child.stdout.take(), &log, Some(lines));
        let listening = async {
            loop {
                let line = printed.recv().await?;
                if let Some((_, address)) = line.split_once("listening on http://") {
                    return address.trim().parse().ok();
                }
            }
        };
        let Ok(Some(address)) = timeout(PATIENCE, listening).await else {
            panic!("the server does not start:\n{}", text(&log));
        };
        Self { child, address, public_url, log, folder }
    }

    /// Runs a server that is expected to refuse to start, and waits for its end.
    pub async fn refuse(environment: &[(&str, &str)]) -> Ended {
        let folder = tempfile::tempdir().expect("a folder for the server");
        let variables = variables(&folder, free_port(), environment);
        let output = command(&folder, &variables).kill_on_drop(true).output();
        let output = timeout(PATIENCE, output).await.expect("the server ends");
        let output = output.unwrap_or_else(|error| panic!("{}: {error}", binary().display()));
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Returns the address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the public URL of the server.
    pub fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// Opens a new browser, which uses the system's clock.
    pub fn browser(&self, transport: Transport) -> Browser {
        Browser::new(self.address, &self.public_url, &Clock::system(), transport)
    }

    /// Returns the output of the server so far.
    pub fn log(&self) -> String {
        text(&self.log)
    }

    /// Returns the peak memory of the process (`VmHWM`), in KiB.
    pub fn peak_memory_kib(&self) -> u64 {
        let id = self.child.id().expect("the server runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status"));
        let status = status.expect("the server runs on Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
        number.expect("Linux tells how much memory a process has held")
    }

    /// Returns the folder of the database.
    pub fn folder(&self) -> &TempDir {
        &self.folder
    }

    /// Limits the size of each file that the server writes, in bytes, as a full disk would. `None`
    /// removes the limit.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let limit = Rlimit { current: bytes, maximum: None };
        prlimit(Some(self.pid()), Resource::Fsize, limit).expect("the server can be limited");
    }

    /// Limits the number of open files and connections of the server.
    pub fn limit_descriptors(&self, count: u64) {
        let maximum = getrlimit(Resource::Nofile).maximum;
        let limit = Rlimit { current: Some(count), maximum };
        prlimit(Some(self.pid()), Resource::Nofile, limit).expect("the server can be limited");
    }

    /// Asks the server to stop.
    pub fn sigterm(&self) {
        self.signal(Signal::TERM);
    }

    /// Kills the server.
    pub fn kill9(&self) {
        self.signal(Signal::KILL);
    }

    /// Waits until the server has ended.
    pub async fn wait(&mut self) -> ExitStatus {
        let end = timeout(PATIENCE, self.child.wait()).await;
        end.unwrap_or_else(|_| panic!("the server does not end:\n{}", self.log()))
            .expect("the server is a child")
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the server can be signalled");
    }

    fn pid(&self) -> Pid {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        id.and_then(Pid::from_raw).expect("the server runs")
    }
}

/// Returns a port of the loopback that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// Returns the defaults with these variables in addition. A production server refuses to start
/// without limits.
fn variables(
    folder: &TempDir,
    port: u16,
    environment: &[(&str, &str)],
) -> BTreeMap<String, String> {
    let mut variables = defaults(folder, port);
    if environment.contains(&("LATCHKEY_ENV", "production")) {
        variables.remove("LATCHKEY__LIMITS__ENABLED");
    }
    variables.extend(environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    variables
}

fn defaults(folder: &TempDir, port: u16) -> BTreeMap<String, String> {
    let database = format!("sqlite://{}/latchkey.db?mode=rwc", folder.path().display());
    [
        ("LATCHKEY_ENV", "test".to_owned()),
        ("LATCHKEY__DATABASE__URL", database),
        ("LATCHKEY__LIMITS__ENABLED", "false".to_owned()),
        ("LATCHKEY__LOG__FORMAT", "json".to_owned()),
        ("LATCHKEY__PASSWORD__MEMORY_KIB", "64".to_owned()),
        ("LATCHKEY__PASSWORD__ITERATIONS", "1".to_owned()),
        ("LATCHKEY__SECRET_KEY", ServerProcess::SECRET_KEY.to_owned()),
        ("LATCHKEY__SERVER__LISTEN", format!("127.0.0.1:{port}")),
        ("LATCHKEY__SERVER__PUBLIC_URL", format!("http://127.0.0.1:{port}")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn command(folder: &TempDir, variables: &BTreeMap<String, String>) -> Command {
    // A write beyond the limit on files must fail, as on a full disk, and not kill the process.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\""]).arg(binary());
    command.current_dir(folder.path()).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LATCHKEY")) {
        command.env_remove(name);
    }
    // Removes variables that cargo sets, which a server does not have.
    command.env_remove("CARGO").env_remove("DATABASE_URL").envs(variables);
    command
}

/// Returns the path of the binary that `cargo xtask test` has built.
fn binary() -> PathBuf {
    std::env::var_os("TEST_BIN").map_or_else(
        || {
            let test = std::env::current_exe().expect("a test has a path");
            test.ancestors().nth(2).expect("tests lie in target/PROFILE/deps").join("latchkey")
        },
        PathBuf::from,
    )
}

fn read_lines(
    source: Option<impl AsyncRead + Unpin + Send + 'static>,
    log: &Arc<Mutex<String>>,
    lines: Option<mpsc::UnboundedSender<String>>,
) {
    let log = Arc::clone(log);
    let mut source = BufReader::new(source.expect("the stream is piped")).lines();
    tokio::spawn(async move {
        while let Ok(Some(line)) = source.next_line().await {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push_str(&line);
            log.push('\n');
            if let Some(lines) = &lines {
                let _nobody_waits = lines.send(line);
            }
        }
    });
}

fn text(log: &Arc<Mutex<String>>) -> String {
    log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
