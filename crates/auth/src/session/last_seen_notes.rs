//! The last use of sessions in memory, until it is written down.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{SessionKey, Timestamp};

/// Most sessions noted between two saves; further ones wait for the next.
const CAPACITY: usize = 50_000;

#[derive(Default)]
pub(crate) struct LastSeen(Mutex<HashMap<SessionKey, Timestamp>>);

impl LastSeen {
    pub(crate) fn note(&self, key: SessionKey, now: Timestamp) {
        let mut noted = self.lock();
        if noted.len() < CAPACITY || noted.contains_key(&key) {
            noted.insert(key, now);
        }
    }

    pub(crate) fn find(&self, key: &SessionKey) -> Option<Timestamp> {
        self.lock().get(key).copied()
    }

    pub(super) fn list(&self) -> Vec<(SessionKey, Timestamp)> {
        self.lock().iter().map(|(key, moment)| (*key, *moment)).collect()
    }

    /// Forgets the notes that were written down, but for those made since.
    pub(super) fn forget(&self, saved: &[(SessionKey, Timestamp)]) {
        let mut noted = self.lock();
        for (key, moment) in saved {
            if noted.get(key) == Some(moment) {
                noted.remove(key);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionKey, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
