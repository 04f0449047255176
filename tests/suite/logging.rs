//! What the log of the real server holds, and what it must not: at the level of
//! every detail, through every flow.

#![expect(clippy::panic, reason = "an expectation that does not hold is a failed test")]

use std::collections::BTreeSet;

use serde_json::Value;
use tests::{Browser, Mailbox, ServerProcess, Transport, support::database::Database};

use crate::{
    fault_steps::{Xtask, form, sqlite_url},
    people::PASSWORD,
};

const EMAIL: &str = "canary-address@example.test";
const NAME: &str = "Canary Name";
const NEW_PASSWORD: &str = "canary of another colour";
const WRONG: &str = "canary that is not the password";
const SMTP_PASSWORD: &str = "canary-smtp-password";
const SECRET_KEY: &str = "canary-secret-key-that-is-long-enough-for-it";

/// What must be found nowhere in the log.
#[derive(Default)]
struct Secrets(BTreeSet<String>);

impl Secrets {
    fn add(&mut self, secret: &str) {
        if secret.len() >= 8 {
            self.0.insert(secret.to_owned());
            self.0.insert(secret.replace(' ', "+"));
            self.0.insert(secret.replace(' ', "%20"));
        }
    }

    fn of(&mut self, browser: &Browser) {
        for cookie in browser.cookies().sent_to("/") {
            self.add(&cookie.value);
        }
        if browser.page().dom().find("input[name=csrf_token]").is_some() {
            self.add(&browser.csrf_token());
        }
    }
}

async fn start(mailbox: &Mailbox, filter: &str) -> ServerProcess {
    let mail = format!("smtp://user:{SMTP_PASSWORD}@{}", mailbox.address());
    ServerProcess::start(&[
        ("LATCHKEY__LOG__FORMAT", "json"),
        ("LATCHKEY__LOG__FILTER", filter),
        ("LATCHKEY__MAIL__URL", &mail),
        ("LATCHKEY__SECRET_KEY", SECRET_KEY),
        ("LATCHKEY__LIMITS__ENABLED", "true"),
        ("LATCHKEY__LIMITS__LOGIN_PER_DEVICE", "3/15m"),
    ])
    .await
}

/// The lines of the log, each of which is one JSON object.
fn lines(log: &str) -> Vec<Value> {
    let lines = log.lines().filter(|line| !line.starts_with("listening on"));
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    lines.map(parse).collect()
}

/// Everything that somebody does here; tells what is secret in it.
async fn live(server: &ServerProcess, mailbox: &Mailbox) -> Secrets {
    let mut secrets = Secrets::default();
    for secret in [PASSWORD, NEW_PASSWORD, WRONG, SMTP_PASSWORD, SECRET_KEY, EMAIL, NAME] {
        secrets.add(secret);
    }
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/signup").await;
    secrets.of(&browser);
    let form = browser.form("signup-form").fill("email", EMAIL).fill("name", NAME);
    form.fill("password", PASSWORD).submit().await;
    browser.visit(&format!("/login?email={EMAIL}&next=/profile")).await;
    secrets.of(&browser);
    for password in [WRONG, PASSWORD] {
        let form = browser.form("login-form").fill("email", EMAIL).check("remember");
        form.fill("password", password).submit().await;
        secrets.of(&browser);
    }
    browser.visit("/profile").await;
    let stolen = browser.raw("POST", "/logout").form(&[("csrf_token", "canary-csrf-token")]);
    stolen.send().await;
    secrets.add("canary-csrf-token");
    browser.form("logout-form").submit().await;
    browser.visit("/forgot-password").await;
    browser.form("forgot-password-form").fill("email", EMAIL).submit().await;
    let path = mailbox.latest_to(EMAIL).await.link("/reset-password/");
    secrets.add(path.rsplit('/').next().unwrap_or_default());
    browser.visit(&path).await;
    secrets.of(&browser);
    browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
    mailbox.nth_to(EMAIL, 2).await;
    for _ in 0..4 {
        browser.visit("/login").await;
        let form = browser.form("login-form").fill("email", EMAIL);
        form.fill("password", WRONG).submit().await;
        secrets.of(&browser);
    }
    secrets
}

