//! Tells an open page by script whether its session is still alive, so that it does not show
//! private content for long after that.

use hypermedia::answer::Answer;
use poem::handler;

/// Asking here does not count as use of the session.
pub(crate) const PATH: &str = "/session";

#[handler]
pub(crate) fn show() -> Answer {
    Answer::nothing()
}
