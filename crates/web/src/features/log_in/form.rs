//! The fields of the log-in form.

use auth::{LogIn, LogInWithPasskey, RememberedCookie};
use hypermedia::{
    extract::{FormState, Submission},
    page_context::PageContext,
    ui::FieldName,
};

use crate::{features::passkey_prompt::answer_of, fields, texts::Texts};

pub(super) fn parse(context: &PageContext, submission: &Submission) -> Result<LogIn, FormState> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let email = state.parse(texts, submission, fields::EMAIL, fields::email);
    let password = state.parse(texts, submission, fields::PASSWORD, fields::current_password);
    match (email, password) {
        (Some(email), Some(password)) => {
            let next = submission.value(FieldName::NEXT).ok();
            let next = next.and_then(|next| context.site.page_paths.find(next));
            let remembered = context.remembered.as_deref().map(RememberedCookie::of_request);
            let remember = submission.has(fields::REMEMBER);
            let next_path = next.map(|next| next.as_str().to_owned());
            Ok(LogIn { email, password, remember, next_path, remembered })
        }
        _ => Err(state),
    }
}

/// The log-in with a passkey, if an authenticator has answered.
pub(super) fn parse_passkey(submission: &Submission) -> Option<LogInWithPasskey> {
    let answer = answer_of(submission)?;
    Some(LogInWithPasskey { answer, remember: submission.has(fields::REMEMBER) })
}
