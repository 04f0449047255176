//! Changing the address of the account: the request here, the confirmation or the reversal by a
//! mailed [`link`]. The answer does not tell whether the new address has an account.

pub(crate) mod link;
mod view;

use auth::RequestEmailChangeError;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::handler;

pub(crate) use self::view::page;
use crate::{fields, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::EMAIL];

#[handler]
pub(crate) fn new(context: &PageContext) -> Answer {
    Answer::page(page(context, &FormState::default()))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let Some(email) = state.parse(texts, submission, fields::EMAIL, fields::email) else {
        return Ok(Answer::invalid(page(context, &state)));
    };
    match context
        .accounts()
        .account()
        .request_email_change(principal, &email, &context.client())
        .await
    {
        Ok(()) => {
            let here = LocalPath::of("/settings/email");
            Ok(Answer::redirect(here).with_flash(Flash::new(
                Texts::of(context.language()).flashes.email_change_requested,
            )))
        }
        Err(RequestEmailChangeError::Unchanged) => {
            state.reject(fields::EMAIL, texts.forms.email_unchanged);
            Ok(Answer::invalid(page(context, &state)))
        }
        Err(RequestEmailChangeError::Throttled { retry_after }) => {
            Ok(Answer::throttled(page(context, &state.refused(texts.forms.throttled)), retry_after))
        }
        Err(RequestEmailChangeError::SessionEnded) => Ok(Answer::log_in()),
        Err(RequestEmailChangeError::Fault(fault)) => Err(fault.into()),
    }
}
