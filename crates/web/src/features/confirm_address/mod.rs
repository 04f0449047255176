//! Proving the address of an account by a mailed link. Looking at the page spends nothing: mail
//! scanners follow links. In another browser than the one that asked, the visitor gives the
//! password of the account, or says that it is another person's.

mod view;

use auth::{ConfirmByLink, ConfirmByLinkError, Confirmation, Confirmed, Fault, ProofLink};
use domain::Token;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{handler, web::Path};

pub(crate) use self::view::confirmed;
use crate::{features::second_step, fields, paths, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::PASSWORD, fields::RENEW];

#[handler]
pub(crate) async fn edit(
    context: &PageContext,
    Path(token): Path<String>,
) -> Result<Answer, Error> {
    let Ok(token) = token.parse::<Token>() else { return Ok(view::gone(context)) };
    show(context, &token, &FormState::default(), Answer::page).await
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    Path(token): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let Ok(token) = token.parse::<Token>() else { return Ok(view::gone(context)) };
    let mut state = FormState::default();
    let how = if submission.has(fields::RENEW) {
        Confirmation::NewPassword
    } else if submission.has(fields::PASSWORD) {
        let parse = fields::current_password;
        match state.parse(texts, submission, fields::PASSWORD, parse) {
            Some(password) => Confirmation::Password(password),
            None => return show(context, &token, &state, Answer::invalid).await,
        }
    } else {
        Confirmation::Here
    };
    let (link, client) = (link(context, &token), context.client());
    match Box::pin(context.accounts().registration().confirm_by_link(link, how, &client)).await {
        Ok(confirmed) => confirm(context, confirmed).await,
        Err(ConfirmByLinkError::InvalidToken) => Ok(view::gone(context)),
        Err(ConfirmByLinkError::Used(email)) => Ok(view::used(context, &email)),
        // The form was of the browser that asked: here the visitor has to choose.
        Err(ConfirmByLinkError::Elsewhere) => Ok(Answer::redirect(context_path(context)?)),
        Err(ConfirmByLinkError::WrongPassword) => {
            state.reject(fields::PASSWORD, texts.forms.wrong_password);
            show(context, &token, &state, Answer::invalid).await
        }
        Err(ConfirmByLinkError::Throttled { retry_after }) => {
            let state = state.refused(texts.forms.throttled);
            show(context, &token, &state, |view| Answer::throttled(view, retry_after)).await
        }
        Err(ConfirmByLinkError::Fault(Fault::Busy { retry_after })) => {
            let state = state.refused(texts.forms.busy);
            show(context, &token, &state, |view| Answer::busy(view, retry_after)).await
        }
        Err(ConfirmByLinkError::Fault(fault)) => Err(fault.into()),
    }
}

async fn confirm(context: &PageContext, confirmed: Confirmed) -> Result<Answer, Error> {
    let flash = Flash::new(Texts::of(context.language()).flashes.address_confirmed);
    match confirmed {
        Confirmed::Kept(email) => {
            let answer = Answer::redirect(LocalPath::of(paths::LOG_IN)).remove_proof();
            Ok(answer.with_flash(flash.with_email(email)))
        }
        Confirmed::LoggedIn(logged_in) => {
            if let Some(principal) = &context.principal {
                context.accounts().sessions().log_out(principal, &context.client()).await?;
            }
            let answer = Answer::redirect(context.landing()).begin_session(*logged_in);
            Ok(answer.with_flash(flash).remove_proof())
        }
        Confirmed::SecondFactor(cookie) => {
            if let Some(principal) = &context.principal {
                context.accounts().sessions().log_out(principal, &context.client()).await?;
            }
            let answer = Answer::redirect(LocalPath::of(second_step::PATH)).set_pending(cookie);
            Ok(answer.with_flash(flash).remove_proof())
        }
        Confirmed::Renewed(token) => {
            let path = paths::with_token(paths::RESET_PASSWORD, &token);
            let path = LocalPath::parse(&path).ok_or(Error::NotFound)?;
            Ok(Answer::redirect(path).with_flash(flash))
        }
    }
}

/// The page of the link, or the one in its place.
async fn show(
    context: &PageContext,
    token: &Token,
    state: &FormState,
    answer: impl FnOnce(hypermedia::answer::View) -> Answer,
) -> Result<Answer, Error> {
    match context.accounts().registration().check_link(link(context, token)).await {
        Ok(ProofLink::Confirms(email, standing)) => {
            Ok(answer(view::page(context, (&email, standing), state)))
        }
        Ok(ProofLink::Used(email)) | Err(ConfirmByLinkError::Used(email)) => {
            Ok(view::used(context, &email))
        }
        Err(ConfirmByLinkError::Fault(fault)) => Err(fault.into()),
        Err(
            ConfirmByLinkError::InvalidToken
            | ConfirmByLinkError::Elsewhere
            | ConfirmByLinkError::WrongPassword
            | ConfirmByLinkError::Throttled { .. },
        ) => Ok(view::gone(context)),
    }
}

fn link<'a>(context: &'a PageContext, token: &'a Token) -> ConfirmByLink<'a> {
    let (cookie, device) = (context.proof.as_deref(), context.device.as_deref());
    ConfirmByLink { token, cookie, device, principal: context.principal.as_deref() }
}

fn context_path(context: &PageContext) -> Result<LocalPath, Error> {
    LocalPath::parse(&context.path).ok_or(Error::NotFound)
}
