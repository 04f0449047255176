//! Forwards TCP connections on the loopback. It balances over the servers that report to be ready,
//! in turn, or it points to a single address that may change, like the name of a database's
//! primary.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::client::{Connection, Request};

/// The pause between two readiness probes of a server.
const PROBE_PAUSE: Duration = Duration::from_millis(100);
/// The longest time of a probe, or of a connection to a server.
const PATIENCE: Duration = Duration::from_secs(1);
/// The longest time until the servers have started.
const START: Duration = Duration::from_secs(30);

/// Forwards connections until it is dropped.
pub(super) struct Balancer {
    address: SocketAddr,
    targets: Arc<Targets>,
    tasks: Mutex<JoinSet<()>>,
}

#[derive(Default)]
struct Targets {
    all: Mutex<Vec<Arc<Target>>>,
    turn: AtomicUsize,
}

struct Target {
    address: SocketAddr,
    is_ready: AtomicBool,
}

impl Balancer {
    /// Listens on a free port, without targets.
    pub(super) async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let targets = Arc::new(Targets::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, Arc::clone(&targets)));
        Ok(Self { address, targets, tasks: Mutex::new(tasks) })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a server, which gets connections while its `/readyz` answers 200.
    pub(super) fn add(&self, address: SocketAddr) {
        let target = Arc::new(Target { address, is_ready: AtomicBool::new(false) });
        lock(&self.targets.all).push(Arc::clone(&target));
        lock(&self.tasks).spawn(async move {
            loop {
                target.is_ready.store(is_ready(target.address).await, Ordering::SeqCst);
                sleep(PROBE_PAUSE).await;
            }
        });
    }

    /// Sends every new connection to this address only.
    pub(super) fn point_to(&self, address: SocketAddr) {
        let target = Target { address, is_ready: AtomicBool::new(true) };
        *lock(&self.targets.all) = vec![Arc::new(target)];
    }

    /// Returns the number of servers that are ready.
    pub(super) fn ready(&self) -> usize {
        lock(&self.targets.all).iter().filter(|one| one.is_ready.load(Ordering::SeqCst)).count()
    }

    /// Waits until `count` servers are ready.
    pub(super) async fn wait_until_ready(&self, count: usize) -> Result<()> {
        let until = Instant::now() + START;
        while self.ready() < count {
            if Instant::now() > until {
                bail!("only {} of {count} servers become ready", self.ready());
            }
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

impl Targets {
    /// Returns the ready servers, starting with the one that is next in turn.
    fn in_turn(&self) -> Vec<SocketAddr> {
        let all = lock(&self.all);
        let ready = all.iter().filter(|one| one.is_ready.load(Ordering::SeqCst));
        let mut ready: Vec<_> = ready.map(|one| one.address).collect();
        if !ready.is_empty() {
            let turn = self.turn.fetch_add(1, Ordering::SeqCst) % ready.len();
            ready.rotate_left(turn);
        }
        ready
    }
}

async fn accept(listener: TcpListener, targets: Arc<Targets>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_ended) = connections.join_next() => {}
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                connections.spawn(forward(stream, Arc::clone(&targets)));
            },
        }
    }
}

/// Skips a target that accepts no connection. Without any target, the client's connection is
/// closed.
async fn forward(mut client: TcpStream, targets: Arc<Targets>) {
    for address in targets.in_turn() {
        let connecting = timeout(PATIENCE, TcpStream::connect(address)).await;
        if let Ok(Ok(mut server)) = connecting {
            // The drill may kill either side at any moment.
            let _ended = copy_bidirectional(&mut client, &mut server).await;
            return;
        }
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let asking = async {
        let mut connection = Connection::open(address).await?;
        let answer = connection.send(&Request::get(address, "/readyz", "")).await;
        answer.map(|answer| answer.status).context("no answer")
    };
    matches!(timeout(PATIENCE, asking).await, Ok(Ok(200)))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
