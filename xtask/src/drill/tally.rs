//! Counts requests by the phase of the drill, and tells failures that nothing could have
//! prevented from those that are a fault of the servers.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A request that began this long after a kill may still have reached the victim.
const DYING: Duration = Duration::from_millis(100);

/// All requests so far.
pub(super) struct Tally(Mutex<State>);

struct State {
    phases: Vec<Phase>,
    outages: Vec<Outage>,
    failures: Vec<Failure>,
}

/// The results of the requests in one part of the drill.
#[derive(Clone)]
pub(super) struct Phase {
    pub(super) name: &'static str,
    pub(super) requests: u32,
    pub(super) slowest: Duration,
}

/// A time in which nothing could answer some requests or all.
#[derive(Clone, Copy)]
struct Outage {
    began: Instant,
    ended: Option<Instant>,
}

/// A request without an answer, or answered with 5xx.
#[derive(Clone)]
pub(super) struct Failure {
    pub(super) phase: usize,
    pub(super) what: String,
    began: Instant,
    ended: Instant,
}

impl Tally {
    pub(super) fn new() -> Self {
        let (phases, outages, failures) = (Vec::new(), Vec::new(), Vec::new());
        Self(Mutex::new(State { phases, outages, failures }))
    }

    /// Begins a part of the drill.
    pub(super) fn enter(&self, name: &'static str) {
        println!("{name} …");
        self.state().phases.push(Phase { name, requests: 0, slowest: Duration::ZERO });
    }

    /// Counts a request that began at `began` and has ended now, with `failure` if it
    /// failed.
    pub(super) fn count(&self, began: Instant, failure: Option<impl fmt::Display>) {
        let ended = Instant::now();
        let mut state = self.state();
        let Some(phase) = state.phases.last_mut() else { return };
        phase.requests += 1;
        phase.slowest = phase.slowest.max(ended - began);
        let phase = state.phases.len() - 1;
        if let Some(what) = failure {
            state.failures.push(Failure { phase, what: what.to_string(), began, ended });
        }
    }

    /// Notes that a server was killed at this moment: its running requests fail.
    pub(super) fn note_kill(&self) {
        let now = Instant::now();
        self.state().outages.push(Outage { began: now, ended: Some(now + DYING) });
    }

    /// Notes that nothing can answer from now on.
    pub(super) fn begin_outage(&self) {
        self.state().outages.push(Outage { began: Instant::now(), ended: None });
    }

    /// Notes that something can answer again.
    pub(super) fn end_outage(&self) -> Duration {
        let now = Instant::now();
        let mut state = self.state();
        let Some(outage) = state.outages.last_mut() else { return Duration::ZERO };
        outage.ended = Some(now);
        now - outage.began
    }

    /// Whether something was killed or away at `moment`, or up to `before` earlier.
    pub(super) fn was_disturbed(&self, moment: Instant, before: Duration) -> bool {
        let state = self.state();
        state.outages.iter().any(|outage| outage.overlaps(moment, moment + before))
    }

    pub(super) fn phases(&self) -> Vec<Phase> {
        self.state().phases.clone()
    }

    /// The failures that nothing excuses, and the number of the others, of one phase.
    pub(super) fn failures_in(&self, phase: usize) -> (Vec<Failure>, usize) {
        let state = self.state();
        let all = state.failures.iter().filter(|failure| failure.phase == phase);
        let (excused, faults): (Vec<&Failure>, Vec<&Failure>) = all.partition(|failure| {
            state.outages.iter().any(|outage| outage.overlaps(failure.began, failure.ended))
        });
        (faults.into_iter().cloned().collect(), excused.len())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outage {
    fn overlaps(&self, began: Instant, ended: Instant) -> bool {
        began <= self.ended.unwrap_or(ended) && ended >= self.began
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_request_that_met_an_outage_may_fail() {
        let tally = Tally::new();
        tally.enter("calm");
        tally.count(Instant::now(), Some("503"));
        std::thread::sleep(Duration::from_millis(1));
        tally.begin_outage();
        let began = Instant::now();
        tally.count(began, Some("hung up"));
        tally.end_outage();
        std::thread::sleep(Duration::from_millis(1));
        tally.count(Instant::now(), Some("500"));
        tally.count(began, None::<&str>);

        let (faults, excused) = tally.failures_in(0);
        let faults: Vec<&str> = faults.iter().map(|failure| failure.what.as_str()).collect();
        assert_eq!((faults, excused), (vec!["503", "500"], 1));
        assert_eq!(tally.phases().first().map(|phase| phase.requests), Some(4));
    }
}
