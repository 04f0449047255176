//! Forwards TCP connections on the loopback: to the servers that say that they are
//! ready, in turn, as a balancer does; or to one address that may change, as the name of
//! a database's primary does.

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

/// How often each server is asked whether it is ready.
const PROBE_PAUSE: Duration = Duration::from_millis(100);
/// How long a server may take to say so, or to take a connection.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the servers may take to start.
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

    /// Sends visitors to this server whenever `/readyz` of it says 200.
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

    /// Sends every new connection to this address and no other.
    pub(super) fn point_to(&self, address: SocketAddr) {
        let target = Target { address, is_ready: AtomicBool::new(true) };
        *lock(&self.targets.all) = vec![Arc::new(target)];
    }

    /// The servers that are ready.
    pub(super) fn ready(&self) -> usize {
        lock(&self.targets.all).iter().filter(|one| one.is_ready.load(Ordering::SeqCst)).count()
    }

    /// Waits until so many servers are ready.
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
    /// Those that are ready, beginning with the one that has its turn.
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

/// A target that takes no connection is passed over; without any, the client is hung up
/// on.
async fn forward(mut client: TcpStream, targets: Arc<Targets>) {
    for address in targets.in_turn() {
        let connecting = timeout(PATIENCE, TcpStream::connect(address)).await;
        if let Ok(Ok(mut server)) = connecting {
            // Either side may be killed at any moment: that is what the drill is for.
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
