//! The code from the mail, typed into the browser that asked.

use auth::ConfirmByCodeError;
use poem::handler;

use super::{nothing_to_wait_for, refused, view::Refused};
use crate::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission, fields},
    flash::Flash,
    ui::FieldName,
    visit::Visit,
};

#[handler]
pub(crate) async fn create(visit: &Visit, submission: &Submission) -> Result<Answer, Error> {
    let texts = visit.texts();
    let Some(cookie) = &visit.proof else { return Ok(nothing_to_wait_for()) };
    let mut state = FormState::default();
    let Some(code) = state.parse(texts, submission, FieldName::Code, fields::confirmation_code)
    else {
        return refused(visit, Refused::Code(&state), Answer::invalid).await;
    };
    match visit.accounts().confirm_by_code(cookie, &code, &visit.client()).await {
        Ok(_) => {
            return Ok(Answer::redirect(LocalPath::of("/login"))
                .with_flash(Flash::AddressConfirmed)
                .remove_proof());
        }
        Err(ConfirmByCodeError::NoProof) => return Ok(nothing_to_wait_for()),
        Err(ConfirmByCodeError::Wrong) => state.reject(FieldName::Code, texts.forms.code_wrong),
        Err(ConfirmByCodeError::NoTryLeft) => state.reject(FieldName::Code, texts.forms.code_spent),
        Err(ConfirmByCodeError::Fault(fault)) => return Err(fault.into()),
    }
    refused(visit, Refused::Code(&state), Answer::invalid).await
}
