//! The log-in page.

use maud::{Render, html};

use crate::{
    answer::View,
    extract::FormState,
    ui::{Card, Discretion, Field, FieldKind, FieldName, Form, ids, texts},
    visit::Visit,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let form = form(visit, state).render();
    let foot = html! {
        p { a href="/forgot-password" { (texts::FORGOT_PASSWORD) } }
        p { (texts::NO_ACCOUNT_YET) " " a href="/signup" { (texts::SIGN_UP) } }
    };
    let leads_on = !state.value(FieldName::Next).is_empty();
    let lead = leads_on.then_some(texts::LOG_IN_TO_GO_ON);
    let card = Card { title: texts::LOG_IN, lead, body: form.clone(), foot: Some(foot) };
    View {
        title: texts::LOG_IN,
        discretion: Discretion::Public,
        form: Some(form),
        main: card.render(),
    }
}

fn form<'a>(visit: &'a Visit, state: &'a FormState) -> Form<'a> {
    let email = state.value(FieldName::Email);
    let mut hidden = Vec::new();
    if !state.value(FieldName::Next).is_empty() {
        hidden.push((FieldName::Next, state.value(FieldName::Next)));
    }
    Form {
        id: ids::LOGIN_FORM,
        action: "/login",
        csrf_token: visit.csrf.token(),
        hidden,
        error: state.error.clone(),
        fields: vec![
            Field {
                error: state.error_of(FieldName::Email),
                autofocus: email.is_empty(),
                ..Field::new(FieldName::Email, texts::EMAIL, FieldKind::Email(email))
            },
            Field {
                error: state.error_of(FieldName::Password),
                autofocus: !email.is_empty(),
                ..Field::new(FieldName::Password, texts::PASSWORD, FieldKind::CurrentPassword)
            },
            Field::new(
                FieldName::Remember,
                texts::REMEMBER_ME,
                FieldKind::Checkbox(state.is_ticked(FieldName::Remember)),
            ),
        ],
        submit: texts::LOG_IN,
    }
}
