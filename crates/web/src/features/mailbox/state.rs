//! The state of the mail: a part of the page that polls, so that the page notices when its link was
//! followed on another device.

use auth::Mailbox;
use hypermedia::{answer::Answer, error::Error, page_context::PageContext};
use poem::handler;

use super::{find, nothing_to_wait_for, view, what_became_of_it};
use crate::texts::Texts;

#[handler]
pub(crate) async fn show(context: &PageContext) -> Result<Answer, Error> {
    if !context.is_partial() {
        return Ok(what_became_of_it());
    }
    Ok(match find(context).await? {
        Some(Mailbox::Waiting(waiting)) => {
            Answer::fragment(view::state(Texts::of(context.language()), waiting.mail))
        }
        Some(Mailbox::Confirmed(_)) => what_became_of_it(),
        None => nothing_to_wait_for(),
    })
}
