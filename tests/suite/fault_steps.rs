//! What tests of faults, crashes and races have in common: forms sent by hand, many
//! at once, and the commands of the operator as processes of their own.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use tests::{
    Answer, Browser, ServerProcess,
    support::{browser::RawRequest, database::Database, postgres, process::free_port},
};
use tokio::{
    io::AsyncWriteExt,
    process::Command,
    task::{JoinSet, LocalSet},
    time::{sleep, timeout},
};

pub(crate) use crate::cast::{NEW_PASSWORD, PASSWORD};

/// The most time for an action that waits for no peer: generous, because the machine has other
/// work. Waiting for a peer that hangs takes longer.
pub(crate) const PROMPT: Duration = Duration::from_secs(2);
/// How long a test waits for what has to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The form of `page`, ready to be sent any number of times.
pub(crate) async fn form(browser: &mut Browser, page: &str, fields: &[(&str, &str)]) -> RawRequest {
    browser.visit(page).await;
    form_again(browser, page, fields)
}

/// A form for `action`, with the token of the page that is open.
pub(crate) fn form_again(browser: &Browser, action: &str, fields: &[(&str, &str)]) -> RawRequest {
    let token = browser.csrf_token();
    let fields: Vec<_> = fields.iter().copied().chain([("csrf_token", token.as_str())]).collect();
    browser.raw("POST", action).same_origin().form(&fields)
}

/// The fields of a sign-up.
pub(crate) fn signing_up(email: &str) -> [(&str, &str); 3] {
    [("email", email), ("name", "Mia"), ("password", PASSWORD)]
}

/// Does all of these at once, on this thread.
pub(crate) async fn at_once<F>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    let (local, mut set) = (LocalSet::new(), JoinSet::new());
    for future in futures {
        set.spawn_local_on(future, &local);
    }
    local.run_until(set.join_all()).await
}

/// Sends all of these at once, on as many threads as there are.
pub(crate) async fn send_at_once(requests: impl IntoIterator<Item = RawRequest>) -> Vec<Answer> {
    requests.into_iter().map(RawRequest::send).collect::<JoinSet<_>>().join_all().await
}

/// Waits until as many statements wait for a lock, where rows are locked one by one.
pub(crate) async fn are_blocked(database: &Database, count: usize) {
    let sql = "SELECT pid::text FROM pg_stat_activity \
               WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let blocked = async {
        while database.texts(sql).await.len() < count {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, blocked).await.expect("they wait for a lock");
}

/// What comes of `deed` when `sql` is done after the deed `is_judged` by what it has read,
/// and before it writes.
pub(crate) async fn outrun<T: Send + 'static>(
    database: &Database,
    sql: &str,
    deed: impl Future<Output = T> + Send + 'static,
    is_judged: impl Fn() -> bool,
) -> T {
    let held = database.hold(sql).await;
    let deed = tokio::spawn(deed);
    let judged = async {
        while !is_judged() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, judged).await.expect("readers do not wait for who writes");
    held.commit().await;
    deed.await.expect("it comes to its end")
}

/// How often a race is run: as `TEST_RACE_ROUNDS` says, and no less than `least`.
pub(crate) fn race_rounds(least: usize) -> usize {
    let rounds = env::var("TEST_RACE_ROUNDS");
    rounds.map_or(least, |rounds| rounds.parse().expect("a number of rounds")).max(least)
}

/// How many of the answers have this status.
pub(crate) fn count_of(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status() == status).count()
}

/// The answer, which must not take long.
pub(crate) async fn promptly(request: RawRequest) -> Answer {
    let name = format!("{request:?}");
    let answer = timeout(PROMPT, request.send()).await;
    answer.unwrap_or_else(|_| panic!("no answer within {PROMPT:?}: {name}"))
}

/// Waits until `sql` finds `expected` as its only text.
pub(crate) async fn wait_for_text(database: &Database, sql: &str, expected: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = database.texts(sql).await;
        if found == [expected] {
            return;
        }
        assert!(Instant::now() < deadline, "{sql}: {found:?} instead of {expected:?}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// An empty database for processes, in `folder`.
pub(crate) fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}/latchkey.db?mode=rwc", folder.display())
}

/// An empty database in PostgreSQL, `None` where there is none; and its name.
pub(crate) async fn postgres_database() -> Option<(String, String)> {
    if !tests::Backend::available().contains(&tests::Backend::Postgres) {
        return None;
    }
    let url = postgres::create_database().await;
    let (_, name) = url.rsplit_once('/').expect("a URL with the name of a database");
    let name = name.to_owned();
    Some((url, name))
}

