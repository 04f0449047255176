//! A PostgreSQL primary with a synchronous replica: the replica has every commit before the client
//! is told. Both are behind one address, which stays the same when the replica takes over.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::sleep;

use super::balancer::Balancer;
use xtask::postgres::{HASTY, as_owner, find_programs};

/// The longest time for a server to start or to take over.
const PATIENCE: Duration = Duration::from_secs(30);

/// The two servers, stopped when dropped.
pub(super) struct Cluster {
    programs: PathBuf,
    primary: Server,
    replica: Server,
    name: Balancer,
}

struct Server {
    process: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Cluster {
    /// Creates the primary, copies it and starts the copy as a replica.
    pub(super) async fn start(folder: &Path) -> Result<Self> {
        let programs = find_programs().context("no server programs of PostgreSQL")?;
        fs::create_dir_all(folder)?;
        let made = Command::new("chmod").arg("777").arg(folder).status()?;
        ensure!(made.success(), "the folder cannot be given to PostgreSQL");
        let [primary, replica] = ["primary", "replica"].map(|name| folder.join(name));
        let mut initdb = as_owner(&programs.join("initdb"));
        initdb.arg("--pgdata").arg(&primary);
        initdb.args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]);
        run(initdb.arg("--locale=C"))?;
        let primary = Server::start(&programs, primary).await?;
        let mut copy = as_owner(&programs.join("pg_basebackup"));
        copy.args(["--host=127.0.0.1", "--username=postgres", "--write-recovery-conf"]);
        copy.arg(format!("--port={}", primary.address.port())).arg("--checkpoint=fast");
        run(copy.arg("--pgdata").arg(&replica))?;
        let replica = Server::start(&programs, replica).await?;
        let name = Balancer::start().await?;
        name.point_to(primary.address);
        let cluster = Self { programs, primary, replica, name };
        for statement in [
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
            "ALTER SYSTEM SET synchronous_commit = on",
            "SELECT pg_reload_conf()",
        ] {
            cluster.execute(statement)?;
        }
        Ok(cluster)
    }

    /// Returns the URL of the database, which always leads to the primary.
    pub(super) fn url(&self) -> String {
        format!("postgres://postgres@{}/postgres", self.name.address())
    }

    /// Ends the connections that receive cache invalidations, as a network failure would.
    pub(super) fn cut_listeners(&self) -> Result<()> {
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'",
        )
    }

    /// Kills the primary without a shutdown.
    pub(super) fn kill_primary(&mut self) -> Result<()> {
        self.primary.kill()
    }

    /// Promotes the replica to primary and points the name to it.
    pub(super) fn promote_replica(&mut self) -> Result<()> {
        let promote = "SELECT pg_promote(true, 30)";
        execute(&self.programs, self.replica.address, promote)?;
        self.name.point_to(self.replica.address);
        Ok(())
    }

    fn execute(&self, statement: &str) -> Result<()> {
        execute(&self.programs, self.primary.address, statement)
    }
}

impl Server {
    async fn start(programs: &Path, folder: PathBuf) -> Result<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = as_owner(&programs.join("postgres"));
        command.arg("-D").arg(&folder);
        let port = format!("port={}", address.port());
        let place = ["listen_addresses=127.0.0.1", "unix_socket_directories=", &port];
        // Killing the process loses no written data, unlike a power cut, so only the wait for the
        // replica must stay on.
        let hasty = HASTY.into_iter().filter(|option| !option.starts_with("synchronous_commit"));
        for option in hasty.chain(place).chain(["max_connections=200"]) {
            command.args(["-c", option]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().context("postgres does not run")?;
        let mut server = Self { process, address, folder };
        let until = Instant::now() + PATIENCE;
        while execute(programs, address, "SELECT 1").is_err() {
            if let Some(status) = server.process.try_wait()? {
                bail!("postgres in {} ended: {status}", server.folder.display());
            }
            ensure!(Instant::now() < until, "postgres does not accept connections");
            sleep(Duration::from_millis(50)).await;
        }
        Ok(server)
    }

    /// Sends SIGQUIT, which stops PostgreSQL at once, as after a crash. SIGKILL would leave its
    /// child processes running.
    fn kill(&mut self) -> Result<()> {
        let id = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw);
        kill_process(id.context("postgres has no process id")?, Signal::QUIT)?;
        self.process.wait().context("postgres does not end")?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            let _already_gone = self.kill();
        }
    }
}

fn execute(programs: &Path, address: SocketAddr, statement: &str) -> Result<()> {
    let mut psql = Command::new(programs.join("psql"));
    psql.args(["--no-psqlrc", "--quiet", "--host=127.0.0.1", "--username=postgres"]);
    psql.arg(format!("--port={}", address.port())).args(["--command", statement]);
    run(psql.env("PGCONNECT_TIMEOUT", "2"))
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_owned();
    let program = program.display();
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{program} does not run"))?;
    ensure!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
