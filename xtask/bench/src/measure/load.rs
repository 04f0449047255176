//! Generates load in two ways: a closed loop, in which each connection sends as fast as the answers
//! come, and a steady load at fixed moments, which does not wait for answers.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tokio::task::{JoinSet, yield_now};

use super::{
    client::{Answer, Connection, Request},
    server::Server,
};

/// How long a server is warmed up before a measurement.
const WARM_UP: Duration = Duration::from_millis(200);
/// The number of connections that share a steady load.
const STEADY_CONNECTIONS: u32 = 8;

/// Keeps the threads of this client awake until it is dropped.
///
/// A client of a slower server sleeps more often. Over the loopback, the sender of an answer pays
/// for waking the client: 1.3 µs of 14 µs were measured. In a network, the client pays.
pub(super) struct Awake(
    #[expect(dead_code, reason = "ends what it holds when dropped")] JoinSet<()>,
);

impl Awake {
    pub(super) fn keep() -> Self {
        let mut tasks = JoinSet::new();
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            tasks.spawn(async {
                loop {
                    // Yields first to the servers on this core, then to the connections of this
                    // thread.
                    thread::yield_now();
                    yield_now().await;
                }
            });
        }
        Self(tasks)
    }
}

/// The result of a closed loop.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load {
    /// The number of answers, improper ones included.
    pub(super) answers: u32,
    /// The number of answers that were not expected.
    pub(super) improper: u32,
    seconds: f64,
    cpu: f64,
}

impl Load {
    /// Returns the CPU time of the server per answer, in microseconds.
    pub(super) fn micros(&self) -> f64 {
        self.cpu * 1e6 / f64::from(self.answers)
    }

    /// Returns the answers per second.
    pub(super) fn per_second(&self) -> f64 {
        f64::from(self.answers) / self.seconds
    }
}

/// The best of several rounds. Use it where noise only makes results worse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Best {
    /// The CPU time of the server per answer, in microseconds.
    pub(super) micros: f64,
    /// The answers per second.
    pub(super) per_second: f64,
}

impl Default for Best {
    fn default() -> Self {
        Self { micros: f64::INFINITY, per_second: 0.0 }
    }
}

impl Best {
    pub(super) fn add(&mut self, load: &Load) {
        self.micros = self.micros.min(load.micros());
        self.per_second = self.per_second.max(load.per_second());
    }
}

/// Returns the median. Use it where noise makes some rounds worse and others better.
pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Warms the server up and measures it. Fails if an answer is not as expected.
pub(super) async fn measure(
    server: &Server,
    requests: &Arc<[Request]>,
    connections: usize,
    time: Duration,
) -> Result<Load> {
    closed_loop(server, requests, connections, WARM_UP).await?;
    let load = closed_loop(server, requests, connections, time).await?;
    ensure!(load.improper == 0, "{} of {} answers are wrong", load.improper, load.answers);
    Ok(load)
}

/// Runs a closed loop: each connection sends its next request when it has the answer to the last.
pub(super) async fn closed_loop(
    server: &Server,
    requests: &Arc<[Request]>,
    connections: usize,
    time: Duration,
) -> Result<Load> {
    let mut clients = Vec::with_capacity(connections);
    for _ in 0..connections {
        clients.push(Connection::open(server.address()).await?);
    }
    let cpu = server.cpu()?;
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (index, client) in clients.into_iter().enumerate() {
        let first = index * requests.len() / connections;
        tasks.spawn(repeat(client, Arc::clone(requests), first, began + time));
    }
    let mut load = Load::default();
    while let Some(ended) = tasks.join_next().await {
        let (answers, improper) = ended.context("a client panicked")??;
        load.answers += answers;
        load.improper += improper;
    }
    load.seconds = began.elapsed().as_secs_f64();
    load.cpu = server.cpu()? - cpu;
    ensure!(load.answers > 0, "no answer came in time");
    Ok(load)
}

async fn repeat(
    mut client: Connection,
    requests: Arc<[Request]>,
    first: usize,
    until: Instant,
) -> Result<(u32, u32)> {
    let (mut answers, mut improper) = (0, 0);
    for request in requests.iter().cycle().skip(first) {
        if Instant::now() >= until {
            break;
        }
        let answer = client.send(request).await?;
        answers += 1;
        improper += u32::from(!request.is_answered_by(&answer));
    }
    Ok((answers, improper))
}

/// Sends `per_second` requests at even intervals. Returns the time from the moment at which each
/// request was due to its answer, sorted, the longest last. Uses threads, because the timers of the
/// runtime are too coarse.
pub(super) fn steady(
    address: SocketAddr,
    request: &Request,
    per_second: u32,
    time: Duration,
) -> Result<Vec<Duration>> {
    let step = Duration::from_secs(1) / per_second;
    let began = Instant::now() + step;
    let threads: Vec<_> = (0..STEADY_CONNECTIONS)
        .map(|index| {
            let request = request.clone();
            let pace = (began + step * index, step * STEADY_CONNECTIONS);
            thread::spawn(move || steady_connection(address, &request, pace, began + time))
        })
        .collect();
    let mut latencies = Vec::new();
    for thread in threads {
        let one = thread.join().ok().context("a client panicked")?;
        latencies.extend(one?);
    }
    latencies.sort_unstable();
    Ok(latencies)
}

fn steady_connection(
    address: SocketAddr,
    request: &Request,
    (first, step): (Instant, Duration),
    until: Instant,
) -> Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut buffer = vec![0; 64 * 1024];
    let mut latencies = Vec::new();
    let mut due = first;
    while due < until {
        sleep(due.saturating_duration_since(Instant::now()));
        stream.write_all(&request.bytes)?;
        let mut length = 0;
        loop {
            let free = buffer.get_mut(length..).context("an answer of more than 64 KiB")?;
            let read = stream.read(free).context("no answer in time")?;
            ensure!(read > 0, "the server hung up");
            length += read;
            if let Some(answer) = Answer::parse(buffer.get(..length).unwrap_or_default()) {
                ensure!(request.is_answered_by(&answer), "answered with {}", answer.status);
                break;
            }
        }
        latencies.push(due.elapsed());
        due += step;
    }
    Ok(latencies)
}

/// Returns the 99th percentile, in milliseconds.
pub(super) fn p99(sorted: &[Duration]) -> f64 {
    let index = (sorted.len() * 99).div_ceil(100).saturating_sub(1);
    sorted.get(index).map_or(f64::INFINITY, |latency| latency.as_secs_f64() * 1e3)
}
