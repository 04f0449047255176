//! A real browser, for tests that only a browser can do (focus, content security policy, colours,
//! real htmx). Chromium runs under its `WebDriver` if `cargo xtask test` found both. Without them
//! these tests do nothing.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use thirtyfour::{
    BrowserLogEntry, ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities,
    LoggingPrefsLogLevel, WebDriver,
};
use tokio::process::{Child, Command};
use url::Url;

use super::{
    browser_process::BrowserProcess,
    browser_turn::{self, Turn},
    process::free_port,
    window::{Colours, Motion, Scripts, Window},
};

/// axe-core as published on npm, or empty if it could not be fetched at build time.
const AXE: &str = include_str!(concat!(env!("OUT_DIR"), "/axe.min.js"));

/// The rules of axe-core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxeRules {
    /// All rules.
    All,
    /// Those that look at colours, for a page that is checked in another colour scheme too.
    Colours,
}

/// The longest time until a window that was not closed closes.
const CLOSING: Duration = Duration::from_secs(10);

/// A browser window with its own cookies. It closes with [`Chromium::close`] or when a test fails.
#[derive(Debug)]
pub struct Chromium {
    driver: WebDriver,
    service: Child,
    port: u16,
    process: Option<BrowserProcess>,
    _turn: Turn,
}

impl Chromium {
    /// Opens a window, or returns `None` where tests with Chromium are left out.
    pub async fn open(window: Window) -> Option<Self> {
        let wanted = std::env::var("TEST_CHROMIUM").unwrap_or_default();
        let paths = wanted.split_once(';').filter(|_| wanted != "skip");
        let (browser, driver) = paths?;
        let turn = browser_turn::wait().await;
        let port = free_port();
        let service = Command::new(driver)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{driver}: {error}"));
        wait_for(port).await;
        let process = BrowserProcess::take(browser, window.scripts).await;
        let capabilities = capabilities(&process.address);
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await;
        let driver = driver.unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        let chromium = Self { driver, service, port, process: Some(process), _turn: turn };
        chromium.emulate(window).await;
        Some(chromium)
    }

    /// Returns the driver that controls the window.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens a page.
    pub async fn visit(&self, url: &Url) {
        let opened = self.driver.goto(url.as_str()).await;
        opened.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Returns the messages of the console since the last call. They include blocked resources and
    /// script errors.
    pub async fn console(&self) -> Vec<BrowserLogEntry> {
        self.driver.browser_log().await.expect("the driver keeps the console")
    }

    /// Returns a screenshot of the page as a PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.driver.screenshot_as_png().await.expect("a picture of the page")
    }

    /// Runs axe-core and returns the violations that it finds, or `None` if axe-core could not be
    /// fetched. Panics instead in CI.
    pub async fn axe_violations(&self, rules: AxeRules) -> Option<Vec<String>> {
        if AXE.is_empty() {
            assert!(std::env::var_os("CI").is_none(), "axe-core was not fetched at build time");
            return None;
        }
        let is_there = self.driver.execute("return 'axe' in window", Vec::new()).await;
        if is_there.expect("a script runs").json() != &json!(true) {
            self.driver.execute(AXE, Vec::new()).await.expect("axe-core loads");
        }
        let run_only = match rules {
            AxeRules::All => "",
            AxeRules::Colours => "runOnly: ['color-contrast', 'link-in-text-block']",
        };
        let script = format!(
            "const done = arguments[0]; \
             axe.run({{resultTypes: ['violations'], {run_only}}}).then(r => done(r.violations.map(v => \
             v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html).join(' '))));"
        );
        let found = self.driver.execute_async(script, Vec::new()).await.expect("axe-core runs");
        Some(found.convert().expect("a list of texts"))
    }

    /// Sends a command of the `DevTools` protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let answer = self.driver.cdp().send_raw(command, parameters).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Closes the window and ends the driver.
    pub async fn close(mut self) {
        self.clear().await;
        self.driver.clone().quit().await.expect("the window closes");
        self.service.kill().await.expect("the driver ends");
        if let Some(process) = self.process.take() {
            process.give_back();
        }
    }

