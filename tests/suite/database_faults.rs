//! A database that is locked or gone: a prompt page that says so, no one logged out by it, and
//! nothing to do once it is back.

use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use tests::{
    Answer, Browser, RawRequest, ServerProcess, Transport,
    support::{database::Database, line::Line, process::Ended},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
    time::{sleep, timeout},
};
use url::Url;

use crate::{
    cast::MIA,
    fault_steps::{
        PASSWORD, PATIENCE, PROMPT, count_of, form_again, one_line, postgres_database,
        postgres_server, promptly, signing_up, sqlite_url, unused_address,
    },
    flows::sign_up,
    people::log_in,
};

/// How long a request waits for the database, and some more.
const DATABASE: Duration = Duration::from_secs(4);

pub(crate) async fn server_with_mia(database: &str) -> (ServerProcess, Browser) {
    let mail = format!("smtp://{}", unused_address());
    let environment = [("LATCHKEY__DATABASE__URL", database), ("LATCHKEY__MAIL__URL", &*mail)];
    let server = ServerProcess::start(&environment).await;
    let mut browser = server.browser(Transport::Plain);
    sign_up(&mut browser, MIA).await;
    (server, browser)
}

/// A page that asks the visitor to come back later and leaves the session alone.
#[track_caller]
pub(crate) fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status(), 503, "{}", answer.body);
    assert!(answer.is_html() && answer.body.contains("<h1"), "{}", answer.body);
    assert!(answer.header("retry-after").is_some(), "{:?}", answer.headers);
    let cookies = answer.cookies();
    assert!(!cookies.iter().any(|cookie| cookie.name == "latchkey-session"), "{cookies:?}");
    for leak in ["SQL", "sqlite", "sqlx", "postgres", "database is locked"] {
        assert!(!answer.body.contains(leak), "{leak}: {}", answer.body);
    }
}

/// A connection of another program to the server's database.
async fn stranger(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.expect("the database is there")
}

/// RES-05, OTG-02.
#[tokio::test]
async fn while_another_process_holds_the_write_lock_writes_are_refused_and_reads_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(folder.path());
    let (server, mut browser) = server_with_mia(&url).await;
    let mut anonymous = server.browser(Transport::Plain);
    anonymous.visit("/signup").await;
    log_in(&mut browser, MIA).await;
    let stranger = stranger(&url).await;
    stranger.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let locked_at = Instant::now();

    // More of them than there are connections, and each a little later.
    let mut writes: JoinSet<_> = (0..40)
        .map(|n| {
            let email = format!("mia{n}@example.test");
            let sign_up = form_again(&anonymous, "/signup", &signing_up(&email));
            async move {
                sleep(Duration::from_millis(100 * n)).await;
                let asked_at = Instant::now();
                (sign_up.send().await, asked_at.elapsed())
            }
        })
        .collect();
    while locked_at.elapsed() < Duration::from_secs(8) {
        let profile = promptly(browser.raw("GET", "/profile")).await;
        assert_eq!(profile.status(), 200, "after {:?}", locked_at.elapsed());
        assert_eq!(promptly(browser.raw("GET", "/readyz")).await.status(), 200);
        sleep(Duration::from_millis(100)).await;
    }
    while let Some(Ok((answer, took))) = writes.try_join_next() {
        assert_unavailable(&answer);
        assert!(took < DATABASE, "{took:?}");
    }
    assert!(writes.is_empty(), "{} writes still wait", writes.len());

    stranger.execute_unprepared("ROLLBACK").await.unwrap();
    let unlocked_at = Instant::now();
    let form = form_again(&anonymous, "/signup", &signing_up("zoe@example.test"));
    assert_eq!(promptly(form).await.status(), 303);
    assert!(unlocked_at.elapsed() < Duration::from_secs(1), "{:?}", unlocked_at.elapsed());
    assert_eq!(Database::connect(&url).await.count("users").await, 2);
}

pub(crate) async fn set_door(server: &Database, name: &str, is_open: bool) {
    server.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {is_open}")).await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname =";
    server.execute(&format!("{cut} '{name}'")).await;
}

