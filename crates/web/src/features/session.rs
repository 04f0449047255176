//! Whether the session of an open page still lives: what the page asks by itself, so that
//! it does not show for long what is no longer its visitor's.

use hypermedia::answer::Answer;
use poem::handler;

/// Asking here does not count as use of the session.
pub(crate) const PATH: &str = "/session";

#[handler]
pub(crate) fn show() -> Answer {
    Answer::nothing()
}
