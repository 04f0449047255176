//! A real Mailpit on free ports, queried and controlled through its REST API.

use std::{
    env,
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::Client;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use super::process::free_port;

/// The longest time until it has started or its port is free again.
const PATIENCE: Duration = Duration::from_secs(20);
/// The number of ports to try, because a port that was free may be in use by another test.
const PORTS_TO_TRY: usize = 5;
/// The arguments of every Mailpit in tests. It looks for no newer version, and it opens links on
/// this machine without a cache.
const ALWAYS: &[&str] = &[
    "--quiet",
    "--enable-chaos",
    "--disable-version-check",
    "--smtp-disable-rdns",
    "--allow-internal-http-requests",
    "--disable-link-check-rate-limit",
];

/// A running Mailpit. Dropping it kills it and deletes its mails.
#[derive(Debug)]
pub struct Mailpit {
    program: String,
    arguments: Vec<String>,
    child: Option<Child>,
    smtp: SocketAddr,
    http: SocketAddr,
    client: Client,
    folder: TempDir,
}

impl Mailpit {
    /// Starts the Mailpit that `cargo xtask test` found, with these additional arguments. Returns
    /// `None` where Mailpit is left out on purpose. It is required in CI.
    pub async fn start(arguments: &[&str]) -> Option<Self> {
        let program = env::var("TEST_MAILPIT").ok().filter(|program| !program.is_empty());
        assert!(
            program.is_some() || env::var_os("CI").is_none(),
            "TEST_MAILPIT is not set: `cargo xtask test` sets it"
        );
        let program = program.filter(|program| program != "skip" && program != "unavailable")?;
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut mailpit = Self {
            program,
            arguments: arguments.iter().map(ToString::to_string).collect(),
            child: None,
            smtp: any,
            http: any,
            client: Client::builder().no_proxy().build().expect("a client"),
            folder: tempfile::tempdir().expect("a folder for the mails"),
        };
        for _ in 0..PORTS_TO_TRY {
            mailpit.smtp.set_port(free_port());
            mailpit.http.set_port(free_port());
            if mailpit.run().await {
                return Some(mailpit);
            }
        }
        panic!("{} {:?} does not start", mailpit.program, mailpit.arguments)
    }

    /// Returns the SMTP address, also while Mailpit is stopped.
    pub fn smtp(&self) -> SocketAddr {
        self.smtp
    }

    /// Stops Mailpit with SIGTERM. The mails are kept.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        kill_process(id.expect("a child has an id"), Signal::TERM).expect("Mailpit runs");
        child.wait().expect("Mailpit is a child");
    }

    /// Starts it again on the same ports, after [`Mailpit::stop`], as soon as no connection of
    /// another test uses them.
    pub async fn restart(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.run().await {
            assert!(Instant::now() < deadline, "Mailpit does not start again");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Returns every mail as sent, the oldest first.
    pub async fn mails(&self) -> Vec<Vec<u8>> {
        let mut mails = Vec::new();
        for id in self.ids().await {
            mails.push(self.get(&format!("/api/v1/message/{id}/raw")).await);
        }
        mails
    }

    /// Returns the ids of all mails, the oldest first.
    pub async fn ids(&self) -> Vec<String> {
        let list = self.json("/api/v1/messages?limit=1000").await;
        let messages = list["messages"].as_array().cloned().unwrap_or_default();
        let id = |message: &Value| message["ID"].as_str().expect("a mail has an id").to_owned();
        messages.iter().rev().map(id).collect()
    }

    /// Returns the mail as Mailpit parses it.
    pub async fn message(&self, id: &str) -> Value {
        self.json(&format!("/api/v1/message/{id}")).await
    }

    /// Returns the headers of the mail as Mailpit parses them.
    pub async fn headers(&self, id: &str) -> Value {
        self.json(&format!("/api/v1/message/{id}/headers")).await
    }

    /// Returns the bytes of the mail.
    pub async fn raw(&self, id: &str) -> Vec<u8> {
        self.get(&format!("/api/v1/message/{id}/raw")).await
    }

    /// Returns Mailpit's report on how mail programs support the HTML part.
    pub async fn check_html(&self, id: &str) -> Value {
        self.json(&format!("/api/v1/message/{id}/html-check")).await
    }

    /// Lets Mailpit open every link in the mail by HEAD, as mail scanners do. Returns the address
    /// and the status of each.
    pub async fn open_links(&self, id: &str) -> Vec<(String, u64)> {
        let answer = self.json(&format!("/api/v1/message/{id}/link-check")).await;
        let links = answer["Links"].as_array().cloned().unwrap_or_default();
        let link =
            |link: &Value| Some((link["URL"].as_str()?.to_owned(), link["StatusCode"].as_u64()?));
        links.iter().map(|it| link(it).expect("a link has an address and a status")).collect()
    }

    /// Makes Mailpit refuse mails at `stage` (`Sender`, `Recipient` or `Authentication`) with this
    /// SMTP code and at no other stage. `None` ends the refusals.
    pub async fn refuse_at(&self, stage: &str, code: Option<u16>) {
        let body = match code {
            Some(code) => format!(r#"{{"{stage}":{{"ErrorCode":{code},"Probability":100}}}}"#),
            None => "{}".to_owned(),
        };
        let request = self.client.put(self.url("/api/v1/chaos")).body(body);
        let answer = request.send().await.expect("Mailpit answers");
        assert!(answer.status().is_success(), "chaos: {}", answer.status());
    }

    async fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.get(path).await).expect("Mailpit answers in JSON")
    }

    async fn get(&self, path: &str) -> Vec<u8> {
        let answer = self.client.get(self.url(path)).send().await.expect("Mailpit answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.bytes().await.expect("Mailpit answers whole").to_vec()
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.http)
    }

    /// Starts the process. Returns whether it is ready, or false if it ended, for example because a
    /// port is taken.
    async fn run(&mut self) -> bool {
        let child = self.command().spawn();
        let child = child.unwrap_or_else(|error| panic!("{}: {error}", self.program));
        let child = self.child.insert(child);
        let deadline = Instant::now() + PATIENCE;
        let ready = format!("http://{}/readyz", self.http);
        while Instant::now() < deadline {
            if child.try_wait().expect("Mailpit is a child").is_some() {
                return false;
            }
            let answer = self.client.get(&ready).send().await;
            let is_ready = answer.is_ok_and(|answer| answer.status().is_success());
            if is_ready && TcpStream::connect(self.smtp).is_ok() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("Mailpit runs and is not ready")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("MP_")) {
            command.env_remove(name);
        }
        command.args(["--smtp", &self.smtp.to_string(), "--listen", &self.http.to_string()]);
        command.arg("--database").arg(self.folder.path().join("mails.db"));
        command.args(ALWAYS).args(&self.arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

impl Drop for Mailpit {
    /// Waits until the process has ended, so that it no longer writes to the folder.
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _already_gone = child.kill();
            let _status = child.wait();
        }
    }
}
