//! Counts of the work of one process, for the operator's monitoring: log-ins, mails, password
//! hashes, sweeps, cache and connections.
//!
//! Counting is one atomic addition and reads nothing. No count has a label that a visitor
//! could choose, and none names a person.

use std::{
    array,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use domain::Timestamp;
use store::OutboxState;
use tokio::sync::Mutex;

use crate::mail::MailKind;

/// How a log-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogInOutcome {
    /// A session began.
    LoggedIn,
    /// The password was right, and a second factor has to follow.
    SecondFactor,
    /// The address, the password or the code was wrong.
    Refused,
    /// The address was not confirmed.
    Unconfirmed,
    /// A limit was reached.
    Throttled,
    /// Too many passwords were being hashed.
    Busy,
    /// The database was not available, or something failed.
    Failed,
}

/// The outcome of a try to deliver a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailOutcome {
    /// A mail server took it.
    Sent,
    /// There will be another try.
    Delayed,
    /// It was given up.
    Failed,
}

/// The sweeps of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepState {
    /// When the last one ended, however it did.
    pub last_ended_at: Option<Timestamp>,
    /// How long it took.
    pub last_duration: Duration,
    /// Rows removed by all of them.
    pub rows: u64,
    /// How many there were.
    pub runs: u64,
    /// How many of them could not remove something.
    pub failures: u64,
}

/// The counters of one process.
#[derive(Debug)]
pub(crate) struct Counters {
    log_ins: [AtomicU64; LogInOutcome::ALL.len()],
    /// By kind, those of an unknown kind last.
    mails: [[AtomicU64; MailOutcome::ALL.len()]; MailKind::ALL.len() + 1],
    sweeps: SweepCounters,
    pub(crate) outbox: Mutex<Option<(Instant, Option<OutboxState>)>>,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            log_ins: Default::default(),
            mails: array::from_fn(|_| Default::default()),
            sweeps: SweepCounters::default(),
            outbox: Mutex::default(),
        }
    }
}

#[derive(Debug, Default)]
struct SweepCounters {
    /// In milliseconds; zero before the first.
    last_ended_at: AtomicI64,
    last_millis: AtomicU64,
    rows: AtomicU64,
    runs: AtomicU64,
    failures: AtomicU64,
}

impl LogInOutcome {
    /// Every outcome.
    pub const ALL: [Self; 7] = [
        Self::LoggedIn,
        Self::SecondFactor,
        Self::Refused,
        Self::Unconfirmed,
        Self::Throttled,
        Self::Busy,
        Self::Failed,
    ];

    /// The outcome in one word, which does not change.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged_in",
            Self::SecondFactor => "second_factor",
            Self::Refused => "refused",
            Self::Unconfirmed => "unconfirmed",
            Self::Throttled => "throttled",
            Self::Busy => "busy",
            Self::Failed => "failed",
        }
    }
}

impl MailOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Sent, Self::Delayed, Self::Failed];

    /// The outcome in one word, which does not change.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delayed => "delayed",
            Self::Failed => "failed",
        }
    }
}

impl Counters {
    pub(crate) fn count_log_in(&self, outcome: LogInOutcome) {
        add(self.log_ins.get(outcome as usize), 1);
    }

    /// Notes a try to deliver a mail of the kind with this name.
    pub(crate) fn count_mail(&self, kind: &str, outcome: MailOutcome) {
        let known = MailKind::ALL.iter().position(|known| known.name() == kind);
        let of_kind = self.mails.get(known.unwrap_or(MailKind::ALL.len()));
        add(of_kind.and_then(|counts| counts.get(outcome as usize)), 1);
    }

    pub(crate) fn log_ins(&self) -> Vec<(LogInOutcome, u64)> {
        named(LogInOutcome::ALL, &self.log_ins)
    }

    pub(crate) fn mails(&self) -> Vec<(&'static str, MailOutcome, u64)> {
        let kinds = MailKind::ALL.iter().map(|kind| kind.name()).chain(["other"]);
        let counts = kinds.zip(&self.mails).flat_map(|(kind, counts)| {
            let counts = named(MailOutcome::ALL, counts);
            counts.into_iter().map(move |(outcome, count)| (kind, outcome, count))
        });
        counts.collect()
    }

    /// Notes a sweep that ended at `now` and removed so many rows, `None` where it failed.
    pub(crate) fn count_sweep(&self, rows: Option<u64>, took: Duration, now: Timestamp) {
        let sweeps = &self.sweeps;
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        sweeps.last_ended_at.store(now.as_millis(), Ordering::Relaxed);
        sweeps.last_millis.store(millis, Ordering::Relaxed);
        add(Some(&sweeps.runs), 1);
        match rows {
            Some(rows) => add(Some(&sweeps.rows), rows),
            None => add(Some(&sweeps.failures), 1),
        }
    }

    pub(crate) fn sweep_state(&self) -> SweepState {
        let sweeps = &self.sweeps;
        let last_ended_at = sweeps.last_ended_at.load(Ordering::Relaxed);
        SweepState {
            last_ended_at: (last_ended_at != 0).then(|| Timestamp::from_millis(last_ended_at)),
            last_duration: Duration::from_millis(sweeps.last_millis.load(Ordering::Relaxed)),
            rows: sweeps.rows.load(Ordering::Relaxed),
            runs: sweeps.runs.load(Ordering::Relaxed),
            failures: sweeps.failures.load(Ordering::Relaxed),
        }
    }
}

fn add(counter: Option<&AtomicU64>, count: u64) {
    if let Some(counter) = counter {
        counter.fetch_add(count, Ordering::Relaxed);
    }
}

fn named<T, const N: usize>(outcomes: [T; N], counts: &[AtomicU64; N]) -> Vec<(T, u64)> {
    outcomes.into_iter().zip(counts.iter().map(|count| count.load(Ordering::Relaxed))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_counter_and_a_name_of_its_own() {
        let counters = Counters::default();
        for (place, outcome) in LogInOutcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, place, "{outcome:?}");
        }
        for outcome in MailOutcome::ALL {
            counters.count_mail("invitation", outcome);
            counters.count_mail("of another release", outcome);
        }
        let counts = counters.mails();
        let counted: Vec<_> = counts.iter().filter(|(.., count)| *count == 1).collect();
        assert_eq!(counted.len(), 6, "{counts:?}");
        assert!(counted.iter().all(|(kind, ..)| ["invitation", "other"].contains(kind)));

        let names = LogInOutcome::ALL.map(LogInOutcome::name);
        assert!(names.iter().all(|name| names.iter().filter(|other| *other == name).count() == 1));
    }

    #[test]
    fn a_sweep_that_fails_is_told_from_one_that_removes_nothing() {
        let counters = Counters::default();
        assert_eq!(counters.sweep_state().last_ended_at, None);

        let (took, now) = (Duration::from_millis(1_500), Timestamp::from_millis(7));
        counters.count_sweep(Some(3), took, now);
        counters.count_sweep(None, took, now);

        let state = counters.sweep_state();
        assert_eq!((state.runs, state.rows, state.failures), (2, 3, 1));
        assert_eq!((state.last_ended_at, state.last_duration), (Some(now), took));
    }
}
