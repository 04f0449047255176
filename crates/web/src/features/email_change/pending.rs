//! The change of address that waits for its link, on the page that takes a new one: another mail,
//! and cancelling it.

use auth::{RequestEmailChangeError, ResendEmailChangeError};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
};
use poem::handler;

pub(crate) use super::notice::{CANCEL_PATH, RESEND_PATH};
use super::view;
use crate::{features::settings::Section, texts::Texts};

/// Asks for another mail.
#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let error = match context
        .accounts()
        .account()
        .resend_email_change(principal, &context.client())
        .await
    {
        Ok(()) => return Ok(back().with_flash(Flash::new(texts.flashes.reset_resent))),
        Err(
            ResendEmailChangeError::NonePending
            | ResendEmailChangeError::Request(RequestEmailChangeError::Unchanged),
        ) => return Ok(back()),
        Err(ResendEmailChangeError::Request(RequestEmailChangeError::SessionEnded)) => {
            return Ok(Answer::log_in());
        }
        Err(
            ResendEmailChangeError::Fault(fault)
            | ResendEmailChangeError::Request(RequestEmailChangeError::Fault(fault)),
        ) => return Err(fault.into()),
        Err(ResendEmailChangeError::TooSoon { retry_after }) => {
            ((texts.forms.resend_too_soon)(retry_after), retry_after)
        }
        Err(ResendEmailChangeError::Request(RequestEmailChangeError::Throttled {
            retry_after,
        })) => (texts.forms.throttled.to_owned(), retry_after),
    };
    let pending = context.accounts().account().find_pending_email_change(principal).await?;
    let Some(pending) = pending else { return Ok(back()) };
    let (state, retry_after) = (FormState::default().refused(error.0), error.1);
    Ok(Answer::throttled(view::with_refused_mail(context, &pending, &state), retry_after))
}

/// Cancels the change.
#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    context.accounts().account().cancel_email_change(principal, &context.client()).await?;
    Ok(back().with_flash(Flash::new(texts.flashes.email_change_cancelled)))
}

fn back() -> Answer {
    Answer::redirect(LocalPath::of(Section::Email.path()))
}
