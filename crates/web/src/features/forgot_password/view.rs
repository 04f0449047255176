//! The page that asks for an address.

use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, Form, Indexing, ids},
};
use maud::{Render, html};

use crate::{fields, texts::Texts};

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let email = FieldKind::Email(state.value(fields::EMAIL));
    let form = Form {
        texts,
        id: ids::FORGOT_PASSWORD_FORM,
        action: "/forgot-password",
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::EMAIL),
            autofocus: true,
            ..Field::new(texts, fields::EMAIL, texts.forms.email, email)
        }],
        submit: texts.pages.send_reset_link,
    }
    .render();
    let card = Card {
        title: texts.pages.forgot_password,
        lead: Some(texts.pages.forgot_password_lead),
        body: form.clone(),
        foot: Some(html! { p { a href="/login" { (texts.pages.back_to_log_in) } } }),
    };
    View {
        title: texts.pages.forgot_password,
        indexing: Indexing::Public,
        form: Some(form),
        main: card.render(),
    }
}
