//! Processes of Chromium. A test that is done leaves its process to the next one, because starting
//! one takes a second.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use serde_json::json;

use super::window::Scripts;

/// The processes that wait for a test.
static IDLE: Mutex<Vec<BrowserProcess>> = Mutex::new(Vec::new());
/// More would take memory that the tests need.
const MAX_IDLE: usize = 4;
const STARTING: Duration = Duration::from_secs(30);

/// Runs Chromium, and then deletes the folder of its profile, which is the first argument. Chromium
/// reads commands from descriptor 3, which is standard input, and exits at the end of it, also if the
/// tests are killed.
const RUN: &str = "folder=$1; shift; \"$@\" 3<&0 4>/dev/null; rm -rf \"$folder\"";

/// A running Chromium. It ends when this value is dropped, and at the latest with the tests.
#[derive(Debug)]
pub(crate) struct BrowserProcess {
    /// Where a driver reaches it: host and port.
    pub(crate) address: String,
    scripts: Scripts,
    _shell: Child,
}

impl BrowserProcess {
    /// Returns an idle process, or starts one.
    pub(crate) async fn take(chromium: &str, scripts: Scripts) -> Self {
        let idle = {
            let mut idle = IDLE.lock().expect("the mutex is not poisoned");
            let place = idle.iter().position(|process| process.scripts == scripts);
            place.map(|place| idle.swap_remove(place))
        };
        match idle {
            Some(process) => process,
            None => Self::start(chromium, scripts).await,
        }
    }

    /// Leaves the process to another test. Nothing of this test may be left in it.
    pub(crate) fn give_back(self) {
        let mut idle = IDLE.lock().expect("the mutex is not poisoned");
        if idle.len() < MAX_IDLE {
            idle.push(self);
        }
    }

    async fn start(chromium: &str, scripts: Scripts) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile").keep();
        if scripts == Scripts::Off {
            let off = json!({"profile": {"managed_default_content_settings": {"javascript": 2}}});
            let folder = profile.join("Default");
            std::fs::create_dir(&folder).expect("a folder for the preferences");
            std::fs::write(folder.join("Preferences"), off.to_string()).expect("a file");
        }
        let shell = Command::new("sh")
            .args(["-c", RUN, "sh"])
            .arg(&profile)
            .arg(chromium)
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{chromium}: {error}"));
        let port = port_of(&profile).await;
        Self { address: format!("127.0.0.1:{port}"), scripts, _shell: shell }
    }
}

const ARGUMENTS: [&str; 16] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-hang-monitor",
    "--disable-popup-blocking",
    "--disable-prompt-on-repost",
    "--disable-sync",
    "--password-store=basic",
    "--remote-debugging-pipe",
    "--remote-debugging-port=0",
];

/// Waits for the port at which Chromium listens. It writes the port into its profile.
async fn port_of(profile: &Path) -> u16 {
    let file = profile.join("DevToolsActivePort");
    let deadline = Instant::now() + STARTING;
    loop {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        if let Some(port) = text.split_once('\n').and_then(|(port, _)| port.parse().ok()) {
            return port;
        }
        assert!(Instant::now() < deadline, "Chromium does not start");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
