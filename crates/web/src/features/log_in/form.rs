//! The fields of the log-in form.

use auth::LogIn;

use crate::{
    extract::{FormState, Submission, fields},
    ui::{FieldName, Texts},
};

pub(super) fn parse(texts: &Texts, submission: &Submission) -> Result<LogIn, FormState> {
    let mut state = FormState::of(submission);
    let email = state.parse(texts, submission, FieldName::Email, fields::email);
    let password = state.parse(texts, submission, FieldName::Password, fields::current_password);
    match (email, password) {
        (Some(email), Some(password)) => {
            Ok(LogIn { email, password, remember: submission.has(FieldName::Remember) })
        }
        _ => Err(state),
    }
}
