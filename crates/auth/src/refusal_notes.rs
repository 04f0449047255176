//! Refused passwords in memory, until they are written down.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{EventActor, RefusalReason, SecurityEvent, Timestamp, UserId};
use store::NewRefusals;
use tokio::sync::Notify;

use crate::Client;

/// Most notes between two writes; further ones are in the log alone.
const CAPACITY: usize = 10_000;

/// The use of a password that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// To log in.
    LogIn,
    /// To confirm the address of the account, and to log in with that.
    Confirmation,
    /// Within a session, which asked for it again.
    InSession,
}

/// A refused password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) attempt: Attempt,
    /// The account that the password was tried at, if there is one.
    pub(crate) user_id: Option<UserId>,
    pub(crate) reason: RefusalReason,
}

/// Refusals that are not written down yet.
#[derive(Default)]
pub(crate) struct RefusalNotes {
    notes: Mutex<HashMap<Key, NewRefusals>>,
    added: Notify,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    user_id: UserId,
    reason: RefusalReason,
    network: String,
}

impl RefusalNotes {
    pub(crate) fn add(&self, user_id: UserId, refusal: Refusal, client: &Client, now: Timestamp) {
        let reason = refusal.reason;
        let key = Key { user_id, reason, network: client.wider_network() };
        let mut notes = self.lock();
        if let Some(note) = notes.get_mut(&key) {
            note.count = note.count.saturating_add(1);
            note.last_at = now;
        } else if notes.len() < CAPACITY {
            let (event, actor) = (SecurityEvent::LogInRefused, EventActor::Anyone);
            let (network, request_id) = (key.network.clone(), client.request_id.clone());
            let (count, first_at, last_at) = (1, now, now);
            let note =
                NewRefusals { event, actor, reason, network, request_id, count, first_at, last_at };
            notes.insert(key, note);
        }
        drop(notes);
        self.added.notify_one();
    }

    /// Waits until there is a note.
    pub(crate) async fn added(&self) {
        self.added.notified().await;
    }

    pub(crate) fn users(&self) -> Vec<UserId> {
        let mut users: Vec<_> = self.lock().keys().map(|key| *key.user_id.as_bytes()).collect();
        users.sort_unstable();
        users.dedup();
        users.into_iter().map(UserId::from_bytes).collect()
    }

    pub(crate) fn take(&self, user_id: UserId) -> Vec<(Key, NewRefusals)> {
        self.lock().extract_if(|key, _| key.user_id == user_id).collect()
    }

    /// Keeps refusals that could not be written, unless newer ones were noted meanwhile.
    pub(crate) fn put_back(&self, taken: Vec<(Key, NewRefusals)>) {
        let mut notes = self.lock();
        for (key, note) in taken {
            if let Some(newer) = notes.get_mut(&key) {
                newer.count = newer.count.saturating_add(note.count);
                newer.first_at = note.first_at;
            } else if notes.len() < CAPACITY {
                notes.insert(key, note);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, NewRefusals>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn refusal(user_id: UserId) -> Refusal {
        let reason = RefusalReason::WrongPassword;
        Refusal { attempt: Attempt::LogIn, user_id: Some(user_id), reason }
    }

    fn client(address: &str) -> Client {
        Client::new(address.parse().unwrap(), "tests")
    }

    /// WHY-01: tries of one network are one note, and notes that cannot be written are kept.
    #[test]
    fn tries_of_one_network_are_counted_in_one_note() {
        let (notes, mia) = (RefusalNotes::default(), UserId::generate());
        for address in ["192.0.2.1", "192.0.2.200", "198.51.100.1"] {
            notes.add(mia, refusal(mia), &client(address), NOW);
        }

        let taken = notes.take(mia);
        assert_eq!(notes.users(), []);
        let mut counts: Vec<_> =
            taken.iter().map(|(key, note)| (key.network.as_str(), note.count)).collect();
        counts.sort_unstable();
        assert_eq!(counts, [("192.0.2.0/24", 2), ("198.51.100.0/24", 1)]);

        notes.add(mia, refusal(mia), &client("192.0.2.3"), NOW);
        notes.put_back(taken);
        let sum: u32 = notes.take(mia).iter().map(|(_, note)| note.count).sum();
        assert_eq!(sum, 4);
    }

    /// WHY-01: the notes are bounded, whatever is tried.
    #[test]
    fn a_flood_of_tries_at_many_accounts_takes_bounded_memory() {
        let notes = RefusalNotes::default();
        for _ in 0..CAPACITY + 10 {
            let user_id = UserId::generate();
            notes.add(user_id, refusal(user_id), &client("192.0.2.1"), NOW);
        }

        assert_eq!(notes.lock().len(), CAPACITY);
    }
}
