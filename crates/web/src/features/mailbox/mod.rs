//! Waiting for the mail that proves an address: where it is, its code, another one,
//! and a mend of the address. It belongs to the browser that asked, and says the same
//! whether or not the address had an account.

pub(crate) mod code;
pub(crate) mod email;
pub(crate) mod resend;
pub(crate) mod state;
mod view;

use auth::WaitingMailbox;
use hypermedia::{answer::Answer, error::Error, extract::LocalPath, page_context::PageContext};
use poem::handler;

#[handler]
pub(crate) async fn show(context: &PageContext) -> Result<Answer, Error> {
    let Some(waiting) = find(context).await? else { return Ok(nothing_to_wait_for()) };
    Ok(Answer::page(view::page(context, &waiting, None)))
}

async fn find(context: &PageContext) -> Result<Option<WaitingMailbox>, Error> {
    match &context.proof {
        Some(cookie) => Ok(context.accounts().registration().find_waiting_mailbox(cookie).await?),
        None => Ok(None),
    }
}

/// The page in which one of the forms was refused; without a mail to wait for, the way
/// to one.
async fn refused(
    context: &PageContext,
    form: view::Refused<'_>,
    answer: impl FnOnce(hypermedia::answer::View) -> Answer,
) -> Result<Answer, Error> {
    let Some(waiting) = find(context).await? else { return Ok(nothing_to_wait_for()) };
    Ok(answer(view::page(context, &waiting, Some(form))))
}

fn nothing_to_wait_for() -> Answer {
    Answer::redirect(LocalPath::of("/login"))
}
