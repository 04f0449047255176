//! Mending a mistyped address while its mail is waited for.

use auth::CorrectAddressError;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::handler;

use super::{nothing_to_wait_for, refused, view::Refused};
use crate::{fields, paths, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::EMAIL];

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let Some(cookie) = &context.proof else { return Ok(nothing_to_wait_for()) };
    let mut state = FormState::of(submission);
    let Some(email) = state.parse(texts, submission, fields::EMAIL, fields::email) else {
        return refused(context, Refused::Email(&state), Answer::invalid).await;
    };
    let client = context.client();
    match Box::pin(context.accounts().registration().correct_address(cookie, &email, &client)).await
    {
        Ok(()) => Ok(Answer::redirect(LocalPath::of(paths::MAILBOX))
            .with_flash(Flash::new(Texts::of(context.language()).flashes.address_corrected))),
        Err(CorrectAddressError::NoProof) => Ok(nothing_to_wait_for()),
        Err(CorrectAddressError::EmailTaken) => {
            state.reject(fields::EMAIL, texts.forms.email_taken);
            refused(context, Refused::Email(&state), Answer::invalid).await
        }
        Err(CorrectAddressError::Throttled { retry_after }) => {
            let state = state.refused(texts.forms.throttled);
            let answer = |view| Answer::throttled(view, retry_after);
            refused(context, Refused::Email(&state), answer).await
        }
        Err(CorrectAddressError::Fault(fault)) => Err(fault.into()),
    }
}
