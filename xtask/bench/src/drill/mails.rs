//! Collects the mails that arrive during a drill, by recipient and kind, with the times of arrival.
//! Mails with one `Message-ID` count as one. A mail arrives twice if it was being sent when a
//! server was killed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::broadcast::error::RecvError;

use xtask::mail_catcher::{CaughtMail, MailCatcher};

/// The kind of a mail, as far as the ledger needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Asks to confirm an address.
    Confirmation,
    /// Contains the link to set a new password.
    Reset,
    /// Says that the password was changed.
    Changed,
}

/// A mail with its arrivals.
#[derive(Clone)]
pub(super) struct Arrived {
    pub(super) to: String,
    pub(super) kind: Option<Kind>,
    pub(super) at: Vec<Instant>,
    text: String,
}

/// All mails so far, by their `Message-ID`.
#[derive(Default)]
pub(super) struct Mails(Mutex<State>);

#[derive(Default)]
struct State {
    by_id: BTreeMap<String, Arrived>,
    missed: u64,
}

impl Mails {
    /// Starts to collect the mails that `catcher` receives from now on.
    pub(super) fn keep(catcher: &MailCatcher) -> Arc<Self> {
        let mails = Arc::new(Self::default());
        let mut arrivals = catcher.arrivals();
        let kept = Arc::clone(&mails);
        tokio::spawn(async move {
            loop {
                match arrivals.recv().await {
                    Ok(mail) => kept.add(&mail),
                    Err(RecvError::Lagged(missed)) => kept.state().missed += missed,
                    Err(RecvError::Closed) => return,
                }
            }
        });
        mails
    }

    /// Returns the number of mails of this kind to `address`.
    pub(super) fn count(&self, address: &str, kind: Kind) -> usize {
        let state = self.state();
        let wanted = |mail: &&Arrived| mail.to == address && mail.kind == Some(kind);
        state.by_id.values().filter(wanted).count()
    }

    /// Returns the path of the link in the newest reset mail to `address`.
    pub(super) fn reset_path(&self, address: &str) -> Option<String> {
        let state = self.state();
        let resets = state.by_id.values();
        let resets = resets.filter(|mail| mail.to == address && mail.kind == Some(Kind::Reset));
        let newest = resets.max_by_key(|mail| mail.at.first().copied())?;
        let token = newest.text.split_once(RESET)?.1;
        let is_token = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let end = token.find(|c| !is_token(c)).unwrap_or(token.len());
        Some(format!("{RESET}{}", token.get(..end)?))
    }

    pub(super) fn all(&self) -> Vec<Arrived> {
        self.state().by_id.values().cloned().collect()
    }

    /// Returns the number of mails that arrived faster than they were collected.
    pub(super) fn missed(&self) -> u64 {
        self.state().missed
    }

    fn add(&self, mail: &CaughtMail) {
        let text = String::from_utf8_lossy(&mail.data).replace("=\r\n", "");
        let (to, id) = (mail.to.concat(), header(&text, "message-id").unwrap_or_default());
        let kind = kind(&text);
        let mut state = self.state();
        let new = || Arrived { to, kind, at: Vec::new(), text };
        state.by_id.entry(id).or_insert_with(new).at.push(Instant::now());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const RESET: &str = "/reset-password/";

fn kind(text: &str) -> Option<Kind> {
    let subject = header(text, "subject").unwrap_or_default();
    if text.contains("/confirm-address/") {
        Some(Kind::Confirmation)
    } else if text.contains(RESET) {
        Some(Kind::Reset)
    } else if subject.contains("password was changed") {
        Some(Kind::Changed)
    } else {
        None
    }
}

fn header(text: &str, name: &str) -> Option<String> {
    let head = text.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| {
        let (given, value) = line.split_once(": ")?;
        given.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}
