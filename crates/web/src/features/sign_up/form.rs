//! The fields of the sign-up form.

use auth::{Accounts, SignUp};

use crate::{
    extract::{FormState, Submission, fields},
    ui::{FieldName, texts},
};

pub(super) fn parse(submission: &Submission) -> Result<SignUp, FormState> {
    let mut state = FormState::of(submission);
    let email = state.parse(submission, FieldName::Email, fields::email);
    let name = state.parse(submission, FieldName::Name, fields::name);
    let password = state.parse(submission, FieldName::Password, fields::new_password);
    match (email, name, password) {
        (Some(email), Some(name), Some(password)) => Ok(SignUp { email, name, password }),
        _ => Err(state),
    }
}

/// Judges as much as is there: a password alone, or with the address and the name
/// that it must not repeat.
pub(super) fn check(submission: &Submission, accounts: &Accounts) -> FormState {
    match parse(submission) {
        Err(mut state) => {
            let password = submission.value(FieldName::Password).ok();
            if let Some(Ok(password)) = password.map(fields::new_password)
                && let Err(problem) = accounts.check_password(&password, None)
            {
                state.reject(FieldName::Password, texts::password_problem(&problem));
            }
            state
        }
        Ok(SignUp { email, name, password }) => {
            let mut state = FormState::of(submission);
            if let Err(problem) = accounts.check_password(&password, Some((&email, &name))) {
                state.reject(FieldName::Password, texts::password_problem(&problem));
            }
            state
        }
    }
}
