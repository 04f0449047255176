//! The page that takes a new password, and the one that has to turn a link down.

use maud::{Render, html};

use crate::{
    answer::{Answer, View},
    extract::FormState,
    ui::{Card, Discretion, Field, FieldKind, FieldName, Form, ids, texts},
    visit::Visit,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let min_length = visit.accounts().settings().password.min_length;
    let form = Form {
        id: ids::RESET_PASSWORD_FORM,
        action: &visit.path,
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(FieldName::Password),
            hint: Some(texts::password_hint(min_length).into()),
            autofocus: true,
            ..Field::new(
                FieldName::Password,
                texts::NEW_PASSWORD,
                FieldKind::NewPassword { min_length },
            )
        }],
        submit: texts::SET_PASSWORD,
    }
    .render();
    let card = Card {
        title: texts::RESET_PASSWORD,
        lead: Some(texts::RESET_PASSWORD_LEAD),
        body: form.clone(),
        foot: None,
    };
    View {
        title: texts::RESET_PASSWORD,
        discretion: Discretion::Secret,
        form: Some(form),
        main: card.render(),
    }
}

/// Unknown, used, replaced and expired links are all the same to a visitor.
pub(crate) fn gone() -> Answer {
    let (title, text) = texts::error_page(410);
    let body = html! { p { a.button href="/forgot-password" { (texts::ASK_FOR_NEW_LINK) } } };
    let card = Card { title, lead: Some(text), body, foot: None };
    Answer::gone(View { title, discretion: Discretion::Secret, form: None, main: card.render() })
}
