//! Changing the address of the account: the request here, the change that is [`pending`], the confirmation or the reversal by a
//! mailed [`link`]. The answer does not tell whether the new address has an account.

pub(crate) mod link;
mod notice;
pub(crate) mod pending;
mod view;

use auth::RequestEmailChangeError;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::handler;

pub(crate) use self::view::page;
use crate::{fields, paths, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::EMAIL];

#[handler]
pub(crate) async fn new(context: &PageContext, principal: &Authenticated) -> Result<Answer, Error> {
    Ok(Answer::page(current(context, principal, &FormState::default()).await?))
}

/// The page, with the change that is pending now.
async fn current(
    context: &PageContext,
    principal: &Authenticated,
    state: &FormState,
) -> Result<View, Error> {
    let pending = context.accounts().account().find_pending_email_change(principal).await?;
    Ok(view::page_of(context, pending.as_ref(), state))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let Some(email) = state.parse(texts, submission, fields::EMAIL, fields::email) else {
        return Ok(Answer::invalid(current(context, principal, &state).await?));
    };
    match context
        .accounts()
        .account()
        .request_email_change(principal, &email, &context.client())
        .await
    {
        Ok(()) => {
            let here = LocalPath::of(paths::EMAIL);
            Ok(Answer::redirect(here).with_flash(Flash::new(
                Texts::of(context.language()).flashes.email_change_requested,
            )))
        }
        Err(RequestEmailChangeError::Unchanged) => {
            state.reject(fields::EMAIL, texts.forms.email_unchanged);
            Ok(Answer::invalid(current(context, principal, &state).await?))
        }
        Err(RequestEmailChangeError::Throttled { retry_after }) => {
            let state = state.refused(texts.forms.throttled);
            Ok(Answer::throttled(current(context, principal, &state).await?, retry_after))
        }
        Err(RequestEmailChangeError::SessionEnded) => Ok(Answer::log_in()),
        Err(RequestEmailChangeError::Fault(fault)) => Err(fault.into()),
    }
}
