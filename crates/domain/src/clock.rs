//! Time as a value. Only [`Clock`] asks the system for the time. All other code gets `now` as an
//! argument, so that tests can set the time. The module knows no calendar and no time zone.

use std::{
    ops::{Add, Sub},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A moment, in whole milliseconds since the Unix epoch (1970-01-01T00:00:00Z).
///
/// Integers have the same order in Rust, SQLite and PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Returns the moment `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Returns the milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Returns the whole seconds since the Unix epoch, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(millis))
    }
}

impl Sub for Timestamp {
    type Output = Duration;

    /// Returns the time from `earlier` to `self`, or zero if `earlier` is later than `self`.
    /// A clock that was set back therefore never yields a negative duration.
    fn sub(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }
}

/// A source of the present time: the system clock, or a manual clock that a test moves. All
/// clones of a clock show the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Source,
    /// The offset between the source and the time shown, in milliseconds.
    offset: Arc<AtomicI64>,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Creates a clock that shows the system time, until [`Clock::follow`] sets an offset.
    pub fn system() -> Self {
        Self { source: Source::System, offset: Arc::default() }
    }

    /// Creates a clock that stands at `start` until [`Clock::advance`] or [`Clock::turn_back`]
    /// moves it.
    pub fn manual(start: Timestamp) -> Self {
        let source = Source::Manual(Arc::new(AtomicI64::new(start.as_millis())));
        Self { source, offset: Arc::default() }
    }

    /// Returns whether the clock runs by itself, which a manual clock does not.
    pub const fn is_system(&self) -> bool {
        matches!(self.source, Source::System)
    }

    /// Returns the present time: the time of the source plus the offset.
    pub fn now(&self) -> Timestamp {
        let offset = self.offset.load(Ordering::SeqCst);
        Timestamp(self.source_now().0.saturating_add(offset))
    }

    /// Sets the offset to another clock, which showed `theirs` when the source of this clock
    /// showed `ours`. Machines that follow the same clock show the same time.
    pub fn follow(&self, theirs: Timestamp, ours: Timestamp) {
        self.offset.store(theirs.0.saturating_sub(ours.0), Ordering::SeqCst);
    }

    /// Returns the time of the source, without the offset.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system time")]
    pub fn source_now(&self) -> Timestamp {
        match &self.source {
            Source::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::default() + since
            }
            Source::Manual(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward by `duration`. Has no effect on the system clock.
    pub fn advance(&self, duration: Duration) {
        if let Source::Manual(millis) = &self.source {
            let step = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
            millis.fetch_add(step, Ordering::SeqCst);
        }
    }

    /// Sets a manual clock back by `duration`. Has no effect on the system clock.
    pub fn turn_back(&self, duration: Duration) {
        if let Source::Manual(millis) = &self.source {
            let step = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
            millis.fetch_sub(step, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_by_hand_and_together_with_its_clones() {
        let clock = Clock::manual(Timestamp::from_millis(1_000));
        let other = clock.clone();

        clock.advance(Duration::from_secs(2));

        assert_eq!(other.now(), Timestamp::from_millis(3_000));
    }

    /// MAI-04.
    #[test]
    fn clocks_that_follow_one_clock_show_one_time() {
        let theirs = Timestamp::from_millis(100_000);
        let clocks = [30_000, 170_000].map(|ours| Clock::manual(Timestamp::from_millis(ours)));
        for clock in &clocks {
            let of_before = clock.clone();
            clock.follow(theirs, clock.source_now());
            clock.advance(Duration::from_secs(1));
            assert_eq!(of_before.now(), theirs + Duration::from_secs(1));
        }
    }

    #[test]
    fn a_clock_set_back_yields_no_negative_duration() {
        let early = Timestamp::from_millis(1);
        let late = Timestamp::from_millis(5);

        assert_eq!(early - late, Duration::ZERO);
        assert_eq!(late - early, Duration::from_millis(4));
    }
}
