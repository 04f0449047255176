//! Counters of one process for the operator's monitoring: log-ins, mails and sweeps.
//!
//! Counting is lock-free and never reads the database. No counter has a label that a visitor could
//! choose or that names a person.

use std::{
    array,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use domain::Timestamp;
use store::OutboxState;
use tokio::sync::Mutex;

use crate::mail::MailKind;

/// The outcome of a log-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogInOutcome {
    /// A session began.
    LoggedIn,
    /// The password was right, and a second factor is required.
    SecondFactor,
    /// The address, the password or the code was wrong.
    Refused,
    /// The address was not confirmed.
    Unconfirmed,
    /// A limit was reached.
    Throttled,
    /// Too many passwords were being hashed.
    Busy,
    /// The database was unavailable, or there was an internal error.
    Failed,
}

/// The outcome of an attempt to deliver a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailOutcome {
    /// A mail server accepted it.
    Sent,
    /// There will be another attempt.
    Delayed,
    /// It was given up.
    Failed,
}

/// The sweeps of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepState {
    /// When the last sweep ended, successful or not.
    pub last_ended_at: Option<Timestamp>,
    /// How long the last sweep took.
    pub last_duration: Duration,
    /// The number of rows that the successful sweeps removed.
    pub rows: u64,
    /// The number of sweeps.
    pub runs: u64,
    /// The number of sweeps that failed.
    pub failures: u64,
}

/// The counters of one process.
#[derive(Debug)]
pub(crate) struct Counters {
    log_ins: [AtomicU64; LogInOutcome::ALL.len()],
    /// By kind and outcome; the last row counts unknown kinds.
    mails: [[AtomicU64; MailOutcome::ALL.len()]; MailKind::ALL.len() + 1],
    sweeps: SweepCounters,
    /// The last state of the outbox and when it was read; `None` inside if it could not be read.
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
    /// In milliseconds since 1970; zero before the first sweep.
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

    /// The stable name of the outcome, for metrics.
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

    /// The stable name of the outcome, for metrics.
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

    /// Counts an attempt to deliver a mail of this kind.
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

    /// Counts a sweep that ended at `now` and removed `rows` rows, or failed if `rows` is `None`.
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
    fn every_outcome_has_its_own_counter_and_name() {
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
    fn failed_sweeps_are_counted_separately() {
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
