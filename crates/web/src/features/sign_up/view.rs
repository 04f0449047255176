//! The sign-up page.

use auth::SignupMode;
use maud::{Markup, Render, html};

use crate::{
    answer::View,
    extract::FormState,
    ui::{Card, Discretion, Field, FieldKind, FieldName, Form, ids, texts},
    visit::Visit,
};

const CHECK: Option<&str> = Some("/signup/check");

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let is_open = visit.accounts().settings().accounts.signup != SignupMode::Closed;
    let form = is_open.then(|| form(visit, state));
    let foot = html! {
        p { (texts::HAVE_ACCOUNT) " " a href="/login" { (texts::LOG_IN) } }
    };
    let card = Card {
        title: texts::SIGN_UP,
        lead: Some(if is_open { texts::SIGN_UP_LEAD } else { texts::SIGN_UP_CLOSED }),
        body: form.clone().unwrap_or_default(),
        foot: Some(foot),
    };
    View { title: texts::SIGN_UP, discretion: Discretion::Public, form, main: card.render() }
}

fn form(visit: &Visit, state: &FormState) -> Markup {
    Form {
        id: ids::SIGNUP_FORM,
        action: "/signup",
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: fields(visit, state),
        submit: texts::SIGN_UP,
    }
    .render()
}

pub(super) fn fields<'a>(visit: &Visit, state: &'a FormState) -> Vec<Field<'a>> {
    let min_length = visit.accounts().settings().password.min_length;
    let email = FieldKind::Email(state.value(FieldName::Email));
    let name = FieldKind::Name(state.value(FieldName::Name));
    let password = FieldKind::NewPassword { min_length };
    vec![
        Field {
            error: state.error_of(FieldName::Email),
            hint: Some(texts::EMAIL_HINT.into()),
            autofocus: true,
            check: CHECK,
            ..Field::new(FieldName::Email, texts::EMAIL, email)
        },
        Field {
            error: state.error_of(FieldName::Name),
            hint: Some(texts::NAME_HINT.into()),
            check: CHECK,
            ..Field::new(FieldName::Name, texts::NAME, name)
        },
        Field {
            error: state.error_of(FieldName::Password),
            hint: Some(texts::password_hint(min_length).into()),
            check: CHECK,
            ..Field::new(FieldName::Password, texts::PASSWORD, password)
        },
    ]
}
