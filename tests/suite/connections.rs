//! Slow, silent and numerous clients: each is disconnected in bounded time, and no other client
//! notices. Slow readers are tested in `hypermedia::server`, where the limit can be shortened.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tests::{ServerProcess, TestApp, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::fault_steps::{at_once, promptly};

/// Longer than the time limit for headers.
const HEADERS: Duration = Duration::from_secs(12);
/// Longer than the time limit for bodies on this test's server.
const BODY: Duration = Duration::from_secs(6);
const HEAD: &str = "GET /login HTTP/1.1\r\nHost: latchkey.test\r\nX-Slow: ";
const POST: &str = "POST /login HTTP/1.1\r\nHost: latchkey.test\r\nContent-Length: 1000\r\n\
    Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=";

async fn start() -> TestApp {
    TestApp::with(|settings| settings.server.request_timeout = Duration::from_secs(3)).await
}

/// Sends `start`, then `drop` repeatedly, until the server closes the connection. Returns the
/// answer.
async fn drip(app: &TestApp, start: &str, drop: &str, limit: Duration) -> String {
    let stream = TcpStream::connect(app.address()).await.unwrap();
    let (mut input, mut output) = stream.into_split();
    output.write_all(start.as_bytes()).await.unwrap();
    let dripping = async {
        loop {
            sleep(Duration::from_millis(250)).await;
            if !drop.is_empty() && output.write_all(drop.as_bytes()).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut answer = Vec::new();
    tokio::select! {
        () = dripping => unreachable!("it never ends"),
        read = timeout(limit, input.read_to_end(&mut answer)) => {
            let _may_be_reset = read.unwrap_or_else(|_| panic!("still open: {start:?} {drop:?}"));
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// RES-02, RES-03, CRA-03.
#[tokio::test]
async fn slow_clients_are_cut_off_and_hold_up_no_other() {
    let app = Arc::new(start().await);
    let slow = [
        ("", "", HEADERS),
        ("GE", "", HEADERS),
        (HEAD, "", HEADERS),
        (HEAD, "x", HEADERS),
        (POST, "", BODY),
        (POST, "x", BODY),
    ];
    let clients = at_once(slow.map(|(start, drop, limit)| {
        let app = Arc::clone(&app);
        async move { drip(&app, start, drop, limit).await }
    }));
    let browser = app.browser(Transport::Plain);
    let others = async {
        loop {
            assert_eq!(promptly(browser.raw("GET", "/login")).await.status(), 200);
            sleep(Duration::from_millis(100)).await;
        }
    };

    let answers = tokio::select! {
        answers = clients => answers,
        () = others => unreachable!("it never ends"),
    };

    let told = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 408")).count();
    assert!(told >= 2, "{answers:?}");
    assert!(!answers.iter().any(|answer| answer.starts_with("HTTP/1.1 200")), "{answers:?}");
}

/// CRA-03: a client that has closed its sending side still gets its answer.
#[tokio::test]
async fn a_client_that_closed_its_half_is_answered_and_then_let_go() {
    let app = start().await;
    for (sent, expected) in [
        ("GET /livez HTTP/1.1\r\nHost: latchkey.test\r\n\r\n", "HTTP/1.1 200"),
        ("", ""),
        (HEAD, ""),
    ] {
        let mut stream = TcpStream::connect(app.address()).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        let read = timeout(Duration::from_secs(5), stream.read_to_string(&mut answer)).await;

        read.expect("the server hangs up").expect("it does so in order");
        assert!(answer.starts_with(expected), "{sent:?}: {answer}");
    }
}

/// Opens `count` connections that send nothing.
async fn open(server: &ServerProcess, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        streams.push(TcpStream::connect(server.address()).await.unwrap());
    }
    streams
}

/// Returns the number of connections that the server has closed.
fn closed(streams: &[TcpStream]) -> usize {
    let mut byte = [0];
    streams.iter().filter(|stream| matches!(stream.try_read(&mut byte), Ok(0))).count()
}

/// RES-02, RES-04.
#[tokio::test]
async fn three_hundred_idle_connections_hold_up_no_other_and_are_closed() {
    let server = ServerProcess::start(&[]).await;
    let idle = open(&server, 300).await;
    let opened_at = Instant::now();
    let browser = server.browser(Transport::Plain);

    while closed(&idle) < idle.len() {
        assert_eq!(promptly(browser.raw("GET", "/login")).await.status(), 200);
        assert!(opened_at.elapsed() < HEADERS, "{} of 300 closed", closed(&idle));
        sleep(Duration::from_millis(250)).await;
    }
}

/// RES-10: an event that a stranger can cause repeatedly is logged once a second, however many
/// connections there are.
#[tokio::test]
async fn connections_without_descriptors_are_told_of_once_a_second() {
    let server = ServerProcess::start(&[]).await;
    server.limit_descriptors(48);
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(4) {
        // The server closes some, so that others get through in between.
        let idle = open(&server, 60).await;
        sleep(Duration::from_millis(200)).await;
        drop(idle);
        sleep(Duration::from_millis(50)).await;
    }

    let log = server.log();
    let told = log.lines().filter(|line| line.contains("no connection can be accepted")).count();
    let seconds = usize::try_from(started.elapsed().as_secs()).unwrap();
    assert!((1..=seconds + 1).contains(&told), "{told} lines in {seconds} s: {log}");
    assert!(log.contains("left_out"), "{log}");
}

/// RES-04: a visitor who waits at the connection limit is served when idle clients are gone.
#[tokio::test]
async fn beyond_the_cap_connections_wait_and_the_server_lives() {
    let server = ServerProcess::start(&[]).await;
    let _idle = open(&server, 1_100).await;
    let browser = server.browser(Transport::Plain);

    let early = timeout(Duration::from_secs(1), browser.raw("GET", "/livez").send()).await;
    assert!(early.is_err(), "there is no cap");
    let late = timeout(HEADERS, browser.raw("GET", "/livez").send()).await;

    assert_eq!(late.expect("idle clients are gone").status(), 200);
}
