//! The name and the password of a new account.

use domain::{DisplayName, Password};
use hypermedia::{
    extract::{FormState, Submission},
    page_context::PageContext,
};

use crate::{fields, texts::Texts};

/// Reads both; the errors of both come at once. A password beside a wrong name is judged by itself.
pub(super) async fn parse(
    context: &PageContext,
    submission: &Submission,
) -> Result<(DisplayName, Password), FormState> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let name = state.parse(texts, submission, fields::NAME, fields::name);
    let password = state.parse(texts, submission, fields::PASSWORD, fields::new_password);
    let password = match (name, password) {
        (Some(name), Some(password)) => return Ok((name, password)),
        (_, password) => password,
    };
    if let Some(password) = password {
        let credentials = context.accounts().credentials();
        if let Some(problem) = credentials.find_password_problem(&password, None).await {
            state.reject(fields::PASSWORD, (texts.forms.password_problem)(&problem));
        }
    }
    Err(state)
}
