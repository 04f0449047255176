//! Another mail: for the browser that waits for one, or for a user with an unconfirmed address.

use auth::ResendProofError;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath},
    flash::Flash,
    page_context::PageContext,
};
use poem::handler;

use super::{nothing_to_wait_for, refused, view};
use crate::{paths, texts::Texts};

#[handler]
pub(crate) async fn create(context: &PageContext) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let sent = || {
        Answer::redirect(LocalPath::of(paths::MAILBOX))
            .with_flash(Flash::new(Texts::of(context.language()).flashes.proof_sent))
    };
    let (result, is_waiting) =
        match (super::find_waiting(context).await?, &context.proof, &context.principal) {
            (Some(_), Some(cookie), _) => {
                let resent =
                    context.accounts().registration().resend_proof(cookie, &context.client()).await;
                (resent.map(|()| sent()), true)
            }
            (_, _, Some(principal)) => {
                let cookie = context.accounts().registration().send_proof(principal).await;
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
                return refused(context, view::Refused::Resend(&state), answer).await;
            }
            Ok(answer(view::resend_page(context, &state)))
        }
        Err(ResendProofError::Fault(fault)) => Err(fault.into()),
    }
}
