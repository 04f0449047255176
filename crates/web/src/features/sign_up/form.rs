//! The fields of the sign-up form.

use auth::SignUp;
use hypermedia::{
    extract::{FormState, Submission},
    page_context::PageContext,
};

use crate::{fields, texts::Texts};

pub(super) fn parse(texts: &Texts, submission: &Submission) -> Result<SignUp, FormState> {
    let mut state = FormState::of(submission);
    let email = state.parse(texts, submission, fields::EMAIL, fields::email);
    let name = state.parse(texts, submission, fields::NAME, fields::name);
    let password = state.parse(texts, submission, fields::PASSWORD, fields::new_password);
    match (email, name, password) {
        (Some(email), Some(name), Some(password)) => Ok(SignUp { email, name, password }),
        _ => Err(state),
    }
}

/// Judges as much as is there: a password alone, or with the address and the name
/// that it must not repeat.
pub(super) async fn check(context: &PageContext, submission: &Submission) -> FormState {
    let (texts, accounts) = (Texts::of(context.language()), context.accounts());
    let (mut state, problem) = match parse(texts, submission) {
        Ok(SignUp { email, name, password }) => {
            let owner = Some((&email, &name));
            let problem = accounts.credentials().find_password_problem(&password, owner).await;
            (FormState::of(submission), problem)
        }
        Err(state) => {
            let password = submission.value(fields::PASSWORD).ok();
            let password = password.map(|password| fields::new_password(texts, password));
            let problem = match password {
                Some(Ok(password)) => {
                    accounts.credentials().find_password_problem(&password, None).await
                }
                Some(Err(_)) | None => None,
            };
            (state, problem)
        }
    };
    if let Some(problem) = problem {
        state.reject(fields::PASSWORD, (texts.forms.password_problem)(&problem));
    }
    state
}
