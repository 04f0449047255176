//! Records what the servers acknowledged to the visitors, for the comparison at the end.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::mails::{Kind, Mails};

/// All acknowledged promises.
#[derive(Default)]
pub(super) struct Ledger(Mutex<State>);

#[derive(Default)]
struct State {
    /// The possible passwords of each address. There are several if the answer to a change was
    /// lost.
    accounts: BTreeMap<String, Vec<String>>,
    owed: BTreeMap<(String, Kind), usize>,
    sessions: BTreeMap<String, String>,
    counts: Counts,
    faults: Vec<String>,
}

/// The numbers of acknowledged actions.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) sign_ups: u32,
    pub(super) log_ins: u32,
    pub(super) resets: u32,
    pub(super) log_outs: u32,
}

impl Ledger {
    /// Records a new account. A mail to confirm its address must arrive.
    pub(super) fn signed_up(&self, email: &str, password: &str) {
        let mut state = self.state();
        state.counts.sign_ups += 1;
        state.accounts.insert(email.to_owned(), vec![password.to_owned()]);
        state.owe(email, Kind::Confirmation);
    }

    /// Records a requested reset. Its mail must arrive.
    pub(super) fn reset_requested(&self, email: &str) {
        self.state().owe(email, Kind::Reset);
    }

    /// Records a new password, which ends every session. The notice about it must arrive.
    pub(super) fn password_set(&self, email: &str, password: &str) {
        let mut state = self.state();
        state.counts.resets += 1;
        state.accounts.insert(email.to_owned(), vec![password.to_owned()]);
        state.owe(email, Kind::Changed);
    }

    /// Records a password change without an answer, so that the old or the new password may be
    /// valid.
    pub(super) fn password_perhaps_set(&self, email: &str, password: &str) {
        if let Some(passwords) = self.state().accounts.get_mut(email) {
            passwords.push(password.to_owned());
        }
    }

    /// Records an opened session.
    pub(super) fn logged_in(&self, cookie: &str, email: &str) {
        let mut state = self.state();
        state.counts.log_ins += 1;
        state.sessions.insert(cookie.to_owned(), email.to_owned());
    }

    /// Forgets a session that the visitor no longer needs, whether or not its end was acknowledged.
    pub(super) fn forget_session(&self, cookie: &str) {
        self.state().sessions.remove(cookie);
    }

    /// Records an acknowledged log-out.
    pub(super) fn logged_out(&self) {
        self.state().counts.log_outs += 1;
    }

    /// Records that an acknowledged promise did not hold.
    pub(super) fn note_fault(&self, what: String) {
        self.state().faults.push(what);
    }

    pub(super) fn faults(&self) -> Vec<String> {
        self.state().faults.clone()
    }

    pub(super) fn counts(&self) -> Counts {
        self.state().counts
    }

    /// Returns the session cookies that must be alive, with the address of each.
    pub(super) fn sessions(&self) -> Vec<(String, String)> {
        self.state().sessions.clone().into_iter().collect()
    }

    /// Returns the accounts that must exist, with the possible passwords of each.
    pub(super) fn accounts(&self) -> Vec<(String, Vec<String>)> {
        self.state().accounts.clone().into_iter().collect()
    }

    /// Returns the number of mails that must arrive.
    pub(super) fn owed(&self) -> usize {
        self.state().owed.values().sum()
    }

    /// Returns the mails that must arrive and have not.
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
