//! The fields of the sign-up form.

use auth::SignUp;

use crate::{
    extract::{FormState, Submission, fields},
    ui::{FieldName, Texts},
    visit::Visit,
};

pub(super) fn parse(texts: &Texts, submission: &Submission) -> Result<SignUp, FormState> {
    let mut state = FormState::of(submission);
    let email = state.parse(texts, submission, FieldName::Email, fields::email);
    let name = state.parse(texts, submission, FieldName::Name, fields::name);
    let password = state.parse(texts, submission, FieldName::Password, fields::new_password);
    match (email, name, password) {
        (Some(email), Some(name), Some(password)) => Ok(SignUp { email, name, password }),
        _ => Err(state),
    }
}

/// Judges as much as is there: a password alone, or with the address and the name
/// that it must not repeat.
pub(super) fn check(visit: &Visit, submission: &Submission) -> FormState {
    let (texts, accounts) = (visit.texts(), visit.accounts());
    match parse(texts, submission) {
        Err(mut state) => {
            let password = submission.value(FieldName::Password).ok();
            if let Some(Ok(password)) =
                password.map(|password| fields::new_password(texts, password))
                && let Err(problem) = accounts.check_password(&password, None)
            {
                state.reject(FieldName::Password, (texts.forms.password_problem)(&problem));
            }
            state
        }
        Ok(SignUp { email, name, password }) => {
            let mut state = FormState::of(submission);
            if let Err(problem) = accounts.check_password(&password, Some((&email, &name))) {
                state.reject(FieldName::Password, (texts.forms.password_problem)(&problem));
            }
            state
        }
    }
}
