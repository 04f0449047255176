//! The server over real sockets, with short limits.

use std::time::{Duration, Instant};

use poem::{EndpointExt, Response, endpoint::make};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
    task::JoinHandle,
};

use super::*;
use crate::middleware::BodyLimit;

const GET: &str = "GET / HTTP/1.1\r\nhost: a.test\r\n\r\n";

struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

fn short() -> ServerLimits {
    ServerLimits {
        max_connections: 64,
        header_timeout: Duration::from_millis(200),
        write_timeout: Duration::from_millis(200),
        ..ServerLimits::new(Duration::from_millis(300), &TrustedProxies::default())
    }
}

async fn start(limits: ServerLimits, endpoint: impl Endpoint + 'static) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(serve(listener, endpoint, limits, async {
        let _ = stopped.await;
    }));
    Running { address, stop: Some(stop), task }
}

async fn hello(limits: ServerLimits) -> Running {
    start(limits, make(|_| async { Ok::<_, poem::Error>("hello") })).await
}

/// Takes as long as the query says, in milliseconds.
async fn slow(limits: ServerLimits) -> Running {
    let endpoint = make(|request: Request| async move {
        let millis = request.uri().query().unwrap().parse().unwrap();
        sleep(Duration::from_millis(millis)).await;
        Ok::<_, poem::Error>("done")
    });
    start(limits, endpoint).await
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    fn order_to_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Stops and tells how long that took.
    async fn stop(mut self) -> Duration {
        let started = Instant::now();
        self.order_to_stop();
        self.task.await.unwrap();
        started.elapsed()
    }
}

async fn read_all(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(Duration::from_secs(3), stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the connection stays open");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn requests_on_one_connection_are_answered_without_a_server_header() {
    let server = hello(short()).await;

    let answers = read_all(&mut server.send(&format!("{GET}{GET}")).await).await;

    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
    assert!(answers.ends_with("hello"));
    assert!(!answers.to_lowercase().contains("server:"));
}

/// RES-02.
#[tokio::test]
async fn silent_and_slow_clients_are_hung_up_on() {
    let server = hello(short()).await;
    let started = Instant::now();
    let mut silent = server.connect().await;
    let mut half = server.send("GET / HTTP/1.1\r\nhos").await;
    let mut drip = server.connect().await;
    let dripping = tokio::spawn(async move {
        while drip.write_all(b"G").await.is_ok() {
            sleep(Duration::from_millis(20)).await;
        }
    });

    read_all(&mut silent).await;
    read_all(&mut half).await;
    timeout(Duration::from_secs(2), dripping).await.unwrap().unwrap();

    assert!(started.elapsed() < Duration::from_secs(2));
}

/// INP-08.
#[tokio::test]
async fn headers_that_are_too_large_or_malformed_are_refused() {
    let server = hello(short()).await;
    let large = format!("GET / HTTP/1.1\r\nhost: a.test\r\ncookie: {}\r\n\r\n", "a".repeat(20_000));

    let answer = read_all(&mut server.send(&large).await).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");

    for malformed in [
        "GET / HTTP/1.1\r\nhost : a.test\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a.test\r\n folded: b\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a.test\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nhost: a.test\r\ntransfer-encoding: nonsense\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = read_all(&mut server.send(malformed).await).await;
        assert!(!answer.contains(" 200 "), "{malformed:?}: {answer}");
    }
}

/// RES-03, INP-02.
#[tokio::test]
async fn a_client_is_told_that_its_body_is_refused_while_it_still_sends() {
    let echo = make(|_| async { Ok::<_, poem::Error>("read") });
    let limit = BodyLimit::new(bytesize::ByteSize::kib(64), Duration::from_millis(100));
    let server = start(short(), echo.map_to_response().with(limit)).await;
    let head = "POST / HTTP/1.1\r\nhost: a.test\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut stream = server.send(head).await;
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..64 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }

    let refused = read_all(&mut stream).await;
    assert!(refused.starts_with("HTTP/1.1 413"), "{refused}");

    let head = "POST / HTTP/1.1\r\nhost: a.test\r\ncontent-length: 9\r\n\r\nabc";
    let stalled = read_all(&mut server.send(head).await).await;
    assert!(stalled.starts_with("HTTP/1.1 408"), "{stalled}");
}

