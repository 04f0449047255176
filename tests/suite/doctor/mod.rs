//! `doctor` on set-ups that are broken in one way each: the right check tells it,
//! with the right fix, and on a set-up that is sound nothing is told.

#![expect(clippy::indexing_slicing, reason = "an expectation that does not hold is a failed test")]

mod configuration;
mod database;
mod mail;
mod site;

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use tests::{Mailbox, ServerProcess};

use crate::fault_steps::{Done, Operator, one_line, sqlite_url, unused_address};

/// The secret of every set-up.
const SECRET: &str = "kX2qv9Zr7LmW4tYb8NcH1sDf6GjQ3pEa";

/// What is expected of one check: its name, its status, and words of message and fix.
type Expected<'a> = (&'a str, &'a str, &'a str, &'a str);

/// A folder with a database, migrated, nothing else to talk to, and the command on it.
struct Desk {
    folder: TempDir,
    xtask: Operator,
}

impl Desk {
    async fn new() -> Self {
        Self::on(None).await
    }

    /// On this database, or a file in the folder.
    async fn on(url: Option<&str>) -> Self {
        let desk = Self::unmigrated(url);
        desk.xtask.run(&["migrate"]).await.succeeded();
        desk
    }

    fn unmigrated(url: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = url.map_or_else(|| sqlite_url(folder.path()), str::to_owned);
        let unused = unused_address();
        let xtask = Operator::on(folder.path(), &url)
            .with("LATCHKEY__SECRET_KEY", SECRET)
            .with("LATCHKEY__MAIL__URL", &format!("smtp://{unused}"))
            .with("LATCHKEY__SERVER__PUBLIC_URL", &format!("http://{unused}"));
        Self { folder, xtask }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The same with this variable.
    fn with(self, name: &str, value: &str) -> Self {
        Self { xtask: self.xtask.with(name, value), ..self }
    }

    async fn examine(&self) -> Report {
        self.examine_with(&[]).await
    }

    async fn examine_with(&self, arguments: &[&str]) -> Report {
        let arguments: Vec<_> = ["doctor", "--json"].iter().chain(arguments).copied().collect();
        Report::of(&self.xtask.run(&arguments).await)
    }

    /// That the check tells it, and that the command says so by its exit code.
    async fn tells(&self, expected: Expected<'_>) {
        self.examine().await.tells(expected);
    }
}

/// What the command printed.
#[derive(Debug)]
struct Report {
    code: Option<i32>,
    json: Value,
    text: String,
}

impl Report {
    #[track_caller]
    fn of(done: &Done) -> Self {
        let text = format!("{}{}", done.stdout, done.stderr);
        assert!(!text.contains(SECRET), "{text}");
        let json = serde_json::from_str(&one_line(&done.stdout));
        Self { code: done.code, json: json.unwrap_or_else(|_| panic!("{done:?}")), text }
    }

    fn checks(&self) -> &[Value] {
        self.json["checks"].as_array().expect("a list of checks")
    }

    #[track_caller]
    fn tells(&self, (check, status, message, fix): Expected<'_>) {
        let found = self.checks().iter().any(|found| {
            let has =
                |key: &str, words: &str| found[key].as_str().unwrap_or_default().contains(words);
            let is_it = found["check"] == check && found["status"] == status;
            is_it && has("message", message) && has("fix", fix)
        });
        assert!(found, "{check}, {status}, {message:?}, {fix:?} in {:#}", self.json);
        if matches!(status, "warning" | "problem") {
            assert_eq!(self.code, Some(1), "{:#}", self.json);
        }
    }

    /// Every check that found something.
    fn findings(&self) -> Vec<String> {
        let is_finding = |status: &Value| status == "warning" || status == "problem";
        let found = self.checks().iter().filter(|check| is_finding(&check["status"]));
        found.map(ToString::to_string).collect()
    }
}

/// A server on the database of the desk, and the desk with everything that it needs.
async fn sound() -> (Desk, ServerProcess, Mailbox) {
    let desk = Desk::new().await;
    let mailbox = Mailbox::start().await;
    let url = sqlite_url(desk.path());
    let server = ServerProcess::start(&[
        ("LATCHKEY__DATABASE__URL", &url),
        ("LATCHKEY__SECRET_KEY", SECRET),
    ])
    .await;
    let desk = desk
        .with("LATCHKEY__MAIL__URL", &format!("smtp://{}", mailbox.address()))
        .with("LATCHKEY__MAIL__FROM", "Latchkey <no-reply@example.test>")
        .with("LATCHKEY__SERVER__PUBLIC_URL", server.public_url().as_str())
        .with("LATCHKEY__PASSWORD__MEMORY_KIB", "19456")
        .with("LATCHKEY__PASSWORD__ITERATIONS", "2");
    (desk, server, mailbox)
}

#[tokio::test]
async fn a_sound_set_up_has_no_finding_and_the_test_mail_arrives() {
    let (desk, _server, mailbox) = sound().await;

    let report = desk.examine_with(&["--mail-to", "ada@example.test"]).await;

    assert_eq!(report.findings(), Vec::<String>::new(), "{}", report.text);
    assert_eq!((report.code, &report.json["findings"]), (Some(0), &0.into()));
    assert_eq!(
        (&report.json["shape"], &report.json["version"]),
        (&1.into(), &app::BRAND.version.into())
    );
    assert_eq!(report.json["environment"], "test");
    for check in ["database", "database_write", "schema", "mail_server", "test_mail", "public_url"]
    {
        report.tells((check, "ok", "", ""));
    }
    report.tells(("mail_dns", "hint", "_dmarc.example.test", ""));
    let mail = mailbox.latest_to("ada@example.test").await;
    assert!(mail.text.contains("doctor --mail-to"), "{}", mail.text);
}

#[tokio::test]
async fn people_read_a_line_for_each_check_with_its_fix() {
    let desk = Desk::unmigrated(None);

    let done = desk.xtask.run(&["doctor"]).await;

    assert_eq!(done.code, Some(1), "{done:?}");
    let missing = done.stdout.lines().find(|line| line.starts_with("problem  database  "));
    let missing = missing.unwrap_or_else(|| panic!("{}", done.stdout));
    assert!(missing.contains("does not exist -> run `"), "{missing}");
    let statuses = ["ok ", "hint ", "skipped ", "warning ", "problem "];
    assert!(
        done.stdout.lines().all(|line| statuses.iter().any(|status| line.starts_with(status))),
        "{}",
        done.stdout
    );
}

/// Looking makes nothing: no database, no folder, no secret.
#[tokio::test]
async fn a_look_from_an_empty_folder_leaves_it_empty() {
    let folder = tempfile::tempdir().unwrap();
    let xtask = Operator::bare(folder.path()).with("LATCHKEY_ENV", "development");

    let report = Report::of(&xtask.run(&["doctor", "--json"]).await);

    report.tells(("database", "problem", "does not exist", "migrate"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn what_cannot_run_is_exit_code_two() {
    let folder = tempfile::tempdir().unwrap();
    let xtask = Operator::bare(folder.path());

    let refused = xtask.run(&["doctor", "--mail-to", "nobody"]).await;

    assert!(refused.failed_with(2).starts_with("--mail-to: "));
    xtask.run(&["doctor", "--yaml"]).await.misused();
}
