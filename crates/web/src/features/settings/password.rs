//! Changing the password, by whoever knows the one that there is.

use auth::{ChangePassword, ChangePasswordError, Fault};
use maud::{Render, html};
use poem::handler;

use super::Section;
use crate::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission, fields},
    flash::Flash,
    ui::{Card, Discretion, Field, FieldKind, FieldName, Form, ids, texts},
    visit::Visit,
};

#[handler]
pub(crate) fn edit(visit: &Visit) -> Answer {
    Answer::page(page(visit, &FormState::default()))
}

#[handler]
pub(crate) async fn update(
    visit: &Visit,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let change = match parse(visit, submission) {
        Ok(change) => change,
        Err(state) => return Ok(Answer::invalid(page(visit, &state))),
    };
    let device = visit.device.as_deref();
    match visit.accounts().change_password(principal, change, device, &visit.client()).await {
        Ok(renewed) => Ok(Answer::redirect(LocalPath::of(Section::Password.path()))
            .renew_session(renewed)
            .with_flash(Flash::PasswordChanged)),
        Err(error) => refuse(visit, &error),
    }
}

fn parse(visit: &Visit, submission: &Submission) -> Result<ChangePassword, FormState> {
    let mut state = FormState::of(submission);
    let current = state.parse(submission, FieldName::CurrentPassword, fields::current_password);
    let new = state.parse(submission, FieldName::Password, fields::new_password);
    match (current, new) {
        (Some(current), Some(new)) => Ok(ChangePassword { current, new }),
        (None, Some(new)) => {
            if let Err(problem) = visit.accounts().check_password(&new, None) {
                state.reject(FieldName::Password, texts::password_problem(&problem));
            }
            Err(state)
        }
        (_, None) => Err(state),
    }
}

fn refuse(visit: &Visit, error: &ChangePasswordError) -> Result<Answer, Error> {
    let mut state = FormState::default();
    match error {
        ChangePasswordError::WrongPassword => {
            state.reject(FieldName::CurrentPassword, texts::WRONG_CURRENT_PASSWORD);
            Ok(Answer::invalid(page(visit, &state)))
        }
        ChangePasswordError::Password(problem) => {
            state.reject(FieldName::Password, texts::password_problem(problem));
            Ok(Answer::invalid(page(visit, &state)))
        }
        ChangePasswordError::Unchanged => {
            state.reject(FieldName::Password, texts::SAME_PASSWORD);
            Ok(Answer::invalid(page(visit, &state)))
        }
        ChangePasswordError::Throttled { retry_after } => {
            Ok(Answer::throttled(page(visit, &state.refused(texts::THROTTLED)), *retry_after))
        }
        ChangePasswordError::SessionEnded => Ok(Answer::log_in()),
        ChangePasswordError::Fault(Fault::Busy { retry_after }) => {
            Ok(Answer::busy(page(visit, &state.refused(texts::BUSY)), *retry_after))
        }
        ChangePasswordError::Fault(fault) => Err((*fault).into()),
    }
}

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let min_length = visit.accounts().settings().password.min_length;
    let new = FieldKind::NewPassword { min_length };
    let form = Form {
        id: ids::PASSWORD_FORM,
        action: Section::Password.path(),
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![
            Field {
                error: state.error_of(FieldName::CurrentPassword),
                ..Field::new(
                    FieldName::CurrentPassword,
                    texts::CURRENT_PASSWORD,
                    FieldKind::CurrentPassword,
                )
            },
            Field {
                error: state.error_of(FieldName::Password),
                hint: Some(texts::password_hint(min_length).into()),
                ..Field::new(FieldName::Password, texts::NEW_PASSWORD, new)
            },
        ],
        submit: texts::CHANGE_PASSWORD,
    }
    .render();
    let card = Card {
        title: texts::CHANGE_PASSWORD_TITLE,
        lead: Some(texts::CHANGE_PASSWORD_LEAD),
        body: form.clone(),
        foot: Some(html! { p { a href="/forgot-password" { (texts::FORGOT_PASSWORD) } } }),
    };
    View {
        title: texts::CHANGE_PASSWORD_TITLE,
        discretion: Discretion::Unlisted,
        form: Some(form),
        main: Section::Password.page(&card.render()),
    }
}
