//! The question for the password, as a page and over one.

use maud::{Markup, Render, html};

use crate::{
    answer::{Answer, View},
    extract::{FormState, LocalPath},
    ui::{Card, Dialog, Discretion, Field, FieldKind, FieldName, Form, ids, texts},
    visit::Visit,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let form = form(visit, &visit.path, state);
    let foot = html! { p { a href="/forgot-password" { (texts::FORGOT_PASSWORD) } } };
    let card = Card {
        title: texts::SUDO,
        lead: Some(texts::SUDO_LEAD),
        body: form.clone(),
        foot: Some(foot),
    };
    View {
        title: texts::SUDO,
        discretion: Discretion::Secret,
        form: Some(form),
        main: card.render(),
    }
}

/// The same question over the page that is there.
pub(super) fn dialog(visit: &Visit, action: &LocalPath) -> Markup {
    let body = form(visit, action.as_str(), &FormState::default());
    Dialog { title: texts::SUDO, lead: texts::SUDO_LEAD, body }.render()
}

/// For everybody but the sender there is no such form, and never was.
pub(super) fn gone() -> Answer {
    let body = html! { p { a.button href="/profile" { (texts::TO_PROFILE) } } };
    let card =
        Card { title: texts::FORM_GONE, lead: Some(texts::FORM_GONE_LEAD), body, foot: None };
    let discretion = Discretion::Secret;
    Answer::gone(View { title: texts::FORM_GONE, discretion, form: None, main: card.render() })
}

fn form(visit: &Visit, action: &str, state: &FormState) -> Markup {
    let next = state.value(FieldName::Next);
    Form {
        id: ids::SUDO_FORM,
        action,
        csrf_token: visit.csrf.token(),
        hidden: if next.is_empty() { Vec::new() } else { vec![(FieldName::Next, next)] },
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(FieldName::Password),
            autofocus: true,
            ..Field::new(FieldName::Password, texts::PASSWORD, FieldKind::CurrentPassword)
        }],
        submit: texts::SUDO_SUBMIT,
    }
    .render()
}
