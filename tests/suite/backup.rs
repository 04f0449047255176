//! Runs the backup drill of operations.md while visitors write. The commands are read from its
//! section on backups.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
};

use tempfile::TempDir;
use tests::{Backend, Browser, RawRequest, ServerProcess, Transport, support::database::Database};
use tokio::{process::Command, task::JoinSet};
use url::Url;

use crate::{
    cast::MIA,
    fault_steps::{
        form, form_again, postgres_database, promptly, signing_up, sqlite_url, unused_address,
    },
    flows::sign_up,
    people::log_in,
};

const OPERATIONS: &str = include_str!("../../docs/operations.md");

/// The database of the accounts, and its copy.
struct Drill {
    backend: Backend,
    url: String,
    folder: TempDir,
}

/// Returns the code block of this language in the section on backups.
fn block(language: &str) -> String {
    let (_, section) = OPERATIONS.split_once("## Backup and restore").expect("the section");
    let (_, block) = section.split_once(&format!("```{language}\n")).expect("a block");
    block.split_once("```").expect("its end").0.to_owned()
}

/// Returns the command that begins with `program` in the document.
fn command(program: &str) -> &'static str {
    let begin = OPERATIONS.find(&format!("`{program} ")).expect("the command") + 1;
    OPERATIONS[begin..].split_once('`').expect("its end").0
}

fn is_on_path(program: &str) -> bool {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

impl Drill {
    async fn begin(backend: Backend) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let url = match backend {
            Backend::Sqlite => sqlite_url(folder.path()),
            Backend::Postgres if is_on_path("pg_dump") => postgres_database().await?.0,
            Backend::Postgres => return None,
        };
        Some(Self { backend, url, folder })
    }

    async fn start(&self) -> ServerProcess {
        let mail = format!("smtp://{}", unused_address());
        let variables = [("LATCHKEY__DATABASE__URL", &*self.url), ("LATCHKEY__MAIL__URL", &*mail)];
        ServerProcess::start(&variables).await
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("latchkey.db")
    }

    /// Runs shell lines that name the database `latchkey`.
    async fn shell(&self, lines: &str) {
        let mut command = Command::new("sh");
        command.args(["-euc", lines]).current_dir(self.folder.path()).stdin(Stdio::null());
        if let Ok(url) = self.url.parse::<Url>()
            && self.backend == Backend::Postgres
        {
            command.env("PGHOST", url.host_str().unwrap()).env("PGUSER", url.username());
            command.env("PGPORT", url.port().unwrap_or(5432).to_string());
        }
        let done = command.output().await.unwrap();
        assert!(done.status.success(), "{lines}: {}", String::from_utf8_lossy(&done.stderr));
    }

    async fn back_up(&self) -> PathBuf {
        if self.backend == Backend::Postgres {
            let name = self.url.rsplit_once('/').unwrap().1;
            self.shell(&command("pg_dump").replace("latchkey >", &format!("{name} >"))).await;
            return self.folder.path().join("latchkey.dump");
        }
        let copies = self.folder.path().join("copies");
        let _there_since_the_first = fs::create_dir(&copies);
        let lines = block("sh").replace("/var/backups/latchkey", copies.to_str().unwrap());
        let lines = lines.replace("/var/lib/latchkey/var/latchkey.db", "latchkey.db");
        if is_on_path("sqlite3") {
            self.shell(&lines).await;
        } else {
            let copy = copies.join("latchkey-today.db");
            let _not_there_at_first = fs::remove_file(&copy);
            let sql = format!("VACUUM INTO '{}'", copy.display());
            Database::connect(&self.url).await.execute(&sql).await;
            fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let left: Vec<_> = fs::read_dir(copies).unwrap().map(|it| it.unwrap().path()).collect();
        assert_eq!(left.len(), 1, "a second run takes the place of the first: {left:?}");
        left.into_iter().next().unwrap()
    }

    async fn restore(&self, copy: &Path) {
        if self.backend == Backend::Postgres {
            let name = self.url.rsplit_once('/').unwrap().1;
            let lines = command("pg_restore");
            self.shell(&lines.replace("--dbname latchkey", &format!("--dbname {name}"))).await;
            return;
        }
        fs::copy(copy, self.file()).unwrap();
        for suffix in ["-wal", "-shm"] {
            let _not_there = fs::remove_file(format!("{}{suffix}", self.file().display()));
        }
        let database = Database::connect(&self.url).await;
        assert_eq!(database.texts("PRAGMA integrity_check").await, ["ok"]);
        assert!(database.texts("PRAGMA foreign_key_check").await.is_empty());
    }
}

/// Builds a request for Mia's profile on another server, with the cookies of her browser.
fn profile(server: &ServerProcess, browser: &Browser) -> RawRequest {
    let cookies = browser.cookies().header("/");
    server.browser(Transport::Plain).raw("GET", "/profile").with_cookies(cookies)
}

async fn run(backend: Backend) {
    let Some(drill) = Drill::begin(backend).await else { return };
    let mut server = drill.start().await;
    let mut browser = server.browser(Transport::Plain);
    sign_up(&mut browser, MIA).await;
    log_in(&mut browser, MIA).await;
    let forgot = form(&mut browser, "/forgot-password", &[("email", MIA)]).await;
    assert_eq!(promptly(forgot).await.status(), 303);
    let mut others = server.browser(Transport::Plain);
    others.visit("/signup").await;
    let load = (0..40).map(|n| {
        form_again(&others, "/signup", &signing_up(&format!("mia{n}@example.test"))).send()
    });
    let mut load: JoinSet<_> = load.collect();
    let before = load.join_next().await.unwrap().unwrap();
    assert_eq!(before.status(), 303);

    drill.back_up().await;
    let copy = drill.back_up().await;
    let mode = fs::metadata(&copy).unwrap().permissions().mode();
    assert!(backend == Backend::Postgres || mode & 0o777 == 0o600, "{mode:o}");
    load.join_all().await;
    sign_up(&mut others, "late@example.test").await;
    browser.visit("/profile").await;
    assert_eq!(promptly(form_again(&browser, "/logout", &[])).await.status(), 303);
    server.kill9();
    server.wait().await;
    drill.restore(&copy).await;

    let mut restored = drill.start().await;
    let database = Database::connect(&drill.url).await;
    assert_eq!(promptly(profile(&restored, &browser)).await.status(), 200, "it is alive again");
    let late = "SELECT email FROM users WHERE email = 'late@example.test'";
    assert_eq!(database.texts(late).await, Vec::<String>::new());
    assert!(database.count("users").await >= 2, "what was acknowledged before is lost");
    restored.kill9();
    restored.wait().await;

    database.execute(&block("sql")).await;
    let disarmed = drill.start().await;
    assert_eq!(promptly(profile(&disarmed, &browser)).await.status(), 303, "{backend:?}");
    for table in ["sessions", "tokens", "outbox", "throttles"] {
        assert_eq!(database.count(table).await, 0, "{backend:?} {table}");
    }
    log_in(&mut disarmed.browser(Transport::Plain), MIA).await;
}

/// BAK-01.
#[tokio::test]
async fn what_is_restored_from_a_backup_of_a_busy_server_serves_the_same_people() {
    for backend in Backend::available() {
        run(backend).await;
    }
}
