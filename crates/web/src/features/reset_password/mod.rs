//! Setting a new password by a mailed link. Looking at the page spends nothing:
//! mail scanners follow links. Whatever is wrong with a token, the page is the
//! same and names nobody.

mod view;

use auth::{Fault, ResetPassword, ResetPasswordError};
use domain::Token;
use poem::{handler, web::Path};

pub(crate) use self::view::{gone, page};
use crate::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission, fields},
    flash::Flash,
    ui::FieldName,
    visit::Visit,
};

#[handler]
pub(crate) async fn edit(visit: &Visit, Path(token): Path<String>) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(gone(visit)) };
    match visit.accounts().check_reset_token(&token).await {
        Ok(()) => Ok(Answer::page(page(visit, &FormState::default()))),
        Err(error) => refuse(visit, &error),
    }
}

#[handler]
pub(crate) async fn update(
    visit: &Visit,
    Path(token): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = visit.texts();
    let Ok(token) = token.parse::<Token>() else { return Ok(gone(visit)) };
    let mut state = FormState::default();
    let Some(password) = state.parse(texts, submission, FieldName::Password, fields::new_password)
    else {
        return Ok(match visit.accounts().check_reset_token(&token).await {
            Ok(()) => Answer::invalid(page(visit, &state)),
            Err(error) => return refuse(visit, &error),
        });
    };
    match visit.accounts().reset_password(ResetPassword { token, password }, &visit.client()).await
    {
        Ok(device) => {
            let answer = Answer::redirect(LocalPath::of("/login")).set_device(device);
            let answer = answer.with_flash(Flash::PasswordReset);
            // Whoever was logged in here has to log in anew like everybody else.
            Ok(if visit.principal.is_some() { end_session(visit, answer).await? } else { answer })
        }
        Err(error) => refuse(visit, &error),
    }
}

/// Of a session of another user too: the browser starts afresh.
async fn end_session(visit: &Visit, answer: Answer) -> Result<Answer, Error> {
    if let Some(principal) = &visit.principal {
        visit.accounts().log_out(principal, &visit.client()).await?;
    }
    Ok(answer.end_session())
}

fn refuse(visit: &Visit, error: &ResetPasswordError) -> Result<Answer, Error> {
    let texts = visit.texts();
    let mut state = FormState::default();
    match error {
        ResetPasswordError::InvalidToken => Ok(gone(visit)),
        ResetPasswordError::Password(problem) => {
            state.reject(FieldName::Password, (texts.forms.password_problem)(problem));
            Ok(Answer::invalid(page(visit, &state)))
        }
        ResetPasswordError::Fault(Fault::Busy { retry_after }) => {
            Ok(Answer::busy(page(visit, &state.refused(texts.forms.busy)), *retry_after))
        }
        ResetPasswordError::Fault(fault) => Err((*fault).into()),
    }
}
