//! An account without a password: the question before the password is removed, and setting one
//! again. Both need a recent log-in, which is by a passkey where there is no password.

use auth::{Fault, RemovePasswordError, SetPasswordError};
use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    routes::Group,
    ui::{ActionForm, Card, Field, FieldKind, FieldName, Form, Indexing, Message, Weight, ids},
};
use maud::{Render, html};
use poem::handler;

use super::Section;
use crate::{fields, texts::Texts};

/// Where an account without a password gets one.
pub(crate) const SET_PATH: &str = "/settings/password/set";
/// The page that asks before the password is removed.
pub(crate) const REMOVE_PATH: &str = "/settings/password/remove";
/// The fields of the form that sets a password.
pub(crate) const FIELDS: &[FieldName] = &[fields::PASSWORD];

#[handler]
pub(crate) fn new(context: &PageContext, principal: &Authenticated) -> Answer {
    if !is_offered(principal) {
        return to_password();
    }
    Answer::page(removal(context, &FormState::default()))
}

#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let removed =
        context.accounts().credentials().remove_password(principal, &context.client()).await;
    match removed {
        Ok(changed) => Ok(to_password()
            .renew_session(changed.session)
            .set_device(changed.device)
            .with_flash(Flash::new(texts.passkeys.password_removed))),
        Err(RemovePasswordError::LastWayIn) => {
            let state = FormState::default().refused(texts.passkeys.password_needed);
            Ok(Answer::invalid(removal(context, &state)))
        }
        Err(RemovePasswordError::SessionEnded) => Ok(Answer::log_in()),
        Err(RemovePasswordError::Fault(fault)) => Err(fault.into()),
    }
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let password = state.parse(texts, submission, fields::PASSWORD, fields::new_password);
    let Some(password) = password else { return Ok(Answer::invalid(page(context, &state))) };
    let (credentials, client) = (context.accounts().credentials(), context.client());
    match credentials.set_password_anew(principal, &password, &client).await {
        Ok(changed) => Ok(to_password()
            .renew_session(changed.session)
            .set_device(changed.device)
            .with_flash(Flash::new(texts.flashes.password_changed))),
        Err(SetPasswordError::HasPassword) => Ok(to_password()),
        Err(SetPasswordError::Password(problem)) => {
            state.reject(fields::PASSWORD, (texts.forms.password_problem)(&problem));
            Ok(Answer::invalid(page(context, &state)))
        }
        Err(SetPasswordError::SessionEnded) => Ok(Answer::log_in()),
        Err(SetPasswordError::Fault(Fault::Busy { retry_after })) => {
            Ok(Answer::busy(page(context, &state.refused(texts.forms.busy)), retry_after))
        }
        Err(SetPasswordError::Fault(fault)) => Err(fault.into()),
    }
}

/// What needs a recent log-in.
pub(crate) fn routes(group: Group) -> Group {
    group.post(SET_PATH, FIELDS, create).form(REMOVE_PATH, &[], removal, new, destroy)
}

/// Whether the page of the password leads to its removal.
pub(super) fn is_offered(principal: &Principal) -> bool {
    let keys = principal.keys;
    keys.has_password && keys.has_passkey && principal.second_factor_since.is_some()
}

/// The page of the password, for an account that has none.
pub(super) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let min_length = context.accounts().settings().password.min_length;
    let principal = context.principal.as_deref();
    let form = Form {
        texts,
        id: ids::PASSWORD_FORM,
        action: SET_PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::PASSWORD),
            hint: Some((texts.forms.password_hint)(min_length).into()),
            username: principal.map(|principal| principal.email.as_str()),
            ..Field::new(
                texts,
                fields::PASSWORD,
                texts.forms.new_password,
                FieldKind::NewPassword { min_length },
            )
        }],
        submit: texts.passkeys.set_password,
    }
    .render();
    let title = texts.passkeys.set_password;
    let lead = Some(texts.passkeys.no_password);
    let main = Card { title, lead, body: form.clone(), foot: None }.render();
    let main = Section::Password.page(context, &main);
    View { title, indexing: Indexing::Unlisted, form: Some(form), main }
}

/// The question before the password is removed.
pub(crate) fn removal(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let words = &texts.passkeys;
    let form = ActionForm {
        error: state.error.as_ref().map(Message::text),
        weight: Weight::Danger,
        ..ActionForm::new(
            ids::REMOVE_PASSWORD_FORM,
            REMOVE_PATH,
            context.csrf.token(),
            words.remove_password,
        )
    }
    .render();
    let title = words.remove_password;
    let lead = Some(words.remove_password_lead);
    let foot = html! { p { a href=(Section::Password.path()) { (words.keep_password) } } };
    let main = Card { title, lead, body: form.clone(), foot: Some(foot) }.render();
    let main = Section::Password.page(context, &main);
    View { title, indexing: Indexing::Unlisted, form: Some(form), main }
}

fn to_password() -> Answer {
    Answer::redirect(LocalPath::of(Section::Password.path()))
}
