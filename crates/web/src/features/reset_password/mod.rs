//! Setting a new password by a mailed link. The page spends nothing, because mail scanners follow
//! links. For every invalid token the page is the same and names no one.

mod view;

use auth::{Fault, PasswordReset, ResetPassword, ResetPasswordError};
use domain::{EmailAddress, Token};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{handler, web::Path};

pub(crate) use self::view::{gone, page};
use crate::{fields, paths, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::PASSWORD];

#[handler]
pub(crate) async fn edit(
    context: &PageContext,
    Path(token): Path<String>,
) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(gone(context)) };
    match context.accounts().credentials().check_reset_token(&token).await {
        Ok(email) => Ok(Answer::page(view::page_of(context, Some(&email), &FormState::default()))),
        Err(error) => refuse(context, None, &error),
    }
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    Path(token): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let Ok(token) = token.parse::<Token>() else { return Ok(gone(context)) };
    let owner = match context.accounts().credentials().check_reset_token(&token).await {
        Ok(owner) => owner,
        Err(error) => return refuse(context, None, &error),
    };
    let mut state = FormState::default();
    let Some(password) = state.parse(texts, submission, fields::PASSWORD, fields::new_password)
    else {
        return Ok(Answer::invalid(view::page_of(context, Some(&owner), &state)));
    };
    match context
        .accounts()
        .credentials()
        .reset_password(ResetPassword { token, password }, &context.client())
        .await
    {
        Ok(PasswordReset { device, email, has_second_factor }) => {
            let flashes = &texts.flashes;
            let sentence = if has_second_factor {
                flashes.password_reset_factor
            } else {
                flashes.password_reset
            };
            let flash = Flash::new(sentence).with_email(email);
            let answer = Answer::redirect(LocalPath::of(paths::LOG_IN)).set_device(device);
            let answer = answer.with_flash(flash);
            // A user who was logged in here has to log in again, too.
            Ok(if context.principal.is_some() {
                end_session(context, answer).await?
            } else {
                answer
            })
        }
        Err(error) => refuse(context, Some(&owner), &error),
    }
}

/// Of a session of another user too: the browser starts afresh.
async fn end_session(context: &PageContext, answer: Answer) -> Result<Answer, Error> {
    if let Some(principal) = &context.principal {
        context.accounts().sessions().log_out(principal, &context.client()).await?;
    }
    Ok(answer.end_session())
}

fn refuse(
    context: &PageContext,
    owner: Option<&EmailAddress>,
    error: &ResetPasswordError,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::default();
    match error {
        ResetPasswordError::InvalidToken => Ok(gone(context)),
        ResetPasswordError::Password(problem) => {
            state.reject(fields::PASSWORD, (texts.forms.password_problem)(problem));
            Ok(Answer::invalid(view::page_of(context, owner, &state)))
        }
        ResetPasswordError::Fault(Fault::Busy { retry_after }) => {
            let state = state.refused(texts.forms.busy);
            Ok(Answer::busy(view::page_of(context, owner, &state), *retry_after))
        }
        ResetPasswordError::Fault(fault) => Err((*fault).into()),
    }
}
