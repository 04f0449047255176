//! Changing the address of one's own account: asking for it here, confirming it by the
//! link in the mail to the new one ([`confirm`]), taking it back by the link in the
//! mail to the old one ([`undo`]). Who has an account with the new address is not told.

pub(crate) mod confirm;
pub(crate) mod undo;
mod view;

use auth::{EmailChangeError, Fault, RequestEmailChangeError};
use poem::handler;

pub(crate) use self::view::page;
use crate::{
    answer::{Answer, View},
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

/// The button behind a link, again.
fn refuse(visit: &Visit, error: EmailChangeError, page: View) -> Result<Answer, Error> {
    match error {
        EmailChangeError::InvalidToken => Ok(view::gone(visit)),
        EmailChangeError::EmailTaken => Ok(Answer::invalid(page)),
        EmailChangeError::Fault(Fault::Busy { retry_after }) => Ok(Answer::busy(page, retry_after)),
        EmailChangeError::Fault(fault) => Err(fault.into()),
    }
}
