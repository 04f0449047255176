//! The log-in page.

use maud::{Render, html};

use crate::{
    answer::View,
    extract::FormState,
    ui::{Card, Discretion, Field, FieldKind, Form, ids, texts},
    visit::Visit,
};

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let form = form(visit, state).render();
    let foot = html! {
        p { a href="/forgot-password" { (texts::FORGOT_PASSWORD) } }
        p { (texts::NO_ACCOUNT_YET) " " a href="/signup" { (texts::SIGN_UP) } }
    };
    let card = Card { title: texts::LOG_IN, lead: None, body: form.clone(), foot: Some(foot) };
    View {
        title: texts::LOG_IN,
        discretion: Discretion::Public,
        form: Some(form),
        main: card.render(),
    }
}

fn form<'a>(visit: &'a Visit, state: &'a FormState) -> Form<'a> {
    let email = state.value("email");
    let mut hidden = Vec::new();
    if !state.value("next").is_empty() {
        hidden.push(("next", state.value("next")));
    }
    Form {
        id: ids::LOGIN_FORM,
        action: "/login",
        csrf_token: visit.csrf.token(),
        hidden,
        error: state.error.clone(),
        fields: vec![
            Field {
                error: state.error_of("email"),
                autofocus: email.is_empty(),
                ..Field::new("email", texts::EMAIL, FieldKind::Email(email))
            },
            Field {
                error: state.error_of("password"),
                autofocus: !email.is_empty(),
                ..Field::new("password", texts::PASSWORD, FieldKind::CurrentPassword)
            },
            Field::new(
                "remember",
                texts::REMEMBER_ME,
                FieldKind::Checkbox(state.is_ticked("remember")),
            ),
        ],
        submit: texts::LOG_IN,
    }
}
