//! One time for all nodes: the clock follows that of the database server, so that leases of
//! mails, throttles and the ends of sessions and links mean the same moment everywhere
//! (MAI-04). With SQLite it is the clock of this machine.
//!
//! A clock that tests move by hand follows nothing.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::{Clock, Timestamp};
use store::Store;

/// How often the clock is compared: one that is set is wrong for no longer.
pub(crate) const INTERVAL: Duration = Duration::from_secs(10);
/// Longest time a comparison may take; a longer one says too little.
const MAX_ROUND_TRIP: Duration = Duration::from_secs(1);
/// How far off the clock of a machine is said to be off.
const TOLERATED: Duration = Duration::from_secs(2);
/// How often that is said.
const WARNING_INTERVAL: Duration = Duration::from_hours(1);

/// The comparison of the clock of this machine with that of the database.
#[derive(Debug, Default)]
pub(crate) struct SharedTime {
    /// When the operator was last told that the clock of this machine is off.
    said: Mutex<Option<Timestamp>>,
    /// How far the clock of this machine is ahead, in milliseconds.
    offset: AtomicI64,
}

impl SharedTime {
    /// Adjusts the clock to that of the database. A failed measurement changes nothing.
    pub(crate) async fn follow(&self, store: &Store, clock: &Clock) {
        if !clock.is_system() {
            return;
        }
        let before = clock.source_now();
        let Ok(Some(theirs)) = store.server_time().await else { return };
        let round_trip = clock.source_now() - before;
        if round_trip > MAX_ROUND_TRIP {
            return;
        }
        let ours = before + round_trip / 2;
        clock.follow(theirs, ours);
        let offset = ours.as_millis() - theirs.as_millis();
        self.offset.store(offset, Ordering::Relaxed);
        let off = (theirs - ours).max(ours - theirs);
        if off > TOLERATED && self.is_to_be_said(theirs) {
            let (off_ms, is_ahead) = (offset.abs(), offset > 0);
            tracing::warn!(
                off_ms,
                is_ahead,
                "the clock of this machine is off; that of the database counts"
            );
        }
    }

    /// How far the clock of this machine was ahead of the database's at the last comparison, in
    /// milliseconds; negative when it was behind. Zero with SQLite, which has no clock of its own.
    pub(crate) fn offset_millis(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    fn is_to_be_said(&self, now: Timestamp) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = said.is_some_and(|at| at <= now && now - at < WARNING_INTERVAL);
        if !is_recent {
            *said = Some(now);
        }
        !is_recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::NOW;

    #[test]
    fn a_clock_that_is_off_is_said_to_be_so_once_an_hour() {
        let shared = SharedTime::default();
        let minute = Duration::from_mins(1);

        let said = [0, 1, 59, 60, 61, 30].map(|n| shared.is_to_be_said(NOW + minute * n));

        assert_eq!(said, [true, false, false, true, false, true]);
    }
}
