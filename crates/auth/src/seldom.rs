//! Lines of the log that a stranger can cause again and again: one a second of each kind,
//! with the number of those left out since the one before. The failure of a request is no
//! such line: it is logged once, with its request, and every request leaves a line anyway.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The least time from one line to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// One kind of line; a `static` beside where it is logged.
#[derive(Debug)]
pub struct Seldom(Mutex<State>);

#[derive(Debug)]
struct State {
    last: Option<Instant>,
    left_out: u64,
}

impl Default for Seldom {
    fn default() -> Self {
        Self::new()
    }
}

impl Seldom {
    /// A kind of which no line was written yet.
    pub const fn new() -> Self {
        Self(Mutex::new(State { last: None, left_out: 0 }))
    }

    /// How many lines were left out since the last one, where it is time for another;
    /// `None` where this one is to be left out.
    pub fn due(&self) -> Option<u64> {
        self.due_at(Instant::now())
    }

    fn due_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.last.is_some_and(|last| now.duration_since(last) < PAUSE) {
            state.left_out += 1;
            return None;
        }
        state.last = Some(now);
        Some(std::mem::take(&mut state.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RES-10.
    #[test]
    fn one_line_a_second_is_written_and_tells_of_those_left_out() {
        let (lines, start) = (Seldom::new(), Instant::now());
        let due = |millis| lines.due_at(start + Duration::from_millis(millis));

        assert_eq!([due(0), due(1), due(999)], [Some(0), None, None]);
        assert_eq!([due(1_000), due(1_500), due(2_000)], [Some(2), None, Some(1)]);
        assert_eq!(due(60_000), Some(0));
    }
}
