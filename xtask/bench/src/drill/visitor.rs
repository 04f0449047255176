//! A visitor who signs up, logs in, resets the password and logs out, each time with a new account,
//! and records every acknowledgement.
//!
//! The visitor repeats a request until it is answered, as people do. An unanswered form counts as
//! accepted only once something proves it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::{sync::watch, time::sleep};

use super::{
    browser::{Browser, Sent},
    mails::Kind,
    scene::{NODES, Scene},
};

/// The longest time until a mail arrives: longer than the lease of a mail that was being sent at a
/// kill.
const MAIL_PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(40);
/// Longer than a node may serve a session from its cache (`session.cache_ttl`).
const CACHE: Duration = Duration::from_millis(1_200);
const PASSWORD: &str = "purple monkey dishwasher";
const NEW_PASSWORD: &str = "seventeen green umbrellas";

/// A visitor with a browser.
pub(super) struct Visitor {
    scene: Arc<Scene>,
    number: usize,
    stopped: watch::Receiver<bool>,
    browser: Browser,
}

impl Visitor {
    pub(super) fn new(scene: Arc<Scene>, number: usize, stopped: watch::Receiver<bool>) -> Self {
        let browser = Browser::new(&scene);
        Self { scene, number, stopped, browser }
    }

    /// Repeats the visit until the drill stops.
    pub(super) async fn stay(mut self) {
        for round in 0.. {
            if *self.stopped.borrow() {
                return;
            }
            self.browser = Browser::new(&self.scene);
            let email = format!("drill-{}-{round}@example.org", self.number);
            if let Err(error) = self.come(&email, round % 2 == 0).await {
                self.scene.ledger.note_fault(format!("{email}: {error:#}"));
            }
        }
    }

    async fn come(&mut self, email: &str, logs_out: bool) -> Result<()> {
        let scene = Arc::clone(&self.scene);
        if !self.sign_up(email).await {
            return Ok(());
        }
        let Some(old) = self.log_in(email, PASSWORD).await? else { return Ok(()) };
        self.look_around(email).await;
        if !self.reset(email).await? {
            return Ok(());
        }
        self.expect_dead(&old, "a reset").await;
        let Some(session) = self.log_in(email, NEW_PASSWORD).await? else { return Ok(()) };
        self.look_around(email).await;
        if logs_out {
            scene.ledger.forget_session(&session);
            if let Sent::Done = self.browser.send("/profile", "/logout", "").await {
                scene.ledger.logged_out();
                self.expect_dead(&session, "a log-out").await;
            }
        }
        Ok(())
    }

    async fn sign_up(&mut self, email: &str) -> bool {
        let fields = format!("email={email}&name=Zoe+Muster&password={}", encoded(PASSWORD));
        match self.browser.send("/signup", "/signup", &fields).await {
            Sent::Done => {
                self.scene.ledger.signed_up(email, PASSWORD);
                true
            }
            // The log-in that follows shows whether the account exists.
            Sent::PerhapsDone(_) => true,
            Sent::Refused(status) => {
                self.scene.ledger.note_fault(format!("{email}: signing up: {status}"));
                false
            }
            Sent::GivenUp => false,
        }
    }

    /// Logs in and returns the session cookie.
    async fn log_in(&mut self, email: &str, password: &str) -> Result<Option<String>> {
        let fields = format!("email={email}&password={}", encoded(password));
        // A log-in without an answer may leave a session that no browser holds.
        for _ in 0..2 {
            let sent = self.browser.send("/login", "/login", &fields).await;
            let session = self.browser.session();
            match (sent, session) {
                (Sent::Done, Some(session)) => {
                    self.scene.ledger.logged_in(&session, email);
                    return Ok(Some(session));
                }
                (Sent::Done, None) => anyhow::bail!("logged in without a session"),
                (Sent::Refused(status) | Sent::PerhapsDone(status), _) => {
                    anyhow::bail!("the log-in of an account that is there is refused: {status}")
                }
                (Sent::GivenUp, _) => {}
            }
        }
        Ok(None)
    }

    /// Resets the password by mail. Returns whether the new password is set. From the first try on,
    /// the ledger no longer expects the session to be alive.
    async fn reset(&mut self, email: &str) -> Result<bool> {
        let scene = Arc::clone(&self.scene);
        let mut other = Browser::new(&scene);
        let before = scene.mails.count(email, Kind::Reset);
        let fields = format!("email={email}");
        let asked = other.send("/forgot-password", "/forgot-password", &fields).await;
        if let Sent::Done = asked {
            scene.ledger.reset_requested(email);
        }
        let until = Instant::now() + MAIL_PATIENCE;
        while scene.mails.count(email, Kind::Reset) <= before {
            if Instant::now() > until {
                return Ok(false);
            }
            sleep(PAUSE).await;
        }
        let path = scene.mails.reset_path(email).context("a reset mail without a link")?;
        let fields = format!("password={}", encoded(NEW_PASSWORD));
        // From here on, the session may end at any time.
        scene.ledger.forget_session(&self.browser.session().unwrap_or_default());
        let is_set = match other.send(&path, &path, &fields).await {
            Sent::Done => {
                scene.ledger.password_set(email, NEW_PASSWORD);
                true
            }
            Sent::PerhapsDone(410) => {
                scene.ledger.password_perhaps_set(email, NEW_PASSWORD);
                true
            }
            Sent::GivenUp => {
                scene.ledger.password_perhaps_set(email, NEW_PASSWORD);
                false
            }
            Sent::Refused(status) | Sent::PerhapsDone(status) => {
                anyhow::bail!("a reset link that was just mailed is refused: {status}")
            }
        };
        Ok(is_set)
    }

    /// Reads some pages, each on a server that the balancer chooses.
    async fn look_around(&mut self, email: &str) {
        for path in ["/profile", "/settings/sessions", "/settings/security", "/profile"] {
            if let Some(page) = self.browser.get_until_answered(path).await
                && page.status != 200
            {
                let fault = format!("{email}: a session was lost: {path} is {}", page.status);
                self.scene.ledger.note_fault(fault);
            }
            sleep(PAUSE).await;
        }
    }

    /// Checks on every server that the session has ended.
    async fn expect_dead(&mut self, session: &str, after: &str) {
        sleep(CACHE).await;
        for _ in 0..NODES {
            let mut browser = Browser::holding(&self.scene, session);
            let page = browser.get_until_answered("/profile").await;
            if page.is_some_and(|page| page.status == 200) {
                self.scene.ledger.note_fault(format!("a session is alive after {after}"));
            }
        }
    }
}

/// Returns the status of a page in a session, on a server that the balancer chooses.
pub(super) async fn status_of(scene: &Arc<Scene>, path: &str, session: &str) -> Option<u16> {
    Browser::holding(scene, session).get_until_answered(path).await.map(|page| page.status)
}

/// Whether a log-in with one of the passwords succeeds.
pub(super) async fn can_log_in(scene: &Arc<Scene>, email: &str, passwords: &[String]) -> bool {
    for password in passwords {
        let fields = format!("email={email}&password={}", encoded(password));
        if let Sent::Done = Browser::new(scene).send("/login", "/login", &fields).await {
            return true;
        }
    }
    false
}

fn encoded(password: &str) -> String {
    password.replace(' ', "+")
}
