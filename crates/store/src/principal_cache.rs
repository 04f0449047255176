//! A cache of sessions with their users, for the short time that the settings allow.
//!
//! A request that only reads looks here first. Every write of this process to a session or a user
//! removes the entry. Other nodes report their writes through `cache_invalidation`. The cache is
//! bounded. Its keys are hashes of session ids, so that it contains no secret.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{Principal, SessionKey};
use moka::sync::Cache;

use crate::cache_change::Change;

/// Most sessions in the cache, of about 0.5 KiB each.
const CAPACITY: u64 = 10_000;

/// The state of the cache of principals in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheState {
    /// Whether the cache is in use. It is not while invalidations of other nodes cannot be
    /// received, nor if it is switched off.
    pub is_trusted: bool,
    /// The number of look-ups that the cache answered.
    pub hits: u64,
    /// The number of look-ups that the cache could not answer.
    pub misses: u64,
    /// The number of times that the connection for invalidations was lost.
    pub losses: u64,
}

#[derive(Debug)]
pub(crate) struct PrincipalCache {
    ttl: Duration,
    /// The channel of PostgreSQL on which nodes tell each other what to forget.
    pub(crate) channel: String,
    entries: Cache<SessionKey, Entry>,
    trusted: AtomicBool,
    generation: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
    losses: AtomicU64,
}

#[derive(Clone, Debug)]
struct Entry {
    principal: Arc<Principal>,
    read_at: Instant,
}

/// The state of the cache before a read. An entry that was invalidated since must not come back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(u64);

impl PrincipalCache {
    pub(crate) fn new(ttl: Duration, channel: String) -> Self {
        Self {
            ttl,
            channel,
            entries: Cache::new(CAPACITY),
            trusted: AtomicBool::new(!ttl.is_zero()),
            generation: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            losses: AtomicU64::new(0),
        }
    }

    /// Switches the cache on or off. A cache without a lifetime stays off.
    pub(crate) fn set_trusted(&self, trusted: bool) {
        self.trusted.store(trusted && !self.ttl.is_zero(), Ordering::SeqCst);
    }

    /// Empties the cache and switches it off, because the connection for invalidations was lost.
    pub(crate) fn distrust(&self) {
        self.losses.fetch_add(1, Ordering::Relaxed);
        self.set_trusted(false);
        self.clear();
    }

    /// Returns whether the cache is on, and its counters.
    pub(crate) fn state(&self) -> CacheState {
        CacheState {
            is_trusted: self.trusted.load(Ordering::SeqCst),
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            losses: self.losses.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn find(&self, key: &SessionKey) -> Option<Arc<Principal>> {
        let found = self.find_trusted(key);
        let count = if found.is_some() { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
        found
    }

    fn find_trusted(&self, key: &SessionKey) -> Option<Arc<Principal>> {
        if !self.trusted.load(Ordering::SeqCst) {
            return None;
        }
        let entry = self.entries.get(key)?;
        (entry.read_at.elapsed() < self.ttl).then_some(entry.principal)
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.generation.load(Ordering::SeqCst))
    }

    /// Adds a principal that was read after `mark`, unless any entry was invalidated since then.
    pub(crate) fn remember(&self, principal: &Arc<Principal>, mark: Mark) {
        if !self.trusted.load(Ordering::SeqCst) || self.mark().0 != mark.0 {
            return;
        }
        let entry = Entry { principal: Arc::clone(principal), read_at: Instant::now() };
        self.entries.insert(principal.session_key, entry);
        if self.mark().0 != mark.0 {
            self.entries.invalidate(&principal.session_key);
        }
    }

    pub(crate) fn forget(&self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        self.generation.fetch_add(1, Ordering::SeqCst);
        for change in changes {
            match change {
                Change::Session(key) => self.entries.invalidate(key),
                Change::User(id) => {
                    for (key, entry) in &self.entries {
                        if entry.principal.user_id == *id {
                            self.entries.invalidate(&*key);
                        }
                    }
                }
            }
        }
    }

    pub(crate) fn clear(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.entries.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use domain::{DisplayName, EmailAddress, Role, Timestamp, UserId};

    use super::*;

    fn principal() -> Arc<Principal> {
        Arc::new(Principal {
            user_id: UserId::generate(),
            email: EmailAddress::parse("mia@example.org").unwrap(),
            name: DisplayName::parse("Mia").unwrap(),
            is_confirmed: true,
            joined_at: Timestamp::default(),
            role: Role::USER,
            delete_after: None,
            assurance: domain::Assurance::Password,
            factor_at: None,
            second_factor_since: None,
            factor_reset_at: None,
            recovery_codes_left: None,
            keys: domain::LogInKeys { has_password: true, has_passkey: false },
            session_key: SessionKey::of("id"),
            remember: false,
            logged_in_at: Timestamp::default(),
            authenticated_at: Timestamp::default(),
            last_seen_at: Timestamp::default(),
            expires_at: Timestamp::default(),
            session_values: String::new(),
            role_when_issued: Role::USER,
        })
    }

    #[test]
    fn a_principal_is_forgotten_with_its_session_and_with_its_user() {
        let cache = PrincipalCache::new(Duration::from_mins(1), String::new());
        let principal = principal();
        let key = principal.session_key;

        for change in [Change::Session(key), Change::User(principal.user_id)] {
            cache.remember(&principal, cache.mark());
            assert!(cache.find(&key).is_some());
            cache.forget(&[change]);
            assert!(cache.find(&key).is_none());
        }
    }

    #[test]
    fn a_read_that_began_before_a_change_is_not_remembered() {
        let cache = PrincipalCache::new(Duration::from_mins(1), String::new());
        let principal = principal();
        let mark = cache.mark();

        cache.forget(&[Change::User(UserId::generate())]);
        cache.remember(&principal, mark);

        assert!(cache.find(&principal.session_key).is_none());
    }

    #[test]
    fn a_cache_without_a_life_time_or_without_trust_remembers_nothing() {
        let off = PrincipalCache::new(Duration::ZERO, String::new());
        let deaf = PrincipalCache::new(Duration::from_mins(1), String::new());
        deaf.set_trusted(false);
        let principal = principal();

        for cache in [off, deaf] {
            cache.remember(&principal, cache.mark());
            assert!(cache.find(&principal.session_key).is_none());
        }
    }
}
