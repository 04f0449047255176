//! SIGTERM: who was being served is served, who comes is not, and the end comes within
//! the grace.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use tests::{Browser, ServerProcess, Transport, support::database::Database};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::sleep,
};

use crate::fault_steps::{PATIENCE, form_again, signing_up, sqlite_url, unused_address};

const GRACE: Duration = Duration::from_secs(4);

async fn start(url: &str) -> ServerProcess {
    let mail = format!("smtp://{}", unused_address());
    let environment = [
        ("LATCHKEY__DATABASE__URL", url),
        ("LATCHKEY__MAIL__URL", &*mail),
        ("LATCHKEY__SERVER__SHUTDOWN_GRACE", "4s"),
    ];
    ServerProcess::start(&environment).await
}

async fn wait_until_nothing_listens(server: &ServerProcess) {
    let asked_at = Instant::now();
    while TcpStream::connect(server.address()).await.is_ok() {
        assert!(asked_at.elapsed() < PATIENCE, "{}", server.log());
        sleep(Duration::from_millis(2)).await;
    }
}

async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _may_be_reset = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// A sign-up that has sent all but the end of its body; and that end.
async fn half_sent(server: &ServerProcess, browser: &Browser, email: &str) -> (TcpStream, String) {
    let token = browser.csrf_token();
    let body = format!("email={email}&name=Mia&password=a+goose+on+the+loose&csrf_token={token}");
    let (address, length) = (server.address(), body.len());
    let cookies = browser.cookies().header("/").expect("the form has a cookie");
    let head = format!(
        "POST /signup HTTP/1.1\r\nHost: {address}\r\nCookie: {cookies}\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    );
    let (first, last) = body.split_at(20);
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
    (stream, last.to_owned())
}

/// CRA-04: beside connections that would never end by themselves.
#[tokio::test]
async fn requests_in_flight_are_finished_and_half_open_connections_are_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start(&sqlite_url(folder.path())).await;
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/signup").await;
    let (mut stream, last) = half_sent(&server, &browser, "mia@example.test").await;
    let _stalled = half_sent(&server, &browser, "zoe@example.test").await;
    let mut half_open = Vec::new();
    for start in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: "] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        half_open.push(stream);
    }
    // The server has to have seen the requests that are to be finished.
    sleep(Duration::from_millis(200)).await;

    server.sigterm();
    let asked_at = Instant::now();
    wait_until_nothing_listens(&server).await;
    sleep(Duration::from_millis(500)).await;
    stream.write_all(last.as_bytes()).await.unwrap();
    let answer = rest(stream).await;

    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    assert_eq!(server.wait().await.code(), Some(0), "{}", server.log());
    assert!(asked_at.elapsed() < GRACE + Duration::from_secs(2), "{:?}", asked_at.elapsed());
    let database = Database::connect(&sqlite_url(folder.path())).await;
    assert_eq!(database.texts("SELECT email FROM users").await, ["mia@example.test"]);
}

/// CRA-04: with nothing in flight the grace is not waited for.
#[tokio::test]
async fn idle_and_half_open_connections_do_not_delay_the_end() {
    let mut server = ServerProcess::start(&[("LATCHKEY__SERVER__SHUTDOWN_GRACE", "25s")]).await;
    let browser = server.browser(Transport::Plain);
    browser.raw("GET", "/livez").send().await;
    let mut half_open = TcpStream::connect(server.address()).await.unwrap();
    half_open.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();

    server.sigterm();
    let asked_at = Instant::now();

    assert_eq!(server.wait().await.code(), Some(0), "{}", server.log());
    assert!(asked_at.elapsed() < Duration::from_secs(5), "{:?}", asked_at.elapsed());
}

/// CRA-04.
#[tokio::test]
async fn under_load_every_request_that_was_served_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start(&sqlite_url(folder.path())).await;
    let mut load = JoinSet::new();
    for client in 0..6 {
        let mut browser = server.browser(Transport::Plain);
        browser.visit("/signup").await;
        let requests: Vec<_> = (0..300)
            .map(|n| {
                let email = format!("mia-{client}-{n}@example.test");
                let form = form_again(&browser, "/signup", &signing_up(&email));
                (email, form.header("connection", "close"))
            })
            .collect();
        load.spawn(async move {
            let mut answered = BTreeSet::new();
            for (email, request) in requests {
                let Ok(answer) = request.try_send().await else { break };
                assert_eq!(answer.status(), 303, "{}", answer.body);
                answered.insert(email);
            }
            answered
        });
    }
    sleep(Duration::from_millis(400)).await;

    server.sigterm();
    assert_eq!(server.wait().await.code(), Some(0), "{}", server.log());

    let answered: BTreeSet<String> = load.join_all().await.into_iter().flatten().collect();
    let database = Database::connect(&sqlite_url(folder.path())).await;
    let kept = database.texts("SELECT email FROM users").await;
    assert!(answered.len() > 10, "only {} requests got through", answered.len());
    assert_eq!(kept.into_iter().collect::<BTreeSet<_>>(), answered);
}

/// CRA-04: asked on connections that were open before, each of which waits for its
/// last line; the server says so for a moment only.
#[tokio::test]
async fn while_it_drains_the_server_is_not_ready() {
    let mut server = ServerProcess::start(&[]).await;
    let mut waiting = Vec::new();
    for _ in 0..150 {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let head = format!("GET /readyz HTTP/1.1\r\nHost: {}\r\n", server.address());
        stream.write_all(format!("{head}Connection: close\r\n").as_bytes()).await.unwrap();
        waiting.push(stream);
    }
    sleep(Duration::from_millis(200)).await;

    server.sigterm();
    let mut answers = Vec::new();
    for mut stream in waiting {
        if stream.write_all(b"\r\n").await.is_ok() {
            answers.push(rest(stream).await);
        }
        sleep(Duration::from_millis(2)).await;
    }

    let is_draining =
        |answer: &String| answer.starts_with("HTTP/1.1 503") && answer.ends_with("draining");
    assert!(answers.iter().any(is_draining), "{answers:?}");
    let first = answers.iter().position(is_draining).unwrap();
    assert!(!answers[first..].iter().any(|answer| answer.starts_with("HTTP/1.1 200")));
    assert_eq!(server.wait().await.code(), Some(0));
}
