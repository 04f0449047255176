//! The fields of the log-in form.

use auth::LogIn;
use hypermedia::extract::{FormState, Submission};

use crate::{fields, texts::Texts};

pub(super) fn parse(texts: &Texts, submission: &Submission) -> Result<LogIn, FormState> {
    let mut state = FormState::of(submission);
    let email = state.parse(texts, submission, fields::EMAIL, fields::email);
    let password = state.parse(texts, submission, fields::PASSWORD, fields::current_password);
    match (email, password) {
        (Some(email), Some(password)) => {
            Ok(LogIn { email, password, remember: submission.has(fields::REMEMBER) })
        }
        _ => Err(state),
    }
}
