//! The page that asks for an address.

use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, Form, Indexing, ids},
};
use maud::{Markup, Render, html};

use crate::{fields, paths, texts::Texts};

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let email = Field { autofocus: true, ..field(texts, state) };
    let form = form(context, state, email);
    let card = Card {
        title: texts.pages.forgot_password,
        lead: Some(texts.pages.forgot_password_lead),
        body: form.clone(),
        foot: Some(html! { p { a href=(paths::LOG_IN) { (texts.pages.back_to_log_in) } } }),
    };
    View {
        title: texts.pages.forgot_password,
        indexing: Indexing::Public,
        form: Some(form),
        main: card.render(),
    }
}

/// The form below the mail that was asked for.
pub(super) fn other_address(context: &PageContext) -> Markup {
    let (texts, state) = (Texts::of(context.language()), FormState::default());
    form(context, &state, field(texts, &state))
}

fn form(context: &PageContext, state: &FormState, email: Field<'_>) -> Markup {
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::FORGOT_PASSWORD_FORM,
        action: paths::FORGOT_PASSWORD,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![email],
        submit: texts.pages.send_reset_link,
    }
    .render()
}

fn field<'a>(texts: &'static Texts, state: &'a FormState) -> Field<'a> {
    let email = FieldKind::Email(state.value(fields::EMAIL));
    Field {
        error: state.error_of(fields::EMAIL),
        ..Field::new(texts, fields::EMAIL, texts.forms.email, email)
    }
}
