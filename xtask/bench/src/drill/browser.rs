//! A minimal browser for the drill: it keeps cookies, sends forms with their CSRF tokens, and
//! repeats requests until they are answered. It counts every request.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use tokio::time::{sleep, timeout};

use super::scene::Scene;
use crate::client::{Answer, Connection, Request};

/// The longest time of an answer.
const LIMIT: Duration = Duration::from_secs(10);
/// The longest time for which a visitor repeats a request.
const PATIENCE: Duration = Duration::from_secs(45);
const PAUSE: Duration = Duration::from_millis(40);
const SESSION: &str = "latchkey-session";
const COOKIES: [&str; 5] =
    [SESSION, "latchkey-csrf", "latchkey-device", "latchkey-proof", "latchkey-flash"];

/// A browser with its cookies.
pub(super) struct Browser {
    scene: Arc<Scene>,
    cookies: BTreeMap<&'static str, String>,
}

/// An answer with the parts that a visitor uses.
pub(super) struct Page {
    pub(super) status: u16,
    body: String,
}

/// The outcome of a form.
pub(super) enum Sent {
    /// The form was accepted.
    Done,
    /// The form was refused with this status.
    Refused(u16),
    /// The form was refused after a try without an answer, so that try may have succeeded.
    PerhapsDone(u16),
    /// No answer came before the time was up.
    GivenUp,
}

impl Browser {
    /// Creates a browser without cookies.
    pub(super) fn new(scene: &Arc<Scene>) -> Self {
        Self { scene: Arc::clone(scene), cookies: BTreeMap::new() }
    }

    /// Creates a browser with this session and no other cookie.
    pub(super) fn holding(scene: &Arc<Scene>, session: &str) -> Self {
        let cookies = BTreeMap::from([(SESSION, session.to_owned())]);
        Self { scene: Arc::clone(scene), cookies }
    }

    /// Returns the session cookie.
    pub(super) fn session(&self) -> Option<String> {
        self.cookies.get(SESSION).cloned()
    }

    pub(super) async fn get_until_answered(&mut self, path: &str) -> Option<Page> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(page) = self.ask(path, None).await {
                return Some(page);
            }
            sleep(PAUSE).await;
        }
        None
    }

    /// Opens the page at `page` and sends its form to `path`.
    pub(super) async fn send(&mut self, page: &str, path: &str, fields: &str) -> Sent {
        let until = Instant::now() + PATIENCE;
        let mut was_lost = false;
        while Instant::now() < until {
            let Some(shown) = self.get_until_answered(page).await else { break };
            let refused = |status| {
                if was_lost { Sent::PerhapsDone(status) } else { Sent::Refused(status) }
            };
            let Some(token) = token(&shown.body) else { return refused(shown.status) };
            let form = format!("csrf_token={token}&{fields}");
            match self.ask(path, Some(&form)).await {
                Some(Page { status: 303, .. }) => return Sent::Done,
                Some(Page { status, .. }) => return refused(status),
                None => was_lost = true,
            }
            sleep(PAUSE).await;
        }
        Sent::GivenUp
    }

    /// Sends one request. Returns `None` if it failed.
    async fn ask(&mut self, path: &str, form: Option<&str>) -> Option<Page> {
        let began = Instant::now();
        let method = if form.is_some() { "POST" } else { "GET" };
        let route = path.split('/').nth(1).unwrap_or_default();
        let asked = timeout(LIMIT, self.exchange(path, form)).await;
        let (page, failure) = match asked {
            Ok(Ok(page)) if page.status < 500 => (Some(page), None),
            Ok(Ok(page)) => (None, Some(page.status.to_string())),
            Ok(Err(error)) => (None, Some(format!("{error:#}"))),
            Err(_) => (None, Some("no answer".to_owned())),
        };
        let failure = failure.map(|what| format!("{method} /{route}: {what}"));
        self.scene.tally.count(began, failure);
        page
    }

    async fn exchange(&mut self, path: &str, form: Option<&str>) -> Result<Page> {
        let address = self.scene.balancer.address();
        let cookies = self.header();
        let request = match form {
            Some(form) => Request::post(address, path, &cookies, form),
            None => Request::get(address, path, &cookies),
        };
        let mut connection = Connection::open(address).await?;
        let answer = connection.send(&request).await?;
        self.keep(&answer);
        Ok(Page { status: answer.status, body: String::from_utf8_lossy(answer.bytes).into_owned() })
    }

    fn header(&self) -> String {
        let pairs: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn keep(&mut self, answer: &Answer<'_>) {
        for name in COOKIES {
            match answer.cookie(name).and_then(|pair| pair.split_once('=')) {
                Some((_, "")) => drop(self.cookies.remove(name)),
                Some((_, value)) => drop(self.cookies.insert(name, value.to_owned())),
                None => {}
            }
        }
    }
}

fn token(page: &str) -> Option<&str> {
    page.split_once(r#"name="csrf_token" value=""#)?.1.split('"').next()
}
