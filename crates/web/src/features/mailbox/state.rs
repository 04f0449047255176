//! The state of the mail: a part of the page that polls until the mail has reached its final state.

use hypermedia::{answer::Answer, error::Error, extract::LocalPath, page_context::PageContext};
use poem::handler;

use super::{find, nothing_to_wait_for, view};
use crate::texts::Texts;

#[handler]
pub(crate) async fn show(context: &PageContext) -> Result<Answer, Error> {
    if !context.is_partial() {
        return Ok(Answer::redirect(LocalPath::of("/mailbox")));
    }
    Ok(match find(context).await? {
        Some(waiting) => Answer::fragment(view::state(Texts::of(context.language()), waiting.mail)),
        None => nothing_to_wait_for(),
    })
}
