//! A person who uses Chromium: looks at pages, types, clicks and presses keys. Waits for what
//! should appear, never for a fixed time.

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tests::{Chromium, ServerProcess, Window};
use thirtyfour::{By, TypingData, WebElement};
use url::Url;

use super::PASSWORD;

/// The longest time until something appears.
const PATIENCE: Duration = Duration::from_secs(30);

/// A person with an open window.
pub(crate) struct Visitor {
    chromium: Chromium,
    base: Url,
}

impl Visitor {
    /// Opens a window, or returns `None` without Chromium.
    #[expect(clippy::print_stdout, reason = "says why a test has nothing to do")]
    pub(crate) async fn at(server: &ServerProcess, window: Window) -> Option<Self> {
        let Some(chromium) = Chromium::open(window).await else {
            println!("skipped: `cargo xtask test` has found no Chromium");
            return None;
        };
        Some(Self { chromium, base: server.public_url().clone() })
    }

    /// Returns the browser window.
    pub(crate) fn chromium(&self) -> &Chromium {
        &self.chromium
    }

    /// Opens a page by its path.
    pub(crate) async fn open(&self, path: &str) {
        self.chromium.visit(&self.base.join(path).expect("a path")).await;
    }

    /// Returns path and query of the page.
    pub(crate) async fn path(&self) -> String {
        let url = self.chromium.driver().current_url().await.expect("the page has an address");
        url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
    }

    /// Returns the visible text of the first element that matches `selector`.
    pub(crate) async fn text(&self, selector: &str) -> String {
        self.eval(&format!("return document.querySelector({selector:?})?.innerText ?? ''")).await
    }

    /// Returns the id of the focused element, or its tag without an id.
    pub(crate) async fn focused(&self) -> String {
        let script = "const e = document.activeElement; return e.id || e.localName";
        self.eval(script).await
    }

    /// Returns the value that a script in the page returns.
    pub(crate) async fn eval<T: DeserializeOwned>(&self, script: &str) -> T {
        let value = self.chromium.driver().execute(script, Vec::new()).await;
        let value = value.unwrap_or_else(|error| panic!("{script}: {error}"));
        value.convert().unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until an expression of the page is true.
    pub(crate) async fn wait_for(&self, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        let script = format!("return Boolean({expression})");
        loop {
            // Between two pages the script cannot run.
            let answer = self.chromium.driver().execute(&script, Vec::new()).await;
            if answer.is_ok_and(|answer| answer.json() == &json!(true)) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "never on {}: {expression}\n{}",
                self.path().await,
                self.text("body").await
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for the page at this path. htmx changes the address before the page: the request is
    /// over when both are there.
    pub(crate) async fn wait_for_path(&self, path: &str) {
        let path = json!(path);
        self.wait_for(&format!(
            "location.pathname + location.search == {path} && document.readyState == 'complete' \
             && !document.querySelector('.htmx-request')"
        ))
        .await;
    }

    /// Waits until the navigation bar shows that a user is, or is not, logged in.
    pub(crate) async fn wait_for_log_in(&self, is_logged_in: bool) {
        let not = if is_logged_in { "" } else { "!" };
        self.wait_for(&format!("{not}document.querySelector('#nav #logout-form')")).await;
    }

    /// Waits for an element that matches a selector, and returns the first.
    pub(crate) async fn find(&self, selector: &str) -> WebElement {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.chromium.driver().find(By::Css(selector)).await {
                Ok(found) => return found,
                Err(error) if Instant::now() > deadline => panic!("{selector}: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Clicks with the mouse, once the element has stopped moving.
    pub(crate) async fn click(&self, selector: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.find(selector).await.click().await {
                Ok(()) => return,
                Err(error) if Instant::now() > deadline => panic!("{selector}: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Replaces the text of a field.
    pub(crate) async fn fill(&self, field: &str, text: &str) {
        let input = self.find(&format!("#{field}")).await;
        input.clear().await.expect("the field takes text");
        input.send_keys(text).await.expect("the field takes text");
    }

    /// Types or presses keys in the focused element.
    pub(crate) async fn press(&self, keys: impl Into<TypingData>) {
        let chain = self.chromium.driver().action_chain().send_keys(keys);
        chain.perform().await.expect("the window takes keys");
    }

    /// Sends the form.
    pub(crate) async fn submit(&self, form: &str) {
        self.click(&format!("#{form} [type=submit]")).await;
    }

    /// Opens the page of the first user in the list.
    pub(crate) async fn open_user(&self) {
        self.click("tbody th a").await;
        self.wait_for("document.querySelector('[id^=role-form]')").await;
    }

    /// Chooses a role on the page of a user, and sends it.
    pub(crate) async fn change_role(&self, role: &str) {
        self.click("details:has([id^='role-form']) summary").await;
        let option = format!("main form[id^='role-form'] option[value='{role}']");
        self.find(&option).await.click().await.expect("the option can be chosen");
        self.click("main form[id^='role-form'] [type=submit]").await;
    }

    /// Marks the page. A reload removes the mark.
    pub(crate) async fn mark(&self) {
        let _nothing: Value = self.eval("return window.mark = true").await;
    }

    /// Whether the page still has its mark.
    pub(crate) async fn is_marked(&self) -> bool {
        self.eval("return window.mark === true").await
    }

    /// Returns to the previous page with the browser's button.
    pub(crate) async fn back(&self) {
        self.chromium.driver().back().await.expect("there is a page to go back to");
    }

    /// Chooses the language of the pages.
    pub(crate) async fn speak(&self, language: &str) {
        self.open("/login").await;
        if self.eval::<String>("return document.documentElement.lang").await == language {
            return;
        }
        self.click(&format!("#language-form button[lang={language}]")).await;
        self.wait_for(&format!("document.documentElement.lang == '{language}'")).await;
    }

    /// Logs in on the log-in page, which leads to the profile.
    pub(crate) async fn log_in(&self, email: &str) {
        self.open("/login").await;
        self.fill("email", email).await;
        self.fill("password", PASSWORD).await;
        self.submit("login-form").await;
        self.wait_for_log_in(true).await;
    }

    /// Opens the account menu.
    pub(crate) async fn open_menu(&self) {
        self.click("#account-menu:not([open]) summary").await;
    }

    /// Logs out with the account menu.
    pub(crate) async fn log_out(&self) {
        self.open_menu().await;
        self.submit("logout-form").await;
        self.wait_for_log_in(false).await;
    }

    /// Returns all cookies, including those that are `HttpOnly`.
    pub(crate) async fn cookies(&self) -> Vec<Value> {
        let answer = self.chromium.devtools("Network.getAllCookies", json!({})).await;
        answer.get("cookies").and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// Returns the complaints in the console. Four notes of Chromium are no complaints: that a form
    /// was answered with a 4xx status, that a page transition was aborted, that `autofocus` came
    /// after the script had set the focus, and advice on forms.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.chromium.console().await.into_iter().filter(|entry| {
            let is_note = [
                "the server responded with a status of 4",
                "Transition was aborted",
                "Autofocus processing was blocked",
            ]
            .iter()
            .any(|note| entry.message.contains(note));
            entry.source.as_deref() != Some("recommendation") && !is_note
        });
        entries.map(|entry| entry.message).collect()
    }

    /// Asserts that the console has no complaints and closes the window.
    pub(crate) async fn leave(self) {
        assert_eq!(self.complaints().await, Vec::<String>::new());
        self.chromium.close().await;
    }
}
