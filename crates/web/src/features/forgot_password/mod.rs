//! Asking for a mail to set a new password. The answer is the same for every
//! well-formed address, as fast as it is for the next.

mod view;

use auth::{Fault, RequestPasswordResetError};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
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
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let Some(email) = state.parse(texts, submission, fields::EMAIL, fields::email) else {
        return Ok(Answer::invalid(page(context, &state)));
    };
    match context.accounts().credentials().request_password_reset(&email, &context.client()).await {
        // One answer, whatever becomes of an account.
        Ok(()) | Err(RequestPasswordResetError::Fault(Fault::AccountGone)) => {
            Ok(Answer::redirect(LocalPath::of("/forgot-password"))
                .with_flash(Flash::new(Texts::of(context.language()).flashes.reset_requested)))
        }
        Err(RequestPasswordResetError::Fault(
            fault @ (Fault::Busy { .. } | Fault::Unavailable | Fault::Internal),
        )) => Err(fault.into()),
    }
}
