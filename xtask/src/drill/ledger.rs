//! The acknowledged work of the visitors, for the comparison at the end.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::mails::{Kind, Mails};

/// Everything that an answer has promised.
#[derive(Default)]
pub(super) struct Ledger(Mutex<State>);

#[derive(Default)]
struct State {
    /// By address, the passwords that may be the one: several, where an answer to a
    /// change was lost.
    accounts: BTreeMap<String, Vec<String>>,
    owed: BTreeMap<(String, Kind), usize>,
    sessions: BTreeMap<String, String>,
    counts: Counts,
    faults: Vec<String>,
}

/// How much was acknowledged.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) sign_ups: u32,
    pub(super) log_ins: u32,
    pub(super) resets: u32,
    pub(super) log_outs: u32,
}

impl Ledger {
    /// An account was made; a mail to confirm its address has to arrive.
    pub(super) fn signed_up(&self, email: &str, password: &str) {
        let mut state = self.state();
        state.counts.sign_ups += 1;
        state.accounts.insert(email.to_owned(), vec![password.to_owned()]);
        state.owe(email, Kind::Confirmation);
    }

    /// A reset was requested; its mail has to arrive.
    pub(super) fn reset_requested(&self, email: &str) {
        self.state().owe(email, Kind::Reset);
    }

    /// The password was set, which ends every session; its notice has to arrive.
    pub(super) fn password_set(&self, email: &str, password: &str) {
        let mut state = self.state();
        state.counts.resets += 1;
        state.accounts.insert(email.to_owned(), vec![password.to_owned()]);
        state.owe(email, Kind::Changed);
    }

    /// The answer to a change of the password was lost: either may hold.
    pub(super) fn password_perhaps_set(&self, email: &str, password: &str) {
        if let Some(passwords) = self.state().accounts.get_mut(email) {
            passwords.push(password.to_owned());
        }
    }

    /// A session was opened.
    pub(super) fn logged_in(&self, cookie: &str, email: &str) {
        let mut state = self.state();
        state.counts.log_ins += 1;
        state.sessions.insert(cookie.to_owned(), email.to_owned());
    }

    /// The visitor has no use for the session any more, acknowledged or not.
    pub(super) fn forget_session(&self, cookie: &str) {
        self.state().sessions.remove(cookie);
    }

    /// A log-out was acknowledged.
    pub(super) fn logged_out(&self) {
        self.state().counts.log_outs += 1;
    }

    /// Something that was acknowledged did not hold.
    pub(super) fn note_fault(&self, what: String) {
        self.state().faults.push(what);
    }

    pub(super) fn faults(&self) -> Vec<String> {
        self.state().faults.clone()
    }

    pub(super) fn counts(&self) -> Counts {
        self.state().counts
    }

    /// The sessions that have to be alive, by their cookies.
    pub(super) fn sessions(&self) -> Vec<(String, String)> {
        self.state().sessions.clone().into_iter().collect()
    }

    /// The accounts that have to be there, each with the passwords that may be its.
    pub(super) fn accounts(&self) -> Vec<(String, Vec<String>)> {
        self.state().accounts.clone().into_iter().collect()
    }

    /// The number of mails that have to arrive.
    pub(super) fn owed(&self) -> usize {
        self.state().owed.values().sum()
    }

    /// The mails that have not arrived yet.
    pub(super) fn missing_mails(&self, mails: &Mails) -> Vec<(String, Kind)> {
        let state = self.state();
        let missing =
            state.owed.iter().filter(|((to, kind), owed)| mails.count(to, *kind) < **owed);
        missing.map(|(key, _)| key.clone()).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn owe(&mut self, email: &str, kind: Kind) {
        *self.owed.entry((email.to_owned(), kind)).or_default() += 1;
    }
}
