//! How far a conversation with the mail server has come. It may be ended from outside, when
//! its time is up or the server stops: after the final dot the mail may be there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::smtp_outcome::{Cause, Step, Trouble};

/// Where a conversation stands; clones follow the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress(Arc<Mutex<Stand>>);

#[derive(Clone, Copy, Debug, Default)]
struct Stand {
    step: Step,
    /// The bytes received in this step.
    code: Option<u16>,
}

impl Progress {
    /// Notes that the answer to `step` is waited for.
    pub(super) fn enter(&self, step: Step) {
        *self.stand() = Stand { step, code: None };
    }

    /// Notes the code of a line of the reply.
    pub(super) fn hear(&self, code: u16) {
        self.stand().code = Some(code);
    }

    pub(super) fn step(&self) -> Step {
        self.stand().step
    }

    /// The cause for an answer that came too late.
    pub(super) fn late(&self) -> Cause {
        Cause::new(self.step(), Trouble::Late)
    }

    /// The outcome of a conversation that breaks off now: the server has the mail if it began to
    /// say so.
    pub(super) fn cut(&self) -> Result<(), Cause> {
        let Stand { step, code } = *self.stand();
        let is_taken = step == Step::End && code.is_some_and(|code| (200..300).contains(&code));
        if is_taken { Ok(()) } else { Err(self.late()) }
    }

    fn stand(&self) -> MutexGuard<'_, Stand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::smtp_outcome::Meaning;

    /// MAI-02: a conversation that is ended from outside, at the end of its time or of the
    /// server.
    #[test]
    fn a_conversation_that_is_cut_after_the_final_dot_leaves_a_doubt() {
        let progress = Progress::default();
        let meaning = || progress.cut().map_err(|cause| cause.meaning());

        progress.enter(Step::Data);
        progress.hear(354);
        assert_eq!(meaning(), Err(Meaning::Later));
        progress.enter(Step::End);
        assert_eq!(meaning(), Err(Meaning::Doubtful));
        progress.hear(250);
        assert_eq!(meaning(), Ok(()));
        progress.hear(451);
        assert_eq!(meaning(), Err(Meaning::Doubtful));
    }
}
