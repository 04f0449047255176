//! The accept loop: connections in, requests to a Poem endpoint, answers out.
//!
//! HTTP/1.1 only; HTTP/2 and TLS are the proxy's. Everything that a client could hold has a
//! limit: connections in all and per peer, time and size of headers, idle connections, the
//! pace of reading. (Those of bodies are in `middleware`.) Running out of file descriptors
//! makes the loop wait, not spin, and stopping has a deadline.
//!
//! Threats: slow headers, slow readers, too many connections, half-open connections
//! that keep a server from stopping (RES-02, RES-03, RES-04, CRA-04).

mod peer_limit;
mod write_timeout;

use std::{
    convert::Infallible,
    future::pending,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use auth::Seldom;
use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::{Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::{
    Addr, Endpoint, IntoResponse, Request,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};

use crate::settings::TrustedProxies;

use peer_limit::{PeerLimits, PeerPermit};
use write_timeout::WriteTimeout;

/// Pause after the system refused a connection, as it does without free descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long a connection that never asked for anything outlives the order to stop.
const SILENT_GRACE: Duration = Duration::from_millis(250);

/// Size of the buffers of a connection.
const BUFFER_BYTES: usize = 64 * 1024;

/// Lines that clients can cause by the number of their connections.
static NOT_ACCEPTED: Seldom = Seldom::new();
static PANICKED: Seldom = Seldom::new();

/// The limits of connections.
#[derive(Clone, Debug)]
pub struct ServerLimits {
    /// Most connections at once; others wait in the system's queue.
    pub max_connections: usize,
    /// Most connections of one peer; further ones are closed.
    pub max_per_peer: usize,
    /// Peers that may hold more than that: each stands for many clients.
    pub spared: TrustedProxies,
    /// Longest time for the headers of a request, and for the pause before it.
    pub header_timeout: Duration,
    /// Most bytes of a request's first line and headers; beyond it, 431.
    pub header_bytes: usize,
    /// Longest time in which a client may take less than 64 KiB of an answer.
    pub write_timeout: Duration,
    /// How long requests in flight may go on after the order to stop.
    pub shutdown_grace: Duration,
}

impl ServerLimits {
    /// The limits of a server, with the settings of the operator. A peer on this machine counts as
    /// a proxy, listed among `proxies` or not.
    pub fn new(shutdown_grace: Duration, proxies: &TrustedProxies) -> Self {
        Self {
            max_connections: 1024,
            max_per_peer: 128,
            spared: proxies.with_loopback(),
            header_timeout: Duration::from_secs(10),
            header_bytes: 16 * 1024,
            write_timeout: Duration::from_secs(20),
            shutdown_grace,
        }
    }

    /// The limits where only the operator's programs ask.
    pub fn for_operators() -> Self {
        let limits = Self::new(Duration::ZERO, &TrustedProxies::default());
        Self { max_connections: 16, max_per_peer: 16, ..limits }
    }
}

/// Serves until `shutdown` is done and the requests in flight are too, or their grace
/// has passed.
pub async fn serve<E: Endpoint + 'static>(
    listener: TcpListener,
    endpoint: E,
    limits: ServerLimits,
    shutdown: impl Future<Output = ()>,
) {
    let mut acceptor = Acceptor::new(listener, &limits);
    let shutdown_grace = limits.shutdown_grace;
    let server = Arc::new(Server::new(endpoint, limits));
    let mut connections = JoinSet::new();
    let (stop, stopping) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => note(&ended),
            accepted = acceptor.accept() => {
                connections.spawn(Arc::clone(&server).connection(accepted, stopping.clone()));
            }
        }
    }
    drop((acceptor, stop));
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            note(&ended);
        }
    };
    if timeout(shutdown_grace, all_ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "cut off what did not end in time");
        connections.shutdown().await;
    }
}

fn note(ended: &Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
        && let Some(left_out) = PANICKED.due()
    {
        tracing::error!(left_out, "a connection panicked");
    }
}

/// A connection, and its share of the connections that there may be.
struct Accepted {
    stream: TcpStream,
    peer: SocketAddr,
    _permit: OwnedSemaphorePermit,
    _share: PeerPermit,
}

struct Acceptor {
    listener: TcpListener,
    permits: Arc<Semaphore>,
    peer_limits: PeerLimits,
}

impl Acceptor {
    fn new(listener: TcpListener, limits: &ServerLimits) -> Self {
        Self {
            listener,
            permits: Arc::new(Semaphore::new(limits.max_connections)),
            peer_limits: PeerLimits::new(limits.max_per_peer, limits.spared.clone()),
        }
    }

    /// The next connection. Dropped halfway, it loses none.
    async fn accept(&mut self) -> Accepted {
        loop {
            let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
                // The semaphore is never closed.
                pending::<()>().await;
                continue;
            };
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    if let Some(peer_limit) = self.peer_limits.take(peer.ip()) {
                        return Accepted { stream, peer, _permit: permit, _share: peer_limit };
                    }
                    tracing::debug!("a peer asks for too many connections");
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    if let Some(left_out) = NOT_ACCEPTED.due() {
                        tracing::error!(%error, left_out, "no connection can be accepted");
                    }
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

/// Whether only the connection that was to be accepted is lost.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

struct Server<E> {
    endpoint: E,
    http: http1::Builder,
    limits: ServerLimits,
}

impl<E: Endpoint + 'static> Server<E> {
    fn new(endpoint: E, limits: ServerLimits) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .max_header_size(limits.header_bytes)
            .max_buf_size(BUFFER_BYTES);
        Self { endpoint, http, limits }
    }

    /// Serves one connection until it ends, or until `stopping` and its present request are done.
    async fn connection(self: Arc<Self>, accepted: Accepted, mut stopping: watch::Receiver<()>) {
        let Accepted { stream, peer, _permit, _share } = accepted;
        // A socket that refuses this has been closed by the client.
        let _ = stream.set_nodelay(true);
        let local = stream.local_addr().map_or_else(|_| LocalAddr::default(), of_socket);
        let has_asked = AtomicBool::new(false);
        let service = service_fn(|request| {
            has_asked.store(true, Ordering::Relaxed);
            self.respond(request, local.clone(), peer)
        });
        let stream = TokioIo::new(WriteTimeout::new(stream, self.limits.write_timeout));
        let mut connection = pin!(self.http.serve_connection(stream, service));
        tokio::select! {
            ended = connection.as_mut() => return trace(ended),
            _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
        }
        match timeout(SILENT_GRACE, connection.as_mut()).await {
            Ok(ended) => trace(ended),
            Err(_) if has_asked.load(Ordering::Relaxed) => trace(connection.await),
            Err(_) => {}
        }
    }

    async fn respond(
        &self,
        request: hyper::Request<Incoming>,
        local: LocalAddr,
        peer: SocketAddr,
    ) -> Result<Response<BoxBody<Bytes, io::Error>>, Infallible> {
        let remote = RemoteAddr(Addr::SocketAddr(peer));
        let request = Request::from((request, local, remote, Scheme::HTTP));
        let answer = self.endpoint.call(request).await;
        let response = answer.map(IntoResponse::into_response);
        Ok(response.unwrap_or_else(poem::Error::into_response).into())
    }
}

fn of_socket(address: SocketAddr) -> LocalAddr {
    LocalAddr(Addr::SocketAddr(address))
}

fn trace(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

#[cfg(test)]
mod tests;
