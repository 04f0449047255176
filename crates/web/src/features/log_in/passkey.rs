//! Logging in with a passkey, by the button or by the autofill of the address. Whatever is wrong
//! with it, the answer is the same (PSK-04); a challenge that is too old comes back renewed.

use auth::{LogInWithPasskey, PasskeyLogInError};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    page_context::PageContext,
    ui::FieldName,
};

use super::{begin, view};
use crate::{paths, texts::Texts};

pub(super) async fn create(
    context: &PageContext,
    submission: &Submission,
    log_in: LogInWithPasskey,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let refused = |error: &'static str| {
        let mut state = FormState::of(submission);
        state.reject(FieldName::PASSKEY, error);
        view::page(context, &state)
    };
    let (device, client) = (context.device.as_deref(), context.client());
    match context.accounts().sessions().log_in_with_passkey(log_in, device, &client).await {
        Ok(logged_in) => Ok(begin(context, submission, logged_in)),
        Err(PasskeyLogInError::Expired) => Ok(Answer::invalid(refused(texts.passkeys.expired))),
        Err(PasskeyLogInError::Refused) => Ok(Answer::invalid(refused(texts.passkeys.refused))),
        Err(PasskeyLogInError::Unconfirmed(cookie)) => {
            Ok(Answer::redirect(LocalPath::of(paths::MAILBOX)).set_proof(cookie))
        }
        Err(PasskeyLogInError::Throttled { retry_after }) => {
            Ok(Answer::throttled(refused(texts.forms.throttled), retry_after))
        }
        Err(PasskeyLogInError::Fault(fault)) => Err(fault.into()),
    }
}
