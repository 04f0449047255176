//! The code from the mail, typed into the browser that asked.

use auth::{CodeAccepted, ConfirmByCodeError};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::handler;

use super::{nothing_to_wait_for, refused, view::Refused, what_became_of_it};
use crate::{fields, paths, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::CODE];

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let Some(cookie) = &context.proof else { return Ok(nothing_to_wait_for()) };
    let mut state = FormState::default();
    let Some(code) = state.parse(texts, submission, fields::CODE, fields::confirmation_code) else {
        return refused(context, Refused::Code(&state), Answer::invalid).await;
    };
    match context.accounts().registration().confirm_by_code(cookie, &code, &context.client()).await
    {
        Ok(CodeAccepted::Confirmed(email)) => {
            let flash = Flash::new(texts.flashes.address_confirmed).with_email(email);
            return Ok(Answer::redirect(LocalPath::of(paths::LOG_IN))
                .with_flash(flash)
                .remove_proof());
        }
        Ok(CodeAccepted::SignUp(token)) => {
            let path = paths::with_token(paths::NEW_ACCOUNT, &token);
            return Ok(Answer::redirect(LocalPath::parse(&path).ok_or(Error::NotFound)?));
        }
        Err(ConfirmByCodeError::Used) => return Ok(what_became_of_it()),
        Err(ConfirmByCodeError::NoProof) => return Ok(nothing_to_wait_for()),
        Err(ConfirmByCodeError::Wrong) => state.reject(fields::CODE, texts.forms.code_wrong),
        Err(ConfirmByCodeError::NoTryLeft) => state.reject(fields::CODE, texts.forms.code_spent),
        Err(ConfirmByCodeError::Fault(fault)) => return Err(fault.into()),
    }
    refused(context, Refused::Code(&state), Answer::invalid).await
}