/// RES-03.
#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_hung_up_on() {
    let page = make(|_| async {
        Ok::<_, poem::Error>(Response::builder().body(vec![b'x'; 64 * 1024 * 1024]))
    });
    let server = start(short(), page).await;
    let mut stream = server.send(GET).await;

    sleep(Duration::from_millis(800)).await;

    let mut bytes = Vec::new();
    let _may_be_reset = stream.read_to_end(&mut bytes).await;
    assert!(bytes.len() < 64 * 1024 * 1024, "{}", bytes.len());
}

/// RES-04.
#[tokio::test]
async fn no_more_connections_are_served_than_there_may_be() {
    let limits = ServerLimits { max_connections: 1, ..short() };
    let server = hello(limits).await;
    let mut first = server.connect().await;
    sleep(Duration::from_millis(50)).await;

    let mut second = server.send(GET).await;
    let waiting = timeout(Duration::from_millis(50), second.readable()).await;
    assert!(waiting.is_err(), "answered beside the first");

    read_all(&mut first).await;
    assert!(read_all(&mut second).await.contains("hello"));
}

/// RES-02, RES-04.
#[tokio::test]
async fn one_peer_cannot_hold_every_connection() {
    let limits = ServerLimits { max_per_peer: 2, spared: TrustedProxies::default(), ..short() };
    let server = hello(limits).await;
    let mut held = [server.connect().await, server.connect().await];
    sleep(Duration::from_millis(50)).await;

    let turned_away = read_all(&mut server.connect().await).await;
    let other = std::net::SocketAddr::from(([127, 0, 0, 2], 0));
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(other).unwrap();
    let mut other = socket.connect(server.address).await.unwrap();
    other.write_all(GET.as_bytes()).await.unwrap();

    assert_eq!(turned_away, "");
    assert!(read_all(&mut other).await.contains("hello"));
    for stream in &mut held {
        read_all(stream).await;
    }
    assert!(read_all(&mut server.send(GET).await).await.contains("hello"));
}

/// RES-04: a proxy, and whatever runs on this machine, stands for many.
#[tokio::test]
async fn a_proxy_and_this_machine_hold_as_many_connections_as_there_are() {
    let limits = ServerLimits { max_per_peer: 1, ..short() };
    let proxies = TrustedProxies::parse("192.0.2.0/24").unwrap();
    assert!(ServerLimits::new(Duration::ZERO, &proxies).spared.contains([192, 0, 2, 7].into()));
    let server = hello(limits).await;
    let _held = [server.connect().await, server.connect().await];

    assert!(read_all(&mut server.send(GET).await).await.contains("hello"));
}

/// CRA-04.
#[tokio::test]
async fn stopping_lets_requests_finish_and_half_open_connections_go() {
    let mut server = slow(short()).await;
    let mut asking = server.send("GET /?150 HTTP/1.1\r\nhost: a.test\r\n\r\n").await;
    let _silent = server.connect().await;
    let _half = server.send("GET / HT").await;
    sleep(Duration::from_millis(50)).await;

    server.order_to_stop();
    let answer = read_all(&mut asking).await;
    timeout(Duration::from_secs(1), server.task).await.unwrap().unwrap();

    assert!(answer.contains("connection: close") && answer.ends_with("done"), "{answer}");
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn stopping_does_not_wait_longer_than_the_grace() {
    let server = slow(short()).await;
    let mut asking = server.send("GET /?60000 HTTP/1.1\r\nhost: a.test\r\n\r\n").await;
    sleep(Duration::from_millis(50)).await;

    let took = server.stop().await;

    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!(read_all(&mut asking).await, "");
}

#[tokio::test]
async fn idle_connections_do_not_keep_a_server_from_stopping() {
    let limits = ServerLimits { header_timeout: Duration::from_mins(1), ..short() };
    let server = hello(ServerLimits { shutdown_grace: Duration::from_mins(1), ..limits }).await;
    let idle = server.send(GET).await;
    idle.readable().await.unwrap();
    let _silent = server.connect().await;

    let took = server.stop().await;

    assert!(took < Duration::from_secs(1), "{took:?}");
}
