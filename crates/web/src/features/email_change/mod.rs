//! Changing the address of one's own account: asking for it here, confirming it or taking
//! it back by a mailed [`link`]. Who has an account with the new address is not told.

pub(crate) mod link;
mod view;

use auth::RequestEmailChangeError;
use poem::handler;

pub(crate) use self::view::page;
use crate::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission, fields},
    flash::Flash,
    ui::FieldName,
    visit::Visit,
};

#[handler]
pub(crate) fn new(visit: &Visit) -> Answer {
    Answer::page(page(visit, &FormState::default()))
}

#[handler]
pub(crate) async fn create(
    visit: &Visit,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = visit.texts();
    let mut state = FormState::of(submission);
    let Some(email) = state.parse(texts, submission, FieldName::Email, fields::email) else {
        return Ok(Answer::invalid(page(visit, &state)));
    };
    match visit.accounts().request_email_change(principal, &email, &visit.client()).await {
        Ok(()) => {
            let here = LocalPath::of("/settings/email");
            Ok(Answer::redirect(here).with_flash(Flash::EmailChangeRequested))
        }
        Err(RequestEmailChangeError::Unchanged) => {
            state.reject(FieldName::Email, texts.forms.email_unchanged);
            Ok(Answer::invalid(page(visit, &state)))
        }
        Err(RequestEmailChangeError::Throttled { retry_after }) => {
            Ok(Answer::throttled(page(visit, &state.refused(texts.forms.throttled)), retry_after))
        }
        Err(RequestEmailChangeError::SessionEnded) => Ok(Answer::log_in()),
        Err(RequestEmailChangeError::Fault(fault)) => Err(fault.into()),
    }
}