/// The PostgreSQL server itself, to shut the door to one of its databases.
pub(crate) async fn postgres_server() -> Database {
    let url = env::var("TEST_POSTGRES_URL").expect("PostgreSQL is there");
    Database::connect(&url).await
}

/// A call of the product's binary, in a folder of its own and with nothing of this environment.
#[derive(Debug)]
pub(crate) struct Operator {
    folder: PathBuf,
    variables: Vec<(String, String)>,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Operator {
    /// Calls in `folder` without a setting.
    pub(crate) fn bare(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), variables: Vec::new() }
    }

    /// Calls on the database at `url`, in the test environment.
    pub(crate) fn on(folder: &Path, url: &str) -> Self {
        Self::bare(folder)
            .with("LATCHKEY_ENV", "test")
            .with("LATCHKEY__DATABASE__URL", url)
            .with("LATCHKEY__SECRET_KEY", ServerProcess::SECRET_KEY)
            .with("LATCHKEY__PASSWORD__MEMORY_KIB", "64")
            .with("LATCHKEY__PASSWORD__ITERATIONS", "1")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs it to its end, without a terminal.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Done {
        self.run_with(arguments, "").await
    }

    /// Runs it to its end, with this on its standard input.
    pub(crate) async fn run_with(&self, arguments: &[&str], input: &str) -> Done {
        self.run_program("latchkey", arguments, input).await
    }

    /// Runs the server, which is expected to refuse, with these variables alone.
    pub(crate) async fn server(&self) -> Done {
        self.run_program("latchkey", &[], "").await
    }

    /// Runs the developer's commands to the end.
    pub(crate) async fn run_xtask(&self, arguments: &[&str]) -> Done {
        self.run_program("xtask", arguments, "").await
    }

    /// Runs it to its end, for a reader that is gone before it prints.
    pub(crate) async fn run_unread(&self, arguments: &[&str]) -> Done {
        let mut child = self.command("latchkey", arguments).spawn().expect("it can be run");
        drop(child.stdout.take());
        let output = timeout(PATIENCE, child.wait_with_output()).await;
        Done::from(output.expect("it ends").expect("the command is a child"))
    }

    fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary(name));
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("LATCHKEY")) {
            command.env_remove(name);
        }
        // As on a server: cargo has not started it.
        command.env_remove("CARGO").env_remove("DATABASE_URL").envs(self.variables.iter().cloned());
        command.args(arguments).current_dir(&self.folder).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    async fn run_program(&self, name: &str, arguments: &[&str], input: &str) -> Done {
        let child = self.command(name, arguments).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut stdin = child.stdin.take().expect("it is piped");
        let _not_read = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let output = timeout(PATIENCE, child.wait_with_output()).await;
        let output = output.unwrap_or_else(|_| panic!("{name} {arguments:?} does not end"));
        Done::from(output.expect("the command is a child"))
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Done {
    /// That it went well; what it printed as results.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.stdout
    }

    /// That it failed with this code and one line, beside that with the database; the line.
    #[track_caller]
    pub(crate) fn failed_with(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        one_line(&self.errors())
    }

    /// What it printed as errors, without the name of the database.
    pub(crate) fn errors(&self) -> String {
        let lines = self.stderr.lines().filter(|line| !line.starts_with("database: "));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// That it was not called as it has to be, and told how.
    #[track_caller]
    pub(crate) fn misused(self) {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert!(self.stderr.contains("--help"), "{self:?}");
    }
}

/// The only line of `text`.
#[track_caller]
pub(crate) fn one_line(text: &str) -> String {
    assert_eq!(text.lines().count(), 1, "{text:?}");
    text.trim().to_owned()
}

/// `xtask` lies beside the server.
fn binary(name: &str) -> PathBuf {
    let test = || env::current_exe().expect("a test has a path");
    let server = env::var_os("TEST_BIN").map(PathBuf::from);
    let folder = server.unwrap_or_else(|| test().ancestors().nth(1).expect("a folder").to_owned());
    folder.parent().expect("it lies in a folder").join(name)
}

/// An address of the loopback without a listener.
pub(crate) fn unused_address() -> String {
    format!("127.0.0.1:{}", free_port())
}
