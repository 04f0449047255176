//! Logs why mails wait: once per cause instead of once per mail, again after an hour, and at once
//! for another cause.

use std::time::Duration;

use domain::Timestamp;

use super::smtp_outcome::Cause;

/// How long a cause is said for.
const AGAIN: Duration = Duration::from_hours(1);
/// Most causes that are remembered; the one that was said first is forgotten first.
const MAX_CAUSES: usize = 32;

/// The causes that were said lately.
#[derive(Debug, Default)]
pub(super) struct Causes(Vec<Said>);

#[derive(Debug)]
struct Said {
    cause: Cause,
    at: Timestamp,
    /// Tries that met with it since.
    unsaid: u32,
}

impl Causes {
    /// Tells the operator what keeps a mail waiting, unless that was said lately.
    pub(super) fn note(&mut self, cause: &Cause, now: Timestamp) {
        if let Some(tries) = self.count(cause, now) {
            let (step, fix) = (cause.step, cause.fix());
            tracing::warn!(%step, error = %cause, fix, tries, "mails wait for the mail server");
        }
    }

    /// How many tries met with the cause since it was said, this one among them; `None`
    /// where it is not to be said again.
    fn count(&mut self, cause: &Cause, now: Timestamp) -> Option<u32> {
        let position = self.0.iter().position(|said| said.cause == *cause);
        let mut said = position.map_or_else(
            || Said { cause: cause.clone(), at: now, unsaid: 0 },
            |position| self.0.remove(position),
        );
        said.unsaid = said.unsaid.saturating_add(1);
        // A time in the future was noted before the clock was set back.
        let is_recent = position.is_some() && said.at <= now && now - said.at < AGAIN;
        let tries = (!is_recent).then_some(said.unsaid);
        if tries.is_some() {
            (said.at, said.unsaid) = (now, 0);
        }
        match position.filter(|_| is_recent) {
            Some(position) => self.0.insert(position, said),
            None => self.0.push(said),
        }
        if self.0.len() > MAX_CAUSES {
            self.0.remove(0);
        }
        tries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{
        smtp_outcome::{Refusal, Step, Trouble},
        testing::NOW,
    };

    fn refused(code: u16, text: &str) -> Cause {
        Cause::new(Step::Rcpt, Trouble::Reply(Refusal::read(code, &[text.to_owned()])))
    }

    /// MAI-01: many mails with one reason to wait.
    #[test]
    fn a_cause_is_said_once_an_hour_with_how_often_it_was_met() {
        let mut causes = Causes::default();
        let (relay, full) = (refused(554, "5.7.1 x"), refused(452, "4.2.2 mia@example.org"));

        assert_eq!(causes.count(&relay, NOW), Some(1));
        assert_eq!(causes.count(&relay, NOW), None);
        assert_eq!(causes.count(&full, NOW), Some(1), "another cause is said at once");
        assert_eq!(causes.count(&refused(452, "4.2.2 leo@example.org"), NOW), None);
        let later = NOW + AGAIN;
        assert_eq!(causes.count(&relay, later - Duration::from_millis(1)), None);
        assert_eq!(causes.count(&relay, later), Some(3));
        assert_eq!(causes.count(&relay, NOW), Some(1), "the clock was set back");
    }

    /// MAI-01: a server that says something else each time.
    #[test]
    fn causes_are_remembered_within_bounds() {
        let mut causes = Causes::default();
        for detail in 0..200 {
            assert_eq!(causes.count(&refused(554, &format!("5.7.{detail} x")), NOW), Some(1));
        }
        assert_eq!(causes.0.len(), MAX_CAUSES);
        assert_eq!(causes.count(&refused(554, "5.7.199 x"), NOW), None);
    }
}
