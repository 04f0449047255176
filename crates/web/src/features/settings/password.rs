//! Changing the password with the current one.

use auth::{ChangePassword, ChangePasswordError, Fault};
use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    guard,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, FieldName, Form, Indexing, ids},
};
use maud::{Markup, Render, html};
use poem::handler;

use super::{Section, passwordless};
use crate::{fields, paths, texts::Texts};

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::CURRENT_PASSWORD, fields::PASSWORD];

#[handler]
pub(crate) fn edit(context: &PageContext, principal: &Authenticated) -> Answer {
    if context.accounts().sessions().asks_for_code(principal) {
        return guard::ask_before(context, Section::Password.path());
    }
    Answer::page(page(context, &FormState::default()))
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let change = match parse(context, submission).await {
        Ok(change) => change,
        Err(state) => return Ok(Answer::invalid(page(context, &state))),
    };
    let device = context.device.as_deref();
    match context
        .accounts()
        .credentials()
        .change_password(principal, change, device, &context.client())
        .await
    {
        Ok(changed) => Ok(Answer::redirect(LocalPath::of(Section::Password.path()))
            .renew_session(changed.session)
            .set_device(changed.device)
            .with_flash(Flash::new(Texts::of(context.language()).flashes.password_changed))),
        Err(error) => refuse(context, &error),
    }
}

async fn parse(
    context: &PageContext,
    submission: &Submission,
) -> Result<ChangePassword, FormState> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let current =
        state.parse(texts, submission, fields::CURRENT_PASSWORD, fields::current_password);
    let new = state.parse(texts, submission, fields::PASSWORD, fields::new_password);
    match (current, new) {
        (Some(current), Some(new)) => Ok(ChangePassword { current, new }),
        (None, Some(new)) => {
            if let Some(problem) =
                context.accounts().credentials().find_password_problem(&new, None).await
            {
                state.reject(fields::PASSWORD, (texts.forms.password_problem)(&problem));
            }
            Err(state)
        }
        (_, None) => Err(state),
    }
}

fn refuse(context: &PageContext, error: &ChangePasswordError) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::default();
    match error {
        ChangePasswordError::WrongPassword { new } => {
            state.reject(fields::CURRENT_PASSWORD, texts.forms.wrong_current_password);
            if let Some(problem) = new {
                state.reject(fields::PASSWORD, (texts.forms.password_problem)(problem));
            }
            Ok(Answer::invalid(page(context, &state)))
        }
        ChangePasswordError::Password(problem) => {
            state.reject(fields::PASSWORD, (texts.forms.password_problem)(problem));
            Ok(Answer::invalid(page(context, &state)))
        }
        ChangePasswordError::Unchanged => {
            state.reject(fields::PASSWORD, texts.forms.same_password);
            Ok(Answer::invalid(page(context, &state)))
        }
        ChangePasswordError::Throttled { retry_after } => Ok(Answer::throttled(
            page(context, &state.refused(texts.forms.throttled)),
            *retry_after,
        )),
        ChangePasswordError::SessionEnded => Ok(Answer::log_in()),
        ChangePasswordError::Fault(Fault::Busy { retry_after }) => {
            Ok(Answer::busy(page(context, &state.refused(texts.forms.busy)), *retry_after))
        }
        ChangePasswordError::SecondFactor => {
            Ok(guard::ask_before(context, Section::Password.path()))
        }
        ChangePasswordError::Fault(fault) => Err((*fault).into()),
    }
}

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let principal = context.principal.as_deref();
    if principal.is_some_and(|principal| !principal.keys.has_password) {
        return passwordless::page(context, state);
    }
    let texts = Texts::of(context.language());
    let min_length = context.accounts().settings().password.min_length;
    let new = FieldKind::NewPassword { min_length };
    let form = Form {
        texts,
        id: ids::PASSWORD_FORM,
        action: Section::Password.path(),
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![
            Field {
                error: state.error_of(fields::CURRENT_PASSWORD),
                username: principal.map(|principal| principal.email.as_str()),
                ..Field::new(
                    texts,
                    fields::CURRENT_PASSWORD,
                    texts.forms.current_password,
                    FieldKind::CurrentPassword,
                )
            },
            Field {
                error: state.error_of(fields::PASSWORD),
                hint: Some((texts.forms.password_hint)(min_length).into()),
                ..Field::new(texts, fields::PASSWORD, texts.forms.new_password, new)
            },
        ],
        submit: texts.settings.change_password,
    }
    .render();
    let card = Card {
        title: texts.settings.change_password_title,
        lead: Some(texts.settings.change_password_lead),
        body: form.clone(),
        foot: Some(foot(texts, principal)),
    };
    View {
        title: texts.settings.change_password_title,
        indexing: Indexing::Unlisted,
        form: Some(form),
        main: Section::Password.page(context, &card.render()),
    }
}

/// The other ways: a mailed link, and for an account with a passkey no password at all.
fn foot(texts: &Texts, principal: Option<&Principal>) -> Markup {
    html! {
        p { a href=(paths::FORGOT_PASSWORD) { (texts.pages.forgot_password) } }
        @if principal.is_some_and(passwordless::is_offered) {
            p { a href=(passwordless::REMOVE_PATH) { (texts.passkeys.remove_password) } }
        }
    }
}
