//! The fields of the sign-up form.

use auth::{Accounts, SignUp};

use crate::{
    extract::{FormState, Submission, fields},
    ui::texts,
};

pub(super) fn parse(submission: &Submission) -> Result<SignUp, FormState> {
    let mut state = FormState::of(submission);
    let email = state.parse(submission, "email", fields::email);
    let name = state.parse(submission, "name", fields::name);
    let password = state.parse(submission, "password", fields::new_password);
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
            let password = fields::new_password(submission.value("password"));
            if let Ok(password) = password
                && let Err(problem) = accounts.check_password(&password, None)
            {
                state.reject("password", texts::password_problem(&problem));
            }
            state
        }
        Ok(SignUp { email, name, password }) => {
            let mut state = FormState::of(submission);
            if let Err(problem) = accounts.check_password(&password, Some((&email, &name))) {
                state.reject("password", texts::password_problem(&problem));
            }
            state
        }
    }
}
