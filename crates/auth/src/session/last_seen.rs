//! When sessions were last in use, noted in memory and written down in batches, so
//! that reading a page writes nothing. A crash loses the last notes and no more.

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

    pub(crate) fn take(&self) -> HashMap<SessionKey, Timestamp> {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionKey, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
