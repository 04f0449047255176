//! Signing up. Each field is judged when the visitor leaves it and again when the
//! form is sent; only the latter says whether an address has an account, and only where
//! accounts work at once.

mod form;
mod view;

use auth::{Fault, SignUpError, SignedUp, SignupMode};
use maud::{Markup, Render};
use poem::handler;

pub(crate) use self::view::page;
use crate::{
    answer::Answer,
    error::Error,
    extract::{FormState, LocalPath, Submission},
    flash::Flash,
    ui::{Field, FieldName, Message},
    visit::Visit,
};

#[handler]
pub(crate) fn new(visit: &Visit) -> Answer {
    Answer::page(page(visit, &FormState::default()))
}

#[handler]
pub(crate) async fn create(visit: &Visit, submission: &Submission) -> Result<Answer, Error> {
    let texts = visit.texts();
    if is_closed(visit) {
        return Ok(closed(visit));
    }
    let Ok(sign_up) = form::parse(texts, submission) else {
        let state = form::check(visit, submission).await;
        return Ok(Answer::invalid(page(visit, &state)));
    };
    let email = sign_up.email.clone();
    let again = |state: &FormState| page(visit, state);
    let mut state = FormState::of(submission);
    match visit.accounts().sign_up(sign_up, &visit.client()).await {
        Ok(SignedUp::LogIn(cookie)) => {
            let answer = Answer::redirect(LocalPath::of("/login")).set_proof(cookie);
            Ok(answer.with_flash(Flash::SignedUp(email)))
        }
        Ok(SignedUp::Mailbox(cookie)) => {
            Ok(Answer::redirect(LocalPath::of("/mailbox")).set_proof(cookie))
        }
        Err(SignUpError::Closed) => Ok(closed(visit)),
        Err(SignUpError::EmailTaken) => {
            let taken = Message::from(texts.forms.email_taken);
            state.reject(FieldName::Email, taken.with_link("/login", texts.forms.log_in_instead));
            Ok(Answer::invalid(again(&state)))
        }
        Err(SignUpError::Password(problem)) => {
            state.reject(FieldName::Password, (texts.forms.password_problem)(&problem));
            Ok(Answer::invalid(again(&state)))
        }
        Err(SignUpError::Throttled { retry_after }) => {
            Ok(Answer::throttled(again(&state.refused(texts.forms.throttled)), retry_after))
        }
        Err(SignUpError::Fault(Fault::Busy { retry_after })) => {
            Ok(Answer::busy(again(&state.refused(texts.forms.busy)), retry_after))
        }
        Err(SignUpError::Fault(fault)) => Err(fault.into()),
    }
}

/// Judges one field. Reads nothing and writes nothing. Whoever asks too often gets the
/// field back unjudged.
#[handler]
pub(crate) async fn check(visit: &Visit, submission: &Submission) -> Result<Answer, Error> {
    if is_closed(visit) {
        return Ok(closed(visit));
    }
    let name = submission.value(FieldName::Field)?;
    if let Err(retry_after) = visit.accounts().take_sign_up_check(&visit.client()) {
        let field = field(visit, &FormState::of(submission), name)?;
        return Ok(Answer::throttled_fragment(field, retry_after));
    }
    let state = if name == FieldName::Password.as_str() {
        form::check(visit, submission).await
    } else {
        form::parse(visit.texts(), submission).err().unwrap_or_else(|| FormState::of(submission))
    };
    Ok(Answer::fragment(field(visit, &state, name)?))
}

fn field(visit: &Visit, state: &FormState, name: &str) -> Result<Markup, Error> {
    let field = view::fields(visit, state).into_iter().find(|field| field.name.as_str() == name);
    // The visitor is in another field by now: htmx would move the focus back.
    let field = field.map(|field| Field { autofocus: false, ..field });
    field.map(|field| field.render()).ok_or(Error::BadRequest)
}

fn is_closed(visit: &Visit) -> bool {
    visit.accounts().settings().accounts.signup == SignupMode::Closed
}

/// The page without its form.
fn closed(visit: &Visit) -> Answer {
    Answer::forbidden(page(visit, &FormState::default()))
}