/// What the database refuses to do while its tables are elsewhere; the ids of the
/// requests that failed by it.
async fn live_without_tables(server: &ServerProcess, secrets: &mut Secrets) -> Vec<String> {
    let file = server.folder().path().join("latchkey.db");
    let database = Database::connect(&format!("sqlite://{}", file.display())).await;
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/signup").await;
    secrets.of(&browser);
    let token = browser.csrf_token();
    let mut failed = Vec::new();
    for table in ["users", "outbox", "throttles"] {
        database.execute(&format!("ALTER TABLE {table} RENAME TO {table}_elsewhere")).await;
        for path in ["/signup", "/login", "/forgot-password"] {
            let email = format!("canary-{table}@example.test");
            let password = format!("canary without {table}");
            secrets.add(&email);
            secrets.add(&password);
            let fields = [("csrf_token", &*token), ("email", &email), ("password", &password)];
            let fields = [&fields[..], &[("name", NAME)]].concat();
            let answer = browser.raw("POST", path).same_origin().form(&fields).send().await;
            if answer.status() == 500 {
                failed.extend(answer.header("x-request-id").map(ToOwned::to_owned));
            }
        }
        database.execute(&format!("ALTER TABLE {table}_elsewhere RENAME TO {table}")).await;
    }
    failed
}

/// LGG-01, LGG-02, LGG-04.
#[tokio::test]
async fn no_secret_and_no_address_reaches_the_log_at_any_level() {
    let mailbox = Mailbox::start().await;
    let mut server = start(&mailbox, "trace").await;
    let mut secrets = live(&server, &mailbox).await;
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
    for secret in &secrets.0 {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "the log holds {secret:?}");
    }
    let lines = lines(&log);
    let of_requests: Vec<&Value> =
        lines.iter().filter(|line| line["target"] == "latchkey::request").collect();
    assert!(of_requests.len() > 20, "{log}");
    let routes: BTreeSet<&str> =
        of_requests.iter().filter_map(|line| line["route"].as_str()).collect();
    assert!(
        routes.contains("/reset-password/:token") || routes.contains("/reset-password/{token}"),
        "{routes:?}"
    );
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
    ] {
        assert!(messages.contains(event), "{event:?} is not logged: {messages:?}");
    }
    assert!(failed.len() > 3, "{failed:?}");
    for id in &failed {
        let of_request = lines.iter().filter(|line| line["request_id"] == **id);
        let errors = of_request.filter(|line| line["level"] == "ERROR");
        assert_eq!(errors.count(), 1, "a failure is logged once, and it is: {id}");
    }
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
            |other: &&Value| other["target"] == "latchkey::request" && other["request_id"] == id;
        assert!(lines.iter().any(|other| is_same(&other)), "{line}: no such request");
    }
    for event in ["log-in refused", "log-in throttled", "refused a form without a valid token"] {
        let line = lines.iter().find(|line| line["message"] == event);
        let line = line.unwrap_or_else(|| panic!("{event:?} is not logged"));
        assert!(line["request_id"].is_string(), "{line}");
    }
}

/// LOG-08: a hash that cannot be read is an operator's business; a password that was
/// never set is nobody's.
#[tokio::test]
async fn a_damaged_hash_is_an_error_in_the_log_and_a_missing_password_is_none() {
    let mut server = ServerProcess::start(&[]).await;
    let url = sqlite_url(server.folder().path());
    let seed = ["seed-admin", "--email", EMAIL, "--name", NAME, "--invite"];
    Xtask::on(server.folder().path(), &url).run(&seed).await.succeeded();
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
