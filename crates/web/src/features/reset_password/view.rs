//! The page that takes a new password, and the one that has to turn a link down.

use domain::EmailAddress;
use hypermedia::{
    answer::{Answer, View},
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, Form, Indexing, ids},
};
use maud::{Render, html};

use crate::{
    features::{link_gone, link_subject},
    fields, paths,
    texts::Texts,
};

/// The page without the address, for a form that came without a valid token.
pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    page_of(context, None, state)
}

pub(super) fn page_of(
    context: &PageContext,
    email: Option<&EmailAddress>,
    state: &FormState,
) -> View {
    let texts = Texts::of(context.language());
    let min_length = context.accounts().settings().password.min_length;
    let form = Form {
        texts,
        id: ids::RESET_PASSWORD_FORM,
        action: &context.path,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::PASSWORD),
            hint: Some((texts.forms.password_hint)(min_length).into()),
            autofocus: true,
            username: email.map(EmailAddress::as_str),
            ..Field::new(
                texts,
                fields::PASSWORD,
                texts.forms.new_password,
                FieldKind::NewPassword { min_length },
            )
        }],
        submit: texts.pages.set_password,
    }
    .render();
    let card = Card {
        title: texts.pages.reset_password,
        lead: Some(texts.pages.reset_password_lead),
        body: html! {
            @if let Some(email) = email { (link_subject::account(texts, email)) }
            (form)
        },
        foot: None,
    };
    View {
        title: texts.pages.reset_password,
        indexing: Indexing::Secret,
        form: Some(form),
        main: card.render(),
    }
}

/// Unknown, used, replaced and expired links are all the same to a visitor.
pub(crate) fn gone(context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    link_gone::page(context, None, paths::FORGOT_PASSWORD, texts.pages.ask_for_new_link)
}
