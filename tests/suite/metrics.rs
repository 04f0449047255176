//! What the operator's monitoring reads: where it is, what is in it, what it costs, and
//! what can never be in it.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, written as such")]

use std::{fs, net::SocketAddr, path::Path, time::Duration};

use reqwest::Method;
use tests::{Backend, TestApp, Transport};
use tokio::time::timeout;

use crate::{
    fault_steps::{Operator, one_line, unused_address},
    people::{self, MIA},
};

/// What no series may hold: it came from a visitor.
const CANARY: &str = "canary";

async fn app_on(backend: Backend) -> TestApp {
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    TestApp::on(backend, |settings| settings.metrics.listen = Some(anywhere)).await
}

async fn ask(app: &TestApp, method: Method, path: &str) -> (u16, String) {
    let address = app.metrics_address().expect("the metrics are served");
    let client = reqwest::Client::new();
    let answer = client.request(method, format!("http://{address}{path}")).send();
    let answer = timeout(Duration::from_secs(5), answer).await.expect("it is prompt").unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn read(app: &TestApp) -> String {
    let (status, body) = ask(app, Method::GET, "/metrics").await;
    assert_eq!(status, 200, "{body}");
    body
}

/// The value of the series with this name and these labels.
#[track_caller]
fn value(body: &str, series: &str) -> f64 {
    let found = body.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("{series} in {body}"));
    found.parse().expect("a number")
}

/// OBS-01.
#[tokio::test]
async fn the_public_address_never_serves_metrics() {
    for with_metrics in [false, true] {
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let app = TestApp::with(|settings| {
            settings.metrics.listen = with_metrics.then_some(anywhere);
        })
        .await;
        assert_eq!(app.metrics_address().is_some(), with_metrics);
        let answer = app.browser(Transport::Plain).raw("GET", "/metrics").send().await;
        assert_eq!(answer.status(), 404);
        assert!(!answer.body.contains("latchkey_"), "{}", answer.body);
    }
}

#[tokio::test]
async fn the_address_of_the_metrics_serves_nothing_else() {
    let app = app_on(Backend::Sqlite).await;

    for path in ["/", "/login", "/livez", "/metrics/", "/metrics/x"] {
        assert_eq!(ask(&app, Method::GET, path).await.0, 404, "{path}");
    }
    assert_eq!(ask(&app, Method::POST, "/metrics").await.0, 405);
}

#[tokio::test]
async fn what_happens_is_counted() {
    let app = app_on(Backend::Sqlite).await;
    people::sign_up(&app, MIA).await;
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/profile").await;
    let mut stranger = app.browser(Transport::Plain);
    stranger.visit("/login").await;
    let wrong = [("email", MIA), ("password", "a wrong password")];
    crate::fault_steps::form_again(&stranger, "/login", &wrong).send().await;

    let body = read(&app).await;

    let requests = "latchkey_http_request_duration_seconds_count";
    assert_eq!(value(&body, "latchkey_log_ins_total{outcome=\"logged_in\"}"), 1.0);
    assert_eq!(value(&body, "latchkey_log_ins_total{outcome=\"refused\"}"), 1.0);
    assert_eq!(value(&body, "latchkey_log_ins_total{outcome=\"throttled\"}"), 0.0);
    let profile = format!("{requests}{{method=\"GET\",route=\"/profile\",status=\"2xx\"}}");
    assert!(value(&body, &profile) >= 1.0, "{body}");
    let refused = format!("{requests}{{method=\"POST\",route=\"/login\",status=\"4xx\"}}");
    assert_eq!(value(&body, &refused), 1.0);
    assert!(value(&body, "latchkey_password_hashing_runs_total") >= 2.0);
    assert_eq!(value(&body, "latchkey_database_up"), 1.0);
    let mails = "latchkey_mails_total{kind=\"invitation\",outcome=\"sent\"}";
    assert_eq!(value(&body, mails), 0.0);
    let build = format!("latchkey_build_info{{version=\"{}\"}}", app::BRAND.version);
    assert_eq!(value(&body, &build), 1.0);
}

#[tokio::test]
async fn a_sweep_and_the_mails_that_wait_are_told() {
    let app = app_on(Backend::Sqlite).await;
    let before = read(&app).await;
    assert!(!before.contains("latchkey_sweep_last_end_timestamp_seconds "), "{before}");

    app.accounts().operations().sweep().await.unwrap();

    let body = read(&app).await;
    assert_eq!(value(&body, "latchkey_sweeps_total"), 1.0);
    assert_eq!(value(&body, "latchkey_sweep_failures_total"), 0.0);
    assert_eq!(value(&body, "latchkey_sweep_last_end_timestamp_seconds"), 1_800_000_000.0);
    assert_eq!(value(&body, "latchkey_outbox_waiting"), 0.0);
}

