//! Waiting for the mail that proves an address: where it is, its code, another one, and another
//! address. It belongs to the browser that asked, and says the same whether or not the address has
//! an account. Once the link was followed on another device, it says that.

pub(crate) mod code;
pub(crate) mod email;
pub(crate) mod resend;
pub(crate) mod state;
mod view;

use auth::{Mailbox, WaitingMailbox};
use hypermedia::{
    answer::Answer, error::Error, extract::LocalPath, page_context::PageContext, ui::Indexing,
};
use poem::handler;

use super::confirm_address::confirmed;
use crate::{paths, texts::Texts};

#[handler]
pub(crate) async fn show(context: &PageContext) -> Result<Answer, Error> {
    Ok(match find(context).await? {
        Some(Mailbox::Waiting(waiting)) => Answer::page(view::page(context, &waiting, None)),
        Some(Mailbox::Confirmed(email)) => {
            let lead = (Texts::of(context.language()).sign_up.confirmed_lead)(email.as_str());
            Answer::page(confirmed(context, &lead, Indexing::Unlisted))
        }
        None => nothing_to_wait_for(),
    })
}

async fn find(context: &PageContext) -> Result<Option<Mailbox>, Error> {
    match &context.proof {
        Some(cookie) => Ok(context.accounts().registration().find_mailbox(cookie).await?),
        None => Ok(None),
    }
}

async fn find_waiting(context: &PageContext) -> Result<Option<WaitingMailbox>, Error> {
    Ok(match find(context).await? {
        Some(Mailbox::Waiting(waiting)) => Some(waiting),
        Some(Mailbox::Confirmed(_)) | None => None,
    })
}

/// The page in which one of the forms was refused; without a mail to wait for, the page that says
/// why.
async fn refused(
    context: &PageContext,
    form: view::Refused<'_>,
    answer: impl FnOnce(hypermedia::answer::View) -> Answer,
) -> Result<Answer, Error> {
    let Some(waiting) = find_waiting(context).await? else { return Ok(what_became_of_it()) };
    Ok(answer(view::page(context, &waiting, Some(form))))
}

/// The page again, which says that the address is confirmed or leads on.
fn what_became_of_it() -> Answer {
    Answer::redirect(LocalPath::of(paths::MAILBOX))
}

fn nothing_to_wait_for() -> Answer {
    Answer::redirect(LocalPath::of(paths::LOG_IN))
}
