//! A real Mailpit, started on free ports, read over its REST API.

use std::{net::SocketAddr, process::Stdio, time::Duration};

use reqwest::Client;
use serde_json::Value;
use tokio::process::{Child, Command};

use super::process::free_port;

/// A running Mailpit; killed when dropped.
#[derive(Debug)]
pub struct Mailpit {
    _child: Child,
    smtp: SocketAddr,
    api: String,
    client: Client,
}

impl Mailpit {
    /// Starts the Mailpit that `cargo xtask test` found, if it found one.
    pub async fn start() -> Option<Self> {
        let program = std::env::var("LATCHKEY_TEST_MAILPIT").ok();
        let program = program.filter(|program| program != "skip" && program != "unavailable")?;
        let smtp = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let http = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let child = Command::new(&program)
            .args(["--smtp", &smtp.to_string(), "--listen", &http.to_string()])
            .args(["--enable-chaos", "--quiet"])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let client = Client::builder().no_proxy().build().expect("a client");
        let mailpit = Self { _child: child, smtp, api: format!("http://{http}"), client };
        mailpit.wait_until_ready().await;
        Some(mailpit)
    }

    /// Where it takes mails.
    pub fn smtp(&self) -> SocketAddr {
        self.smtp
    }

    /// Every mail as sent, the oldest first.
    pub async fn mails(&self) -> Vec<Vec<u8>> {
        let list: Value = serde_json::from_slice(&self.get("/api/v1/messages?limit=1000").await)
            .expect("Mailpit answers in JSON");
        let messages = list["messages"].as_array().cloned().unwrap_or_default();
        let mut mails = Vec::new();
        for message in messages.iter().rev() {
            let id = message["ID"].as_str().expect("a mail has an id");
            mails.push(self.get(&format!("/api/v1/message/{id}/raw")).await);
        }
        mails
    }

    /// Has Mailpit open every link in the newest mail by HEAD, as mail scanners do.
    pub async fn check_links(&self) -> Value {
        let answer = self.get("/api/v1/message/latest/link-check").await;
        serde_json::from_slice(&answer).expect("Mailpit answers in JSON")
    }

    /// Has Mailpit refuse at `stage` (`Sender`, `Recipient` or `Authentication`) with
    /// this SMTP code, or go on with `None`.
    pub async fn refuse_at(&self, stage: &str, code: Option<u16>) {
        let body = match code {
            Some(code) => format!(r#"{{"{stage}":{{"ErrorCode":{code},"Probability":100}}}}"#),
            None => "{}".to_owned(),
        };
        let request = self.client.put(format!("{}/api/v1/chaos", self.api)).body(body);
        let answer = request.send().await.expect("Mailpit answers");
        assert!(answer.status().is_success(), "chaos: {}", answer.status());
    }

    async fn get(&self, path: &str) -> Vec<u8> {
        let answer = self.client.get(format!("{}{path}", self.api)).send().await;
        let bytes = answer.expect("Mailpit answers").bytes().await;
        bytes.expect("Mailpit answers whole").to_vec()
    }

    async fn wait_until_ready(&self) {
        for _ in 0..200 {
            let ready = self.client.get(format!("{}/readyz", self.api)).send().await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("Mailpit does not start");
    }
}
