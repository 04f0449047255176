//! A user of everything, with secrets that differ from all other text.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::{Browser, Mailbox, ServerProcess, Transport, support::database::Database};

use crate::people::PASSWORD;

pub(super) const EMAIL: &str = "canary-address@example.test";
pub(super) const NAME: &str = "Canary Name";
const NEW_PASSWORD: &str = "canary of another colour";
pub(super) const WRONG: &str = "canary that is not the password";
const SMTP_PASSWORD: &str = "canary-smtp-password";
const SECRET_KEY: &str = "canary-secret-key-that-is-long-enough-for-it";

/// What must be found nowhere in the log.
#[derive(Default)]
pub(super) struct Secrets(pub(super) BTreeSet<String>);

impl Secrets {
    pub(super) fn add(&mut self, secret: &str) {
        if secret.len() >= 8 {
            self.0.insert(secret.to_owned());
            self.0.insert(secret.replace(' ', "+"));
            self.0.insert(secret.replace(' ', "%20"));
        }
    }

    pub(super) fn of(&mut self, browser: &Browser) {
        for cookie in browser.cookies().sent_to("/") {
            self.add(&cookie.value);
        }
        if browser.page().dom().find("input[name=csrf_token]").is_some() {
            self.add(&browser.csrf_token());
        }
    }
}

pub(super) async fn start(mailbox: &Mailbox, filter: &str) -> ServerProcess {
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

/// Uses every feature and returns the secrets.
pub(super) async fn live(server: &ServerProcess, mailbox: &Mailbox) -> Secrets {
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
    let path = mailbox.wait_for_link(EMAIL, "/reset-password/").await.link("/reset-password/");
    secrets.add(path.rsplit('/').next().unwrap_or_default());
    browser.visit(&path).await;
    secrets.of(&browser);
    browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
    mailbox.nth_to(EMAIL, 2).await;
    // No browser is known any more by what it was given before the new password.
    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", EMAIL);
    form.fill("password", NEW_PASSWORD).submit().await;
    secrets.of(&browser);
    browser.form("logout-form").submit().await;
    for _ in 0..4 {
        browser.visit("/login").await;
        let form = browser.form("login-form").fill("email", EMAIL);
        form.fill("password", WRONG).submit().await;
        secrets.of(&browser);
    }
    secrets
}

/// What the database refuses to do while its tables are elsewhere; the requests that
/// failed by it.
pub(super) async fn live_without_tables(
    server: &ServerProcess,
    secrets: &mut Secrets,
) -> Vec<String> {
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

/// Whether the line is of the worker of the outbox, which fails beside the requests.
pub(super) fn is_of_worker(line: &Value) -> bool {
    line["target"].as_str().is_some_and(|target| target.starts_with("auth::mail::"))
}
