//! Asking for a mail to set a new password. The answer is the same for every
//! well-formed address, as fast as it is for the next.

pub(crate) mod from_log_in;
pub(crate) mod sent;
mod view;

use auth::{Fault, RequestPasswordResetError};
use domain::EmailAddress;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    reset_request::ResetRequest,
    ui::FieldName,
};
use poem::handler;

pub(crate) use self::view::page;
use crate::{fields, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::EMAIL];

#[handler]
pub(crate) fn new(context: &PageContext) -> Answer {
    let email = context.flash.as_ref().and_then(Flash::email).map_or("", EmailAddress::as_str);
    Answer::page(page(context, &FormState::default().with_value(fields::EMAIL, email)))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    match state.parse(texts, submission, fields::EMAIL, fields::email) {
        Some(email) => ask(context, email).await,
        None => Ok(Answer::invalid(page(context, &state))),
    }
}

/// Asks for the mail, and leads to the page that waits for it.
async fn ask(context: &PageContext, email: EmailAddress) -> Result<Answer, Error> {
    match context.accounts().credentials().request_password_reset(&email, &context.client()).await {
        // One answer, whatever becomes of an account.
        Ok(()) | Err(RequestPasswordResetError::Fault(Fault::AccountGone)) => {
            let asked_at = context.accounts().clock().now();
            let request = ResetRequest { email, asked_at };
            Ok(Answer::redirect(LocalPath::of(sent::PATH)).set_reset_request(request))
        }
        Err(RequestPasswordResetError::Fault(
            fault @ (Fault::Busy { .. } | Fault::Unavailable | Fault::Internal),
        )) => Err(fault.into()),
    }
}