/// OTG-02, SES-18, OTG-01.
#[tokio::test]
async fn while_postgresql_is_away_pages_say_so_and_afterwards_everybody_is_still_logged_in() {
    let Some((url, name)) = postgres_database().await else { return };
    let (server, mut browser) = server_with_mia(&url).await;
    log_in(&mut browser, MIA).await;
    let log_out = form_again(&browser, "/logout", &[]);
    let postgres = postgres_server().await;

    set_door(&postgres, &name, false).await;
    // What was read a second ago may be relied on.
    sleep(Duration::from_millis(1_100)).await;
    for path in ["/profile", "/profile", "/admin/users"] {
        let asked_at = Instant::now();
        assert_unavailable(&browser.raw("GET", path).send().await);
        assert!(asked_at.elapsed() < Duration::from_secs(3) + PROMPT, "{:?}", asked_at.elapsed());
    }
    assert_unavailable(&log_out.send().await);
    assert_eq!(browser.raw("GET", "/readyz").send().await.status(), 503);
    assert_eq!(promptly(browser.raw("GET", "/livez")).await.status(), 200);
    let anonymous = server.browser(Transport::Plain);
    assert_eq!(promptly(anonymous.raw("GET", "/login")).await.status(), 200);

    set_door(&postgres, &name, true).await;
    let opened_at = Instant::now();
    while browser.raw("GET", "/readyz").send().await.status() != 200 {
        assert!(opened_at.elapsed() < PATIENCE, "{}", server.log());
    }
    assert!(browser.visit("/profile").await.is_logged_in());
    let log_out = form_again(&browser, "/logout", &[]);
    assert_eq!(promptly(log_out).await.status(), 303);
}

/// A database in PostgreSQL, and the line that leads to it.
async fn postgres_by_line() -> Option<(String, Line)> {
    let (url, _) = postgres_database().await?;
    let mut url: Url = url.parse().unwrap();
    let server = url.socket_addrs(|| Some(5432)).unwrap().remove(0);
    let line = Line::to(server).await;
    url.set_ip_host(line.address().ip()).unwrap();
    url.set_port(Some(line.address().port())).unwrap();
    Some((url.into(), line))
}

/// More requests than there are connections to the database; each is refused in time.
async fn assert_all_unavailable(requests: impl Iterator<Item = RawRequest>) {
    let requests = requests.map(async |request| {
        let asked_at = Instant::now();
        (request.send().await, asked_at.elapsed())
    });
    for (answer, took) in requests.collect::<JoinSet<_>>().join_all().await {
        assert_unavailable(&answer);
        assert!(took < DATABASE, "{took:?}");
    }
}

/// OTG-02: PostgreSQL goes silent without closing a connection, and comes back.
#[tokio::test]
async fn a_database_that_falls_silent_is_given_up_within_seconds_and_found_again() {
    let Some((url, line)) = postgres_by_line().await else { return };
    let (mut server, mut browser) = server_with_mia(&url).await;
    log_in(&mut browser, MIA).await;
    let log_out = form_again(&browser, "/logout", &[]);
    let mut anonymous = server.browser(Transport::Plain);
    anonymous.visit("/login").await;
    let fields = [("email", MIA), ("password", PASSWORD)];

    for is_mended in [true, false] {
        line.cut();
        sleep(Duration::from_millis(1_100)).await;
        // Clients that do not wait keep no connection either.
        for _ in 0..10 {
            let impatient = browser.raw("GET", "/profile").send();
            if let Ok(answer) = timeout(Duration::from_millis(20), impatient).await {
                assert_unavailable(&answer);
            }
        }
        let reads = (0..12).map(|_| browser.raw("GET", "/profile"));
        let writes = (0..4).map(|_| form_again(&anonymous, "/login", &fields));
        assert_all_unavailable(reads.chain(writes).chain([log_out.clone()])).await;
        assert_eq!(browser.raw("GET", "/readyz").send().await.status(), 503);
        if !is_mended {
            break;
        }

        line.mend();
        let mended_at = Instant::now();
        while browser.raw("GET", "/readyz").send().await.status() != 200 {
            assert!(mended_at.elapsed() < Duration::from_secs(5), "{}", server.log());
        }
        let load: JoinSet<_> = (0..20).map(|_| browser.raw("GET", "/profile").send()).collect();
        assert_eq!(count_of(&load.join_all().await, 200), 20);
    }

    // Nor does it keep the server from stopping.
    server.sigterm();
    let stopped_at = Instant::now();
    assert_eq!(server.wait().await.code(), Some(0), "{}", server.log());
    assert!(stopped_at.elapsed() < Duration::from_secs(15), "{:?}", stopped_at.elapsed());
}

