//! Another mail: for the browser that waits for one, or for somebody who is logged in
//! and has not confirmed the address.

use auth::ResendProofError;
use poem::handler;

use super::{nothing_to_wait_for, refused, view};
use crate::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    visit::Visit,
};

#[handler]
pub(crate) async fn create(visit: &Visit) -> Result<Answer, Error> {
    let texts = visit.texts();
    let sent = || Answer::redirect(LocalPath::of("/mailbox")).with_flash(Flash::ProofSent);
    let (result, is_waiting) = match (super::find(visit).await?, &visit.proof, &visit.principal) {
        (Some(_), Some(cookie), _) => {
            let resent = visit.accounts().resend_proof(cookie, &visit.client()).await;
            (resent.map(|()| sent()), true)
        }
        (_, _, Some(principal)) => {
            let cookie = visit.accounts().send_proof(principal).await;
            (cookie.map(|cookie| sent().set_proof(cookie)), false)
        }
        _ => return Ok(nothing_to_wait_for()),
    };
    match result {
        Ok(answer) => Ok(answer),
        Err(ResendProofError::NoProof) => Ok(nothing_to_wait_for()),
        Err(ResendProofError::TooSoon { retry_after }) => {
            let state = FormState::default().refused((texts.forms.resend_too_soon)(retry_after));
            let answer = |view| Answer::throttled(view, retry_after);
            if is_waiting {
                return refused(visit, view::Refused::Resend(&state), answer).await;
            }
            Ok(answer(view::resend_page(visit, &state)))
        }
        Err(ResendProofError::Fault(fault)) => Err(fault.into()),
    }
}