    /// Leaves one empty tab without history, and no cookie. All other data belong to the origin of
    /// a server, whose port no other test has.
    async fn clear(&self) {
        let driver = &self.driver;
        let old = driver.windows().await.expect("the tabs");
        let empty = driver.new_tab().await.expect("a tab opens");
        for tab in old {
            driver.switch_to_window(tab).await.expect("the tab is there");
            driver.close_window().await.expect("the tab closes");
        }
        driver.switch_to_window(empty).await.expect("the tab is there");
        for command in ["Network.clearBrowserCookies", "Network.clearBrowserCache"] {
            self.devtools(command, json!({})).await;
        }
    }

    /// Applies the properties of `window`.
    pub async fn emulate(&self, window: Window) {
        let scheme = if window.colours == Colours::Dark { "dark" } else { "light" };
        let motion = if window.motion == Motion::Full { "no-preference" } else { "reduce" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": motion}]});
        self.devtools("Emulation.setEmulatedMedia", media).await;
        let metrics = json!({"width": window.width, "height": window.height,
            "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        if window.scripts == Scripts::Off {
            let off = json!({"value": true});
            self.devtools("Emulation.setScriptExecutionDisabled", off).await;
        }
    }
}

impl Drop for Chromium {
    /// Closes the window without the driver's own method, which waits for the runtime that a failed
    /// test blocks.
    fn drop(&mut self) {
        let session = self.driver.session_id().to_string();
        if self.driver.clone().leak().is_ok() {
            let ended = end_session(self.port, &session);
            assert!(ended.is_ok() || std::thread::panicking(), "the window closes");
        }
    }
}

/// Asks the driver to close the window, and waits until it has.
fn end_session(port: u16, session: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(CLOSING))?;
    write!(stream, "DELETE /session/{session} HTTP/1.1\r\nHost: localhost:{port}\r\n")?;
    write!(stream, "Connection: close\r\n\r\n")?;
    stream.read(&mut [0; 64]).map(drop)
}

fn capabilities(chromium: &str) -> ChromeCapabilities {
    let mut capabilities = DesiredCapabilities::chrome();
    let set = "capabilities are JSON";
    capabilities.set_debugger_address(chromium).expect(set);
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All).expect(set);
    capabilities
}

async fn wait_for(port: u16) {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(address).is_err() {
        assert!(Instant::now() < deadline, "the driver does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "data:text/html,<html lang=en><title>T</title><main><h1>Hi</h1>\
        <script>document.title = matchMedia('(prefers-color-scheme: dark)').matches</script>";

    #[tokio::test]
    async fn a_window_shows_pages_as_its_visitor_prefers() {
        let dark = Window { colours: Colours::Dark, ..Window::default() };
        let Some(chromium) = Chromium::open(dark).await else { return };

        chromium.driver().goto(PAGE).await.unwrap();

        assert_eq!(chromium.driver().title().await.unwrap(), "true");
        if let Some(violations) = chromium.axe_violations(AxeRules::All).await {
            assert_eq!(violations, Vec::<String>::new());
        }
        assert!(chromium.screenshot().await.starts_with(b"\x89PNG"));
        chromium.close().await;
    }

    #[tokio::test]
    async fn a_window_can_be_closed_without_the_runtime() {
        let Some(chromium) = Chromium::open(Window::default()).await else { return };

        end_session(chromium.port, &chromium.driver.session_id().to_string()).unwrap();

        assert!(chromium.driver.title().await.is_err());
    }

    #[tokio::test]
    async fn a_window_has_no_cookies_tabs_or_history_of_another() {
        for _ in 0..2 {
            let Some(chromium) = Chromium::open(Window::default()).await else { return };
            let cookies = chromium.devtools("Network.getAllCookies", json!({})).await;
            assert_eq!(cookies["cookies"], json!([]));
            assert_eq!(chromium.driver.windows().await.unwrap().len(), 1);
            let history = chromium.devtools("Page.getNavigationHistory", json!({})).await;
            assert_eq!(history["entries"].as_array().unwrap().len(), 1);

            let cookie = json!({"name": "a", "value": "b", "url": "http://localhost"});
            chromium.devtools("Network.setCookie", cookie).await;
            chromium.driver.goto(PAGE).await.unwrap();
            chromium.driver.new_tab().await.unwrap();
            chromium.close().await;
        }
    }

    #[tokio::test]
    async fn a_window_without_scripts_runs_none() {
        let off = Window { scripts: Scripts::Off, ..Window::default() };
        let Some(chromium) = Chromium::open(off).await else { return };

        chromium.driver().goto(PAGE).await.unwrap();

        assert_eq!(chromium.driver().title().await.unwrap(), "T");
        chromium.close().await;
    }
}
