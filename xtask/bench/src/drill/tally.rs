//! Counts requests by phase of the drill. Separates failures that no server could have prevented
//! from failures of the servers.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The time after a kill during which a new request may still reach the killed server.
const DYING: Duration = Duration::from_millis(100);

/// The counts of all requests so far.
pub(super) struct Tally(Mutex<State>);

struct State {
    phases: Vec<Phase>,
    outages: Vec<Outage>,
    failures: Vec<Failure>,
}

/// The requests that ended during one phase of the drill.
#[derive(Clone)]
pub(super) struct Phase {
    pub(super) name: &'static str,
    pub(super) requests: u32,
    pub(super) slowest: Duration,
}

/// A period in which no server could answer, or in which a killed server's requests fail.
#[derive(Clone, Copy)]
struct Outage {
    began: Instant,
    ended: Option<Instant>,
}

/// A request without an answer, or with a 5xx answer.
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

    /// Begins a phase of the drill.
    pub(super) fn enter(&self, name: &'static str) {
        println!("{name} …");
        self.state().phases.push(Phase { name, requests: 0, slowest: Duration::ZERO });
    }

    /// Counts a request that began at `began` and ends now. `failure` describes its failure, if
    /// any.
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

    /// Records the kill of a server, whose running requests fail.
    pub(super) fn note_kill(&self) {
        let now = Instant::now();
        self.state().outages.push(Outage { began: now, ended: Some(now + DYING) });
    }

    /// Records that no server can answer from now on.
    pub(super) fn begin_outage(&self) {
        self.state().outages.push(Outage { began: Instant::now(), ended: None });
    }

    /// Records that a server can answer again. Returns the length of the outage.
    pub(super) fn end_outage(&self) -> Duration {
        let now = Instant::now();
        let mut state = self.state();
        let Some(outage) = state.outages.last_mut() else { return Duration::ZERO };
        outage.ended = Some(now);
        now - outage.began
    }

    /// Whether an outage overlaps the period that begins at `moment` and lasts `before`.
    pub(super) fn was_disturbed(&self, moment: Instant, before: Duration) -> bool {
        let state = self.state();
        state.outages.iter().any(|outage| outage.overlaps(moment, moment + before))
    }

    pub(super) fn phases(&self) -> Vec<Phase> {
        self.state().phases.clone()
    }

    /// Returns the failures of a phase that happened outside outages, and the number of the others.
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