/// OTG-02: connections that died unnoticed cost no visitor a page once PostgreSQL is back.
#[tokio::test]
async fn a_restart_of_postgresql_is_over_as_soon_as_it_is_back() {
    let Some((url, name)) = postgres_database().await else { return };
    let (server, mut browser) = server_with_mia(&url).await;
    log_in(&mut browser, MIA).await;
    let load: JoinSet<_> = (0..10).map(|_| browser.raw("GET", "/admin/users").send()).collect();
    load.join_all().await;

    set_door(&postgres_server().await, &name, true).await;

    let cut_at = Instant::now();
    while browser.raw("GET", "/readyz").send().await.status() != 200 {
        assert!(cut_at.elapsed() < Duration::from_secs(5), "{}", server.log());
    }
    assert!(browser.visit("/profile").await.is_logged_in());
}

/// The one line beside the log.
#[track_caller]
fn refusal(ended: &Ended) -> String {
    let said: Vec<_> = ended.stderr.lines().filter(|line| !line.starts_with('{')).collect();
    one_line(&said.join("\n"))
}

/// OTG-01, LGG-01, LGG-06: at once, by the class of the cause, and without a secret.
#[tokio::test]
async fn without_its_database_the_server_does_not_start_and_says_why() {
    let nowhere = unused_address();
    let mut causes = vec![
        (
            format!("postgres://latchkey:s3cret-canary@{nowhere}/latchkey"),
            "the connection is refused",
        ),
        (
            "postgres://latchkey:s3cret-canary@nowhere.invalid/latchkey".to_owned(),
            "the name of the host is unknown",
        ),
        ("sqlite:///proc/nowhere/latchkey.db?mode=rwc".to_owned(), "the file cannot be opened"),
    ];
    if let Some((url, name)) = postgres_database().await {
        let server = url.replace(&name, "s3cret_canary");
        causes.push((format!("{server}?sslmode=disable"), "no database of that name"));
        causes.push((format!("{server}?sslmode=require"), "TLS failed"));
    }
    for (url, cause) in causes {
        let asked_at = Instant::now();
        let ended = ServerProcess::refuse(&[("LATCHKEY__DATABASE__URL", &*url)]).await;

        assert_eq!(ended.code, Some(1), "{ended:?}");
        let line = refusal(&ended);
        assert!(line.contains("cannot open the database") && line.contains(cause), "{line}");
        assert!(!ended.stderr.contains("s3cret-canary"), "{ended:?}");
        assert!(!ended.stdout.contains("listening"), "{ended:?}");
        assert!(asked_at.elapsed() < Duration::from_secs(3), "{:?}: {line}", asked_at.elapsed());
    }
}

/// LGG-06: what a server says is not passed on, and a wrong password is told as that.
#[tokio::test]
async fn a_refused_log_in_to_postgresql_is_told_without_what_the_server_says() {
    for (code, told) in [
        ("28P01", "the authentication failed"),
        ("28000", "the authentication failed"),
        ("53300", "no further connection"),
        ("XX000", "SQLSTATE XX000"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let door = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            let _startup = client.read(&mut [0; 1_024]).await.unwrap();
            let body = format!("SFATAL\0VFATAL\0C{code}\0Mof s3cret-canary\0\0");
            let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
            let message = [b"E", &length[..], body.as_bytes()].concat();
            client.write_all(&message).await.unwrap();
        });
        let url = format!("postgres://latchkey:s3cret-canary@{door}/n?sslmode=disable");

        let ended = ServerProcess::refuse(&[("LATCHKEY__DATABASE__URL", &*url)]).await;

        server.await.unwrap();
        let line = refusal(&ended);
        assert!(line.contains(told), "{line}");
        assert!(!ended.stderr.contains("canary"), "{ended:?}");
    }
}
