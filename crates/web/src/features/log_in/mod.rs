//! Logging in. A wrong address and a wrong password get one answer. `next` is checked here, and once
//! more after a second step.

mod form;
mod passkey;
mod view;

use auth::{Fault, LogInError, LoggedIn};
use domain::EmailAddress;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{Request, handler};

pub(crate) use self::view::page;
use crate::{
    features::{second_step, welcome::welcome},
    fields, paths,
    texts::Texts,
};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[
    fields::EMAIL,
    fields::PASSWORD,
    fields::REMEMBER,
    FieldName::PASSKEY,
    FieldName::CEREMONY,
    FieldName::NEXT,
];

#[handler]
pub(crate) async fn new(context: &PageContext, request: &Request) -> Result<Answer, Error> {
    let query = request.uri().query().unwrap_or_default();
    let next =
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == FieldName::NEXT.as_str());
    let mut state = FormState::default();
    if let Some((_, next)) = next.filter(|(_, next)| context.site.page_paths.find(next).is_some()) {
        state = state.with_value(FieldName::NEXT, &next);
    }
    if let Some(email) = known_email(context).await? {
        state = state.with_value(fields::EMAIL, email.as_str());
    }
    Ok(Answer::page(page(context, &state)))
}

/// The address that was typed on the page before, or that this browser signed up with.
async fn known_email(context: &PageContext) -> Result<Option<EmailAddress>, Error> {
    if let Some(email) = context.flash.as_ref().and_then(Flash::email) {
        return Ok(Some(email.clone()));
    }
    let Some(cookie) = &context.proof else { return Ok(None) };
    let mailbox = context.accounts().registration().find_mailbox(cookie).await?;
    Ok(mailbox.map(|mailbox| mailbox.email().clone()))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    submission: &Submission,
) -> Result<Answer, Error> {
    if let Some(log_in) = form::parse_passkey(submission) {
        return passkey::create(context, submission, log_in).await;
    }
    let texts = Texts::of(context.language());
    let log_in = match form::parse(context, submission) {
        Ok(log_in) => log_in,
        Err(state) => return Ok(Answer::invalid(page(context, &state))),
    };
    let refused = |error: &'static str| page(context, &FormState::of(submission).refused(error));
    let device = context.device.as_deref();
    match context.accounts().sessions().log_in(log_in, device, &context.client()).await {
        Ok(logged_in) => Ok(begin(context, submission, logged_in)),
        Err(LogInError::WrongCredentials) => {
            Ok(Answer::invalid(refused(texts.forms.wrong_credentials)))
        }
        Err(LogInError::Unconfirmed(cookie)) => {
            Ok(Answer::redirect(LocalPath::of(paths::MAILBOX)).set_proof(cookie))
        }
        Err(LogInError::SecondFactor(cookie)) => {
            Ok(Answer::redirect(LocalPath::of(second_step::PATH)).set_pending(cookie))
        }
        Err(LogInError::Throttled { retry_after }) => {
            Ok(Answer::throttled(refused(texts.forms.throttled), retry_after))
        }
        Err(LogInError::Fault(Fault::Busy { retry_after })) => {
            Ok(Answer::busy(refused(texts.forms.busy), retry_after))
        }
        Err(LogInError::Fault(fault)) => Err(fault.into()),
    }
}

/// The page that the visitor asked for, in the new session.
fn begin(context: &PageContext, submission: &Submission, logged_in: LoggedIn) -> Answer {
    welcome(context, submission.value(FieldName::NEXT).ok(), logged_in)
}
