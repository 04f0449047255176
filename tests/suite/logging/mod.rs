//! What the log of the real server holds, and what it must not: at the level of
//! every detail, through every flow.

#![expect(clippy::panic, reason = "an expectation that does not hold is a failed test")]

mod canaries;
mod journeys;
mod protection;

use std::collections::BTreeSet;

use serde_json::Value;
use tests::{
    Mailbox, ServerProcess, Transport,
    support::{
        database::Database,
        search::{Haystack, assert_kept_out},
    },
};

use self::canaries::{EMAIL, NAME, WRONG, is_of_worker, live, live_without_tables, start};
use crate::fault_steps::{Operator, form, sqlite_url};

/// The lines of the log, each of which is one JSON object.
fn lines(log: &str) -> Vec<Value> {
    let lines = log.lines().filter(|line| !line.starts_with("listening on"));
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    lines.map(parse).collect()
}

/// LGG-01, LGG-02, LGG-04.
#[tokio::test]
async fn no_secret_and_no_address_reaches_the_log_at_any_level() {
    let mailbox = Mailbox::start().await;
    let mut server = start(&mailbox, "trace").await;
    let mut secrets = live(&server, &mailbox).await;
    journeys::travel(&server, &mailbox, &mut secrets).await;
    let failed = live_without_tables(&server, &mut secrets).await;
    let browser = server.browser(Transport::Plain);
    for path in
        ["/canary-path-4711", "/login?next=/canary-query-4711", "/reset-password/canary-token-4711"]
    {
        browser.raw("GET", path).header("user-agent", "canary-agent-4711").send().await;
    }
    for canary in
        ["canary-path-4711", "canary-query-4711", "canary-token-4711", "canary-agent-4711"]
    {
        secrets.add(canary);
    }
    server.sigterm();
    server.wait().await;

    let log = server.log();
    let lines = lines(&log);
    let id = lines.iter().find_map(|line| line["user_id"].as_str()).expect("somebody's id");
    let secrets: Vec<_> = secrets.0.iter().map(String::as_str).collect();
    assert_kept_out(&[Haystack::of("the log", log.as_bytes())], &secrets, &[id]);
    let of_requests: Vec<&Value> =
        lines.iter().filter(|line| line["target"] == "hypermedia::request").collect();
    assert!(of_requests.len() > 20, "{log}");
    let routes: BTreeSet<&str> =
        of_requests.iter().filter_map(|line| line["route"].as_str()).collect();
    for route in tests::account_routes().iter().filter(|route| !route.method.is_safe()) {
        let parts = route.path.split('/').map(|part| part.trim_end_matches('}'));
        let logged = parts.map(|part| part.replace('{', ":")).collect::<Vec<_>>().join("/");
        let is_used = routes.contains(route.path) || routes.contains(logged.as_str());
        assert!(is_used, "nobody used {}: {routes:?}", route.path);
    }
    let messages: BTreeSet<&str> =
        lines.iter().filter_map(|line| line["message"].as_str()).collect();
    for event in [
        "signed up",
        "logged in",
        "log-in refused",
        "logged out",
        "password reset requested",
        "password reset",
        "refused a form without a valid token",
        "log-in throttled",
        "address confirmed by code",
        "address confirmed by link",
        "address changed",
        "change of address undone",
    ] {
        assert!(messages.contains(event), "{event:?} is not logged: {messages:?}");
    }
    assert!(failed.len() > 3, "{failed:?}");
    let errors = lines.iter().filter(|line| line["level"] == "ERROR" && !is_of_worker(line));
    let blamed: Vec<_> = errors.map(|line| line["request_id"].as_str().unwrap_or("-")).collect();
    assert_eq!(blamed, failed, "each failure is logged once, with its request");
    for line in &lines {
        assert!(line["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
    }
}

/// LGG-04: who, where known, and in which request.
#[tokio::test]
async fn what_happens_to_an_account_is_logged_with_user_and_request() {
    let mailbox = Mailbox::start().await;
    let mut server = start(&mailbox, "info").await;
    live(&server, &mailbox).await;
    server.sigterm();
    server.wait().await;

    let lines = lines(&server.log());
    for event in
        ["signed up", "logged in", "logged out", "password reset requested", "password reset"]
    {
        let line = lines.iter().find(|line| line["message"] == event);
        let line = line.unwrap_or_else(|| panic!("{event:?} is not logged"));
        assert!(line["user_id"].as_str().is_some_and(|id| id.len() == 36), "{line}");
        let id = line["request_id"].as_str().unwrap_or_default();
        let is_same =
            |other: &&Value| other["target"] == "hypermedia::request" && other["request_id"] == id;
        let request = lines.iter().find(is_same);
        let request = request.unwrap_or_else(|| panic!("{line}: no such request"));
        if event == "logged in" {
            assert_eq!(request["user_id"], line["user_id"], "{request}");
        }
    }
    for event in ["log-in refused", "log-in throttled", "refused a form without a valid token"] {
        let line = lines.iter().find(|line| line["message"] == event);
        let line = line.unwrap_or_else(|| panic!("{event:?} is not logged"));
        assert!(line["request_id"].is_string(), "{line}");
    }
}

/// LOG-08: a damaged hash is an error for the operator; a password that was never set is not.
#[tokio::test]
async fn a_damaged_hash_is_an_error_in_the_log_and_a_missing_password_is_none() {
    let mut server = ServerProcess::start(&[]).await;
    let url = sqlite_url(server.folder().path());
    let seed = ["seed-admin", "--email", EMAIL, "--name", NAME, "--invite"];
    Operator::on(server.folder().path(), &url).run(&seed).await.succeeded();
    let mut browser = server.browser(Transport::Plain);
    let fields = [("email", EMAIL), ("password", WRONG)];
    for _ in 0..2 {
        let answer = form(&mut browser, "/login", &fields).await.send().await;
        assert_eq!(answer.status(), 422, "{}", answer.body);
    }
    let database = Database::connect(&url).await;
    assert_eq!(database.execute("UPDATE users SET password_hash = '!!'").await, 1);
    let answer = form(&mut browser, "/login", &fields).await.send().await;
    assert_eq!(answer.status(), 422, "{}", answer.body);
    server.sigterm();
    server.wait().await;

    let lines = lines(&server.log());
    let about_hashes = |line: &&Value| {
        line["level"] == "ERROR" && line["message"].as_str().is_some_and(|m| m.contains("hash"))
    };
    assert_eq!(lines.iter().filter(about_hashes).count(), 1, "{lines:#?}");
}

/// LGG-03.
#[tokio::test]
async fn whatever_is_sent_every_line_of_the_log_is_one_object() {
    let mailbox = Mailbox::start().await;
    let mut server = start(&mailbox, "trace").await;
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();
    let nasty = "a\r\n{\"level\":\"INFO\",\"message\":\"forged\"}\u{1b}[31m\u{2028}b@example.test";
    for path in ["/login", "/signup", "/forgot-password", "/signup/check"] {
        let fields = [
            ("csrf_token", token.as_str()),
            ("email", nasty),
            ("name", nasty),
            ("password", nasty),
            ("next", nasty),
            (nasty, nasty),
        ];
        let request = browser.raw("POST", path).same_origin().form(&fields);
        let request = request.header("user-agent", "a\tforged\u{e9}\u{2028}");
        request.header("x-request-id", "forged{}").send().await;
    }
    for path in ["/%0d%0aforged", "/%1b[31mforged", "/%e2%80%a8forged", "/reset-password/%0aforged"]
    {
        browser.raw("GET", path).send().await;
    }
    browser.raw("FORGED", "/").send().await;
    server.sigterm();
    server.wait().await;

    let log = server.log();
    assert!(!lines(&log).is_empty());
    let forged = log.lines().find(|line| line.to_lowercase().contains("forged"));
    assert_eq!(forged, None);
    assert!(!log.contains('\u{1b}') && !log.contains('\u{2028}') && !log.contains('\r'));
}

/// LGG-07: the lines about requests and refused log-ins name as much of the client's address as
/// the operator wants. Successful probes have no line.
#[tokio::test]
async fn the_line_about_a_request_tells_the_network_of_its_client() {
    for (setting, v4, v6) in [
        (None, Some("198.51.100.0/24"), Some("2001:db8:7::/48")),
        (Some("network"), Some("198.51.100.0/24"), Some("2001:db8:7::/48")),
        (Some("whole"), Some("198.51.100.77"), Some("2001:db8:7:1::9")),
        (Some("none"), None, None),
    ] {
        let mut variables = vec![("LATCHKEY__SERVER__TRUSTED_PROXIES", "127.0.0.1")];
        variables.extend(setting.map(|setting| ("LATCHKEY__LOG__CLIENT_NETWORK", setting)));
        let mut server = ServerProcess::start(&variables).await;
        let mut browser = server.browser(Transport::Plain);
        browser.visit("/login").await;
        let fields = [
            ("csrf_token", browser.csrf_token()),
            ("email", EMAIL.to_owned()),
            ("password", "a wrong guess of a password".to_owned()),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        for client in ["198.51.100.77", "2001:db8:7:1::9"] {
            let log_in = browser.raw("POST", "/login").same_origin().form(&fields);
            let answer = log_in.header("x-forwarded-for", client).send().await;
            assert_eq!(answer.status(), 422);
        }
        for probe in ["/livez", "/readyz"] {
            browser.raw("GET", probe).send().await;
        }
        server.sigterm();
        server.wait().await;

        let lines = lines(&server.log());
        let requests = lines.iter().filter(|line| line["method"] == "POST");
        let clients: Vec<_> = requests.map(|line| line["client"].as_str()).collect();
        assert_eq!(clients, [v4, v6], "{setting:?}: {lines:#?}");
        let refused = lines.iter().filter(|line| line["message"] == "log-in refused");
        let networks: Vec<_> = refused.map(|line| line["network"].as_str()).collect();
        assert_eq!(networks, [v4, v6], "{setting:?}: {lines:#?}");
        assert!(!lines.iter().any(|line| line["route"] == "/livez"), "{lines:#?}");
    }
}

/// LGG-07: probes are there at the level of every detail.
#[tokio::test]
async fn probes_are_logged_at_the_level_of_detail() {
    let filter = [("LATCHKEY__LOG__FILTER", "info,hypermedia=debug")];
    let mut server = ServerProcess::start(&filter).await;
    server.browser(Transport::Plain).raw("GET", "/readyz").send().await;
    server.sigterm();
    server.wait().await;

    let lines = lines(&server.log());
    let probe = lines.iter().find(|line| line["route"] == "/readyz").unwrap();
    assert_eq!((&probe["level"], &probe["status"]), (&"DEBUG".into(), &200.into()));
}

/// LGG-05: the trace that a trusted proxy names is in every line of the request; the trace of
/// another peer, or a malformed one, is not.
#[tokio::test]
async fn a_trace_is_taken_over_from_proxies_of_ours_alone() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let proxies = [("LATCHKEY__SERVER__TRUSTED_PROXIES", "127.0.0.1")];
    for (variables, expected) in [(&proxies[..], Some(TRACE)), (&proxies[..0], None)] {
        let mut server = ServerProcess::start(variables).await;
        let mut browser = server.browser(Transport::Plain);
        browser.visit("/login").await;
        let traced = format!("00-{TRACE}-00f067aa0ba902b7-01");
        // Without a token, so that the request has a line of its own beside the usual one.
        let request = browser.raw("POST", "/login").same_origin().form(&[]);
        request.header("traceparent", &traced).send().await;
        for wrong in [format!("ff-{TRACE}-00f067aa0ba902b7-01"), format!("{traced}\u{e9}")] {
            browser.raw("GET", "/login").header("traceparent", &wrong).send().await;
        }
        server.sigterm();
        server.wait().await;

        let lines = lines(&server.log());
        let posted: Vec<_> = lines.iter().filter(|line| line["method"] == "POST").collect();
        assert_eq!(posted.len(), 1);
        assert_eq!(posted[0]["trace_id"].as_str(), expected);
        let traced = lines.iter().filter(|line| line["trace_id"] == TRACE).count();
        assert_eq!(traced, if expected.is_some() { 2 } else { 0 }, "{lines:#?}");
    }
}

/// LGG-05.
#[tokio::test]
async fn an_id_for_the_request_is_taken_from_proxies_of_ours_alone_and_only_if_it_is_a_word() {
    let direct = ServerProcess::start(&[]).await;
    let proxied = ServerProcess::start(&[("LATCHKEY__SERVER__TRUSTED_PROXIES", "127.0.0.1")]).await;
    let id_of = async |server: &ServerProcess, id: &str| {
        let request = server.browser(Transport::Plain).raw("GET", "/livez");
        let answer = request.header("x-request-id", id).send().await;
        answer.header("x-request-id").expect("an id").to_owned()
    };
    let long = "a".repeat(65);

    assert_ne!(id_of(&direct, "abc-123").await, "abc-123");
    assert_eq!(id_of(&proxied, "abc-123").await, "abc-123");
    for wrong in ["", " ", "a b", "a\"b", "a{}", "<b>", "a/b", "\u{e9}", &long] {
        let id = id_of(&proxied, wrong).await;
        assert!(id != wrong && !id.is_empty(), "{wrong:?}");
        assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{id}");
    }
    assert_ne!(id_of(&direct, "x").await, id_of(&direct, "x").await);
}
