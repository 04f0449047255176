//! The sign-up page.

use auth::SignupMode;
use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, Form, Indexing, ids},
};
use maud::{Markup, Render, html};

use crate::{fields, texts::Texts};

const CHECK: Option<&str> = Some("/signup/check");

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let is_open = context.accounts().settings().accounts.signup != SignupMode::Closed;
    let form = is_open.then(|| form(context, state));
    let foot = html! {
        p { (texts.pages.have_account) " " a href="/login" { (texts.account.log_in) } }
    };
    let card = Card {
        title: texts.account.sign_up,
        lead: Some(if is_open { texts.pages.sign_up_lead } else { texts.pages.sign_up_closed }),
        body: form.clone().unwrap_or_default(),
        foot: Some(foot),
    };
    View { title: texts.account.sign_up, indexing: Indexing::Public, form, main: card.render() }
}

fn form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::SIGNUP_FORM,
        action: "/signup",
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: fields(context, state),
        submit: texts.account.sign_up,
    }
    .render()
}

pub(super) fn fields<'a>(context: &PageContext, state: &'a FormState) -> Vec<Field<'a>> {
    let texts = Texts::of(context.language());
    let min_length = context.accounts().settings().password.min_length;
    let email = FieldKind::Email(state.value(fields::EMAIL));
    let name = FieldKind::Name(state.value(fields::NAME));
    let password = FieldKind::NewPassword { min_length };
    vec![
        Field {
            error: state.error_of(fields::EMAIL),
            hint: Some(texts.forms.email_hint.into()),
            autofocus: true,
            check: CHECK,
            ..Field::new(texts, fields::EMAIL, texts.forms.email, email)
        },
        Field {
            error: state.error_of(fields::NAME),
            hint: Some(texts.forms.name_hint.into()),
            check: CHECK,
            ..Field::new(texts, fields::NAME, texts.forms.name, name)
        },
        Field {
            error: state.error_of(fields::PASSWORD),
            hint: Some((texts.forms.password_hint)(min_length).into()),
            check: CHECK,
            ..Field::new(texts, fields::PASSWORD, texts.forms.password, password)
        },
    ]
}