/// OBS-02: labels are routes, methods, classes and outcomes of ours.
#[tokio::test]
async fn nothing_that_a_visitor_sends_is_in_a_series() {
    let app = app_on(Backend::Sqlite).await;
    let browser = app.browser(Transport::Plain);
    for (method, path) in [
        ("GET", "/reset-password/canary?canary=canary"),
        ("GET", "/canary/canary"),
        ("CANARY", "/login"),
    ] {
        browser.raw(method, path).header("user-agent", CANARY).send().await;
    }
    people::sign_up(&app, "canary@example.test").await;
    people::logged_in(&app, Transport::Plain, "canary@example.test").await;

    let body = read(&app).await;

    assert!(!body.to_lowercase().contains(CANARY), "{body}");
    let requests = "latchkey_http_request_duration_seconds_count";
    let reset = format!("{requests}{{method=\"GET\",route=\"/reset-password/:token\",status=");
    assert!(body.contains(&reset), "{body}");
    assert!(body.contains(&format!("{requests}{{method=\"OTHER\",")), "{body}");
}

/// However often it is read, the database is asked once in ten seconds.
#[tokio::test]
async fn reading_takes_one_statement_and_then_none_for_a_while() {
    for backend in Backend::available() {
        let app = app_on(backend).await;
        let mut costs = Vec::new();
        for _ in 0..6 {
            let before = app.accounts().operations().statement_count();
            read(&app).await;
            costs.push(app.accounts().operations().statement_count() - before);
        }
        // The worker of the outbox looks for mails once a second, beside the readings.
        assert!(costs.iter().sum::<u64>() <= 4, "{backend:?}: {costs:?}");
        assert_eq!(costs.iter().min(), Some(&0), "{backend:?}: {costs:?}");
    }
}

#[tokio::test]
async fn without_a_database_the_rest_is_told_in_time() {
    let app = app_on(Backend::Sqlite).await;
    app.accounts().close().await;

    let body = read(&app).await;

    assert_eq!(value(&body, "latchkey_database_up"), 0.0);
    assert!(!body.contains("latchkey_outbox_waiting"), "{body}");
    assert!(body.ends_with("# EOF\n"), "{body}");
}

/// The table in the documents names every series that there is, and no other.
#[tokio::test]
async fn every_series_is_in_the_documents() {
    let app = app_on(Backend::Sqlite).await;
    app.accounts().operations().sweep().await.unwrap();
    app.browser(Transport::Plain).visit("/login").await;
    let body = read(&app).await;
    let types = body.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let mut series: Vec<String> = types
        .map(|line| match line.split_once(' ').unwrap() {
            (name, "counter") => format!("{name}_total"),
            (name, "info") => format!("{name}_info"),
            (name, _) => name.to_owned(),
        })
        .collect();
    series.sort();

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let text = fs::read_to_string(file).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `latchkey_"));
    let mut listed: Vec<String> =
        rows.map(|row| format!("latchkey_{}", row.split(['`', '{']).next().unwrap())).collect();
    listed.sort();

    assert!(series.len() > 20, "{series:?}");
    assert_eq!(series, listed);
}

#[tokio::test]
async fn metrics_where_the_site_is_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let address = unused_address();
    let server = Operator::bare(folder.path())
        .with("LATCHKEY__SERVER__LISTEN", &address)
        .with("LATCHKEY__METRICS__LISTEN", &address);

    let refusal = server.server().await.failed_with(2);

    assert!(
        refusal.starts_with("metrics.listen ") && refusal.contains("another port"),
        "{refusal}"
    );
}

#[tokio::test]
async fn every_program_tells_its_version_and_so_does_the_first_line_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let calls = Operator::bare(folder.path());
    for (program, done) in [
        ("latchkey", calls.run(&["--version"]).await),
        ("xtask", calls.run_xtask(&["--version"]).await),
    ] {
        assert_eq!(one_line(&done.succeeded()), format!("{program} {}", app::BRAND.version));
    }

    let server = tests::ServerProcess::start(&[]).await;
    let first = server.log().lines().next().unwrap().to_owned();
    assert!(first.contains("\"starting\"") && first.contains(app::BRAND.version), "{first}");
}
