//! Setting up an authentication app: the QR code, the secret for typing, and the first code.

use auth::{AddApp, AddAppError, AppEnrolment};
use domain::{AppCode, DisplayName, Principal};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, FieldName, Form, Indexing, Message, ids},
};
use maud::{Markup, Render, html};
use poem::handler;

use super::{qr, recovery_codes};
use crate::{features::settings::Section, fields, paths, texts::Texts};

/// The address of the page.
pub(crate) const PATH: &str = "/settings/factors/apps/new";
/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] =
    &[fields::SETUP, fields::NAME, fields::CODE, fields::END_OTHERS];
/// Characters of the secret in a group.
const GROUP: usize = 4;

#[handler]
pub(crate) fn new(context: &PageContext, principal: &Authenticated) -> Answer {
    if !super::is_offered(context) || !principal.is_confirmed {
        return Answer::redirect(LocalPath::of(paths::FACTORS));
    }
    Answer::page(page(context, &FormState::default().with_value(fields::END_OTHERS, "1")))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    if !super::is_offered(context) {
        return Err(Error::NotFound);
    }
    let mut state = FormState::of(submission);
    let name = state.parse(texts, submission, fields::NAME, name);
    let code = state.parse(texts, submission, fields::CODE, code);
    let (Some(name), Some(code)) = (name, code) else {
        return Ok(Answer::invalid(page(context, &state)));
    };
    let add = AddApp {
        sealed: submission.value(fields::SETUP).unwrap_or_default(),
        name,
        code,
        end_other_sessions: submission.has(fields::END_OTHERS),
    };
    match context.accounts().account().add_app(principal, add, &context.client()).await {
        Ok(added) => {
            let next = if added.is_on { paths::FACTORS } else { recovery_codes::PATH };
            Ok(Answer::redirect(LocalPath::of(next))
                .renew_session(added.session)
                .with_flash(Flash::new(texts.factors.app_added)))
        }
        Err(AddAppError::Stale) => {
            // The page with another secret takes the place of the one that is there.
            Ok(Answer::gone(page(context, &state.refused(texts.factors.app_stale))))
        }
        Err(AddAppError::WrongCode) => {
            state.reject(fields::CODE, texts.factors.code_wrong);
            Ok(Answer::invalid(page(context, &state)))
        }
        Err(AddAppError::TooMany) => {
            Ok(Answer::invalid(page(context, &state.refused(texts.factors.too_many_apps))))
        }
        Err(AddAppError::Unconfirmed) => Ok(Answer::redirect(LocalPath::of(paths::FACTORS))),
        Err(AddAppError::SessionEnded) => Ok(Answer::log_in()),
        Err(AddAppError::Fault(fault)) => Err(fault.into()),
    }
}

/// The name that was given, else that of its kind.
fn name(texts: &Texts, text: &str) -> Result<DisplayName, Message> {
    let text = if text.trim().is_empty() { texts.factors.app_default_name } else { text };
    fields::name(texts, text)
}

fn code(texts: &Texts, text: &str) -> Result<AppCode, Message> {
    if !text.contains(char::is_alphanumeric) {
        return Err(texts.factors.code_missing.into());
    }
    text.parse().map_err(|_| texts.factors.code_malformed.into())
}

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let setup = state.value(fields::SETUP);
    let enrolment = context.principal.as_deref().and_then(|user| enrolment(context, user, setup));
    let form = enrolment.as_ref().map(|enrolment| form(context, state, enrolment));
    let title = texts.factors.app_title;
    let body = html! {
        @if let Some(enrolment) = &enrolment { (secret(texts, enrolment)) }
        @if let Some(form) = &form { (form) }
    };
    let main = Card { title, lead: Some(texts.factors.app_lead), body, foot: None }.render();
    View { title, indexing: Indexing::Secret, form, main: Section::Factors.page(context, &main) }
}

/// The app of a form that is shown again, else a new one.
fn enrolment(context: &PageContext, user: &Principal, setup: &str) -> Option<AppEnrolment> {
    let account = context.accounts().account();
    account.resume_app(user, setup).ok().or_else(|| account.begin_app(user).ok())
}

fn form(context: &PageContext, state: &FormState, enrolment: &AppEnrolment) -> Markup {
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::NEW_APP_FORM,
        action: PATH,
        csrf_token: context.csrf.token(),
        hidden: vec![(fields::SETUP, &enrolment.sealed)],
        error: state.error.clone(),
        fields: vec![
            Field {
                error: state.error_of(fields::CODE),
                ..Field::new(texts, fields::CODE, texts.factors.first_code, FieldKind::DigitCode)
            },
            Field {
                error: state.error_of(fields::NAME),
                hint: Some(texts.factors.app_name_hint.into()),
                optional: true,
                ..Field::new(
                    texts,
                    fields::NAME,
                    texts.factors.name,
                    FieldKind::Text { value: state.value(fields::NAME), max_length: None },
                )
            },
            Field::new(
                texts,
                fields::END_OTHERS,
                texts.factors.end_others,
                FieldKind::Checkbox(state.is_ticked(fields::END_OTHERS)),
            ),
        ],
        submit: texts.factors.app_submit,
    }
    .render()
}

/// The ways to give the secret to an app.
fn secret(texts: &Texts, enrolment: &AppEnrolment) -> Markup {
    html! {
        @if let Some(qr) = qr::svg(&enrolment.uri, texts.factors.app_qr) { (qr) }
        p { a href=(enrolment.uri.as_str()) { (texts.factors.app_link) } }
        p { (texts.factors.app_typed) " " code { (grouped(&enrolment.secret)) } }
    }
}

/// In groups of four characters.
fn grouped(secret: &str) -> String {
    let groups = secret.as_bytes().chunks(GROUP).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}
