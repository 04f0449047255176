//! The fields of the log-in form.

use auth::LogIn;

use crate::extract::{FormState, Submission, fields};

pub(super) fn parse(submission: &Submission) -> Result<LogIn, FormState> {
    let mut state = FormState::of(submission);
    let email = state.parse(submission, "email", fields::email);
    let password = state.parse(submission, "password", fields::current_password);
    match (email, password) {
        (Some(email), Some(password)) => {
            Ok(LogIn { email, password, remember: submission.has("remember") })
        }
        _ => Err(state),
    }
}
