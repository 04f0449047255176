//! Signing up. Each field is checked when the visitor leaves it and again when the form is sent.
//! With `open` sign-up the form makes the account, and tells whether the address has one. With
//! `confirmed` sign-up it asks for the address alone, and the answer is the same for every one.

mod form;
mod view;

use auth::{Fault, RequestSignUpError, SignUpError, SignupMode};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::{Field, FieldName, Message},
};
use maud::{Markup, Render};
use poem::handler;

pub(crate) use self::view::page;
use crate::{fields, paths, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::EMAIL, fields::NAME, fields::PASSWORD];

/// The fields of a check while the form is filled in.
pub(crate) const CHECK_FIELDS: &[FieldName] =
    &[fields::EMAIL, fields::NAME, fields::PASSWORD, FieldName::FIELD];

#[handler]
pub(crate) fn new(context: &PageContext) -> Answer {
    Answer::page(page(context, &FormState::default()))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    submission: &Submission,
) -> Result<Answer, Error> {
    match context.accounts().settings().accounts.signup {
        SignupMode::Open => create_account(context, submission).await,
        SignupMode::Confirmed => request_mail(context, submission).await,
        SignupMode::Closed => Ok(closed(context)),
    }
}

async fn create_account(context: &PageContext, submission: &Submission) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let Ok(sign_up) = form::parse(texts, submission) else {
        let state = form::check(context, submission).await;
        return Ok(Answer::invalid(page(context, &state)));
    };
    let email = sign_up.email.clone();
    let mut state = FormState::of(submission);
    match context.accounts().registration().sign_up(sign_up, &context.client()).await {
        Ok(cookie) => {
            let flash = Flash::new(texts.flashes.signed_up).with_email(email);
            Ok(Answer::redirect(LocalPath::of(paths::LOG_IN)).set_proof(cookie).with_flash(flash))
        }
        Err(SignUpError::Closed) => Ok(closed(context)),
        Err(SignUpError::EmailTaken) => {
            let taken = Message::from(texts.forms.email_taken);
            state.reject(fields::EMAIL, taken.with_link(paths::LOG_IN, texts.forms.log_in_instead));
            Ok(Answer::invalid(page(context, &state)))
        }
        Err(SignUpError::Password(problem)) => {
            state.reject(fields::PASSWORD, (texts.forms.password_problem)(&problem));
            Ok(Answer::invalid(page(context, &state)))
        }
        Err(SignUpError::Throttled { retry_after }) => {
            let state = state.refused(texts.forms.throttled);
            Ok(Answer::throttled(page(context, &state), retry_after))
        }
        Err(SignUpError::Fault(fault)) => {
            refuse(fault, || page(context, &state.refused(texts.forms.busy)))
        }
    }
}

async fn request_mail(context: &PageContext, submission: &Submission) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let Some(email) = state.parse(texts, submission, fields::EMAIL, fields::email) else {
        return Ok(Answer::invalid(page(context, &state)));
    };
    match context.accounts().registration().request_sign_up(&email, &context.client()).await {
        Ok(cookie) => Ok(Answer::redirect(LocalPath::of(paths::MAILBOX)).set_proof(cookie)),
        Err(RequestSignUpError::Closed) => Ok(closed(context)),
        Err(RequestSignUpError::Throttled { retry_after }) => {
            let state = state.refused(texts.forms.throttled);
            Ok(Answer::throttled(page(context, &state), retry_after))
        }
        Err(RequestSignUpError::Fault(fault)) => {
            refuse(fault, || page(context, &state.refused(texts.forms.busy)))
        }
    }
}

fn refuse(fault: Fault, busy: impl FnOnce() -> View) -> Result<Answer, Error> {
    match fault {
        Fault::Busy { retry_after } => Ok(Answer::busy(busy(), retry_after)),
        fault => Err(fault.into()),
    }
}

/// Checks one field, also for an invited person while sign-up is closed. Reads and writes no row.
/// Beyond the limit the field comes back unchecked.
#[handler]
pub(crate) async fn check(context: &PageContext, submission: &Submission) -> Result<Answer, Error> {
    let name = submission.value(FieldName::FIELD)?;
    if let Err(retry_after) =
        context.accounts().registration().take_sign_up_check(&context.client())
    {
        let field = field(context, &FormState::of(submission), name)?;
        return Ok(Answer::throttled_fragment(field, retry_after));
    }
    let state = if name == fields::PASSWORD.as_str() {
        form::check(context, submission).await
    } else {
        form::parse(Texts::of(context.language()), submission)
            .err()
            .unwrap_or_else(|| FormState::of(submission))
    };
    Ok(Answer::fragment(field(context, &state, name)?))
}

fn field(context: &PageContext, state: &FormState, name: &str) -> Result<Markup, Error> {
    let field = view::fields(context, state).into_iter().find(|field| field.name.as_str() == name);
    // The visitor is in another field by now: htmx would move the focus back.
    let field = field.map(|field| Field { autofocus: false, ..field });
    field.map(|field| field.render()).ok_or(Error::BadRequest)
}

/// The page without its form.
pub(crate) fn closed(context: &PageContext) -> Answer {
    Answer::forbidden(page(context, &FormState::default()))
}
