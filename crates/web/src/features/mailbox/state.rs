//! Where the mail is: the part of the page that asks again by itself, until nothing
//! more will become of the mail.

use poem::handler;

use super::{find, nothing_to_wait_for, view};
use crate::{answer::Answer, error::Error, extract::LocalPath, visit::Visit};

#[handler]
pub(crate) async fn show(visit: &Visit) -> Result<Answer, Error> {
    if !visit.is_partial() {
        return Ok(Answer::redirect(LocalPath::of("/mailbox")));
    }
    Ok(match find(visit).await? {
        Some(waiting) => Answer::fragment(view::state(visit.texts(), waiting.mail)),
        None => nothing_to_wait_for(),
    })
}
