//! What one process knows of its own work: numbers for the operator's monitoring and for tests, and
//! the mails that it sent.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use store::{CacheState, OutboxState, PoolState};

use crate::{
    counters::{Counters, LogInOutcome, MailOutcome, SweepState},
    mail::RecentMail,
    password::HashingState,
    services::Operations,
};

/// How long the state of the outbox is good for: however often it is asked for, the
/// database is asked this often at most.
const OUTBOX_TTL: Duration = Duration::from_secs(10);

/// Everything that a process knows of its own work without a question to the database.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Log-ins by outcome.
    pub log_ins: Vec<(LogInOutcome, u64)>,
    /// Tries to deliver mails by the name of their kind and by outcome; `other` are those
    /// of kinds that this program does not know.
    pub mails: Vec<(&'static str, MailOutcome, u64)>,
    /// The threads that hash passwords.
    pub hashing: HashingState,
    /// The sweeps.
    pub sweeps: SweepState,
    /// The cache of principals.
    pub cache: CacheState,
    /// The connections to the database.
    pub pool: PoolState,
    /// How far the clock of this machine is ahead of the database's, in milliseconds; negative when
    /// it is behind.
    pub clock_offset_millis: i64,
}

impl Operations<'_> {
    /// The counts of this process; runs no statement.
    pub fn metrics(self) -> Metrics {
        let counters: &Arc<Counters> = &self.0.counters;
        Metrics {
            log_ins: counters.log_ins(),
            mails: counters.mails(),
            hashing: self.0.hasher.state(),
            sweeps: counters.sweep_state(),
            cache: self.0.store.cache_state(),
            pool: self.0.store.pool_state(),
            clock_offset_millis: self.0.shared_time.offset_millis(),
        }
    }

    /// The mails that wait, as the database had it within the last ten seconds; `None`
    /// where it did not answer.
    pub async fn outbox_state(self) -> Option<OutboxState> {
        let mut known = self.0.counters.outbox.lock().await;
        if let Some((read_at, state)) = *known
            && read_at.elapsed() < OUTBOX_TTL
        {
            return state;
        }
        // Not logged: the worker of the outbox says once that the database is away.
        let state = self.0.store.outbox_state().await.ok();
        *known = Some((Instant::now(), state));
        state
    }

    /// The latest mails that this process sent, the newest first; none unless the
    /// settings keep them.
    pub fn recent_mails(self) -> Vec<RecentMail> {
        self.0.recent_mails.list()
    }

    /// How many statements have run on the database, for tests that count them.
    pub fn statement_count(self) -> u64 {
        self.0.store.statement_count()
    }

    /// How many times Argon2 has run, for tests that count them.
    pub fn hash_count(self) -> u64 {
        self.0.hasher.runs()
    }
}
