//! The name and the password of a new account.

use domain::{DisplayName, Password};
use hypermedia::extract::{FormState, Submission};

use crate::{fields, texts::Texts};

/// Reads both; the errors of both come at once.
pub(crate) fn parse(
    texts: &Texts,
    submission: &Submission,
) -> Result<(DisplayName, Password), FormState> {
    let mut state = FormState::of(submission);
    let name = state.parse(texts, submission, fields::NAME, fields::name);
    let password = state.parse(texts, submission, fields::PASSWORD, fields::new_password);
    name.zip(password).ok_or(state)
}
