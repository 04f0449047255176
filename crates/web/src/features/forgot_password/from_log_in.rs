//! "Forgot your password?" on the log-in page: a button of its form, so that the address that was
//! typed there is in no address of a page and in no log. Of the password, only whether it was
//! typed is looked at: a form that comes back asks for it again.

use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    page_context::PageContext,
    ui::FieldName,
};
use poem::handler;

use super::ask;
use crate::{features::log_in, fields, paths, texts::Texts};

/// The address of the button.
pub(crate) const PATH: &str = "/login/forgot-password";

/// The fields of the form that are read.
pub(crate) const FIELDS: &[FieldName] =
    &[fields::EMAIL, fields::PASSWORD, fields::REMEMBER, FieldName::NEXT];

/// Asks for the mail to the address that was typed. Without one, leads to the page that asks for
/// it; a malformed one is told at its field.
#[handler]
pub(crate) async fn create(
    context: &PageContext,
    submission: &Submission,
) -> Result<Answer, Error> {
    if submission.value(fields::EMAIL)?.trim().is_empty() {
        return Ok(Answer::redirect(LocalPath::of(paths::FORGOT_PASSWORD)));
    }
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    match state.parse(texts, submission, fields::EMAIL, fields::email) {
        Some(email) => ask(context, email).await,
        None => Ok(Answer::invalid(log_in::page(context, &state))),
    }
}
