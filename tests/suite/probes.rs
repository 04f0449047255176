//! What programs ask: balancers and crawlers. That a draining server is not ready is shown in
//! `shutdown.rs`, and what PostgreSQL being away looks like from a page in
//! `database_faults.rs`.

use reqwest::Method;
use tests::{ServerProcess, TestApp, Transport};
use web::Policy;

use crate::{
    fault_steps::{Operator, promptly, sqlite_url},
    people::status_of,
};

async fn readyz(server: &ServerProcess) -> (u16, String) {
    let browser = server.browser(Transport::Plain);
    let answer = promptly(browser.raw("GET", "/readyz")).await;
    (answer.status(), answer.body)
}

/// SES-14.
#[tokio::test]
async fn being_alive_asks_nothing_and_being_ready_asks_the_database() {
    let app = TestApp::start().await;
    let browser = app.browser(Transport::Plain);
    for path in ["/readyz", "/livez"] {
        let answer = browser.raw("GET", path).send().await;
        let head = browser.raw("HEAD", path).send().await;

        assert_eq!((answer.status(), head.status()), (200, 200), "{path}");
        assert!(answer.cookies().is_empty(), "{path}: {:?}", answer.cookies());
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
    app.accounts().close().await;
    for (path, status) in [("/readyz", 503), ("/livez", 200)] {
        assert_eq!(browser.raw("GET", path).send().await.status(), status, "{path}");
    }
}

/// A probe is answered for every client, under any host or none: balancers speak HTTP/1.0, leave
/// the host out, or name a node or a container.
#[tokio::test]
async fn probes_are_answered_under_any_host_and_none() {
    let app = TestApp::start().await;
    for path in ["/livez", "/readyz"] {
        for (head, expected) in [
            (format!("GET {path} HTTP/1.0\r\n"), 200),
            (format!("HEAD {path} HTTP/1.0\r\n"), 200),
            (format!("GET {path} HTTP/1.1\r\n"), 200),
            (format!("GET {path} HTTP/1.1\r\nHost:\r\n"), 200),
            (format!("GET {path} HTTP/1.1\r\nHost: latchkey_web:8080\r\n"), 200),
            (format!("GET {path} HTTP/1.1\r\nHost: 10.0.0.7:8080\r\n"), 200),
            (format!("GET {path} HTTP/1.1\r\nHost: [fd00::7]:8080\r\n"), 200),
            (format!("GET {path} HTTP/1.1\r\nHost: latchkey.test\r\n"), 200),
            (format!("GET http://latchkey_web:8080{path} HTTP/1.1\r\nHost: latchkey_web\r\n"), 200),
            (format!("GET http://10.0.0.7{path} HTTP/1.0\r\n"), 200),
            (format!("OPTIONS {path} HTTP/1.0\r\n"), 405),
            ("OPTIONS / HTTP/1.0\r\n".to_owned(), 400),
            ("GET / HTTP/1.0\r\n".to_owned(), 400),
            (format!("GET {path} HTTP/1.1\r\nHost: a\r\nHost: a\r\n"), 400),
            (format!("GET {path} HTTP/1.1\r\nHost: a b\r\n"), 400),
        ] {
            let answer = app.exchange(format!("{head}Connection: close\r\n\r\n").as_bytes()).await;
            let text = String::from_utf8_lossy(&answer);
            assert_eq!(status_of(&answer), expected, "{head}: {text}");
        }
    }
}

/// MIG-03.
#[tokio::test]
async fn a_server_whose_schema_is_behind_is_alive_and_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(folder.path());
    let server = ServerProcess::start(&[("LATCHKEY__DATABASE__URL", &url)]).await;
    let xtask = Operator::on(folder.path(), &url);

    xtask.run(&["migrate", "down"]).await.succeeded();
    assert_eq!(readyz(&server).await, (503, "migrations pending".to_owned()));
    let browser = server.browser(Transport::Plain);
    assert_eq!(promptly(browser.raw("GET", "/livez")).await.status(), 200);

    xtask.run(&["migrate"]).await.succeeded();
    assert_eq!(readyz(&server).await, (200, "ready".to_owned()));
}

/// The paths that a published link could lead a crawler to.
#[tokio::test]
async fn crawlers_are_kept_from_every_page_that_is_not_for_everybody() {
    let app = TestApp::start().await;
    let robots = app.browser(Transport::Plain).raw("GET", "/robots.txt").send().await.body.clone();
    let disallowed: Vec<&str> =
        robots.lines().filter_map(|line| line.strip_prefix("Disallow: ")).collect();

    for route in app::app().route_table().iter().filter(|route| route.method == Method::GET) {
        let is_public = matches!(route.policy, Policy::Anyone | Policy::Anonymous);
        let is_private = !is_public || route.path.contains('{');
        let is_disallowed = disallowed.iter().any(|start| route.path.starts_with(start));
        assert!(is_disallowed || !is_private, "{}", route.path);
    }
    assert!(["/", "/login", "/signup"].iter().all(|path| !disallowed.contains(path)));
}
