//! Refused passwords: a log line for each, and for log-ins an entry in the timeline of the account.
//!
//! The notes are kept in memory and written down together a moment later, so that an answer
//! takes as long for an address without an account (ENU-01), and a flood of tries causes a
//! few writes. A crash loses the last notes and no more. Log lines name no address.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{EventActor, RefusalReason, SecurityEvent, Timestamp, UserId};
use store::{NewRefusals, StoreError, WriteTx};
use tokio::sync::Notify;

use crate::{Accounts, Client, Fault};

/// Most notes between two writes; further ones are in the log alone.
const CAPACITY: usize = 10_000;

/// The use of a password that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// To log in.
    LogIn,
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
struct Key {
    user_id: UserId,
    reason: RefusalReason,
    network: String,
}

impl RefusalNotes {
    fn add(&self, user_id: UserId, refusal: Refusal, client: &Client, now: Timestamp) {
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

    fn users(&self) -> Vec<UserId> {
        let mut users: Vec<_> = self.lock().keys().map(|key| *key.user_id.as_bytes()).collect();
        users.sort_unstable();
        users.dedup();
        users.into_iter().map(UserId::from_bytes).collect()
    }

    fn take(&self, user_id: UserId) -> Vec<(Key, NewRefusals)> {
        self.lock().extract_if(|key, _| key.user_id == user_id).collect()
    }

    /// Keeps refusals that could not be written, unless newer ones were noted meanwhile.
    fn put_back(&self, taken: Vec<(Key, NewRefusals)>) {
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

impl Accounts {
    /// Logs the refusal, and notes that of a log-in for the account, if there is one.
    /// One within a session is in the log alone: it changes nothing of the account.
    pub(crate) fn note_refusal(&self, refusal: Refusal, client: &Client) {
        let Refusal { attempt, user_id, reason } = refusal;
        let user = user_id.map(|id| id.to_string());
        let network = client.wider_network();
        match (attempt, reason.is_throttled()) {
            (Attempt::LogIn, false) => {
                tracing::info!(user_id = user, %reason, network, "log-in refused");
            }
            (Attempt::LogIn, true) => {
                tracing::info!(user_id = user, %reason, network, "log-in throttled");
            }
            (Attempt::InSession, false) => {
                tracing::info!(user_id = user, %reason, network, "password refused");
            }
            (Attempt::InSession, true) => {
                tracing::info!(user_id = user, %reason, network, "password throttled");
            }
        }
        if let (Attempt::LogIn, Some(user_id)) = (attempt, user_id) {
            self.0.refusals.add(user_id, refusal, client, self.0.clock.now());
        }
    }

    /// Waits until there is something for [`Self::save_refusals`] to do.
    pub(crate) async fn refusal_noted(&self) {
        self.0.refusals.added().await;
    }

    /// Writes the noted refusals down, one account after the other. Those that cannot be written
    /// are kept for the next time.
    pub(crate) async fn save_refusals(&self) -> Result<(), Fault> {
        for user_id in self.0.refusals.users() {
            let taken = self.0.refusals.take(user_id);
            if let Err(error) = self.save_refusals_of(user_id, &taken).await {
                self.0.refusals.put_back(taken);
                return Err(error.into());
            }
        }
        Ok(())
    }

    async fn save_refusals_of(
        &self,
        user_id: UserId,
        taken: &[(Key, NewRefusals)],
    ) -> Result<(), StoreError> {
        let tx = self.0.store.begin().await?;
        if tx.users().lock(user_id).await? {
            insert(&tx, user_id, taken).await?;
        }
        tx.commit().await
    }

    /// As [`Self::save_refusals`] for one locked user, when `tx` commits.
    pub(crate) async fn insert_refusals(
        &self,
        tx: &WriteTx,
        user_id: UserId,
    ) -> Result<(), StoreError> {
        let taken = self.0.refusals.take(user_id);
        insert(tx, user_id, &taken).await.inspect_err(|_| self.0.refusals.put_back(taken))
    }
}

async fn insert(
    tx: &WriteTx,
    user_id: UserId,
    taken: &[(Key, NewRefusals)],
) -> Result<(), StoreError> {
    for (_, note) in taken {
        tx.security_events().insert_refusals(user_id, note).await?;
    }
    Ok(())
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
