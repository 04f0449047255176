//! The page that asks for an address.

use maud::{Render, html};

use crate::{
    answer::View,
    extract::FormState,
    ui::{Card, Discretion, Field, FieldKind, FieldName, Form, ids, texts},
    visit::Visit,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let email = FieldKind::Email(state.value(FieldName::Email));
    let form = Form {
        id: ids::FORGOT_PASSWORD_FORM,
        action: "/forgot-password",
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(FieldName::Email),
            autofocus: true,
            ..Field::new(FieldName::Email, texts::EMAIL, email)
        }],
        submit: texts::SEND_RESET_LINK,
    }
    .render();
    let card = Card {
        title: texts::FORGOT_PASSWORD,
        lead: Some(texts::FORGOT_PASSWORD_LEAD),
        body: form.clone(),
        foot: Some(html! { p { a href="/login" { (texts::BACK_TO_LOG_IN) } } }),
    };
    View {
        title: texts::FORGOT_PASSWORD,
        discretion: Discretion::Public,
        form: Some(form),
        main: card.render(),
    }
}
