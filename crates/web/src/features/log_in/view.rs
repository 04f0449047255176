//! The log-in page.

use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, FieldName, Form, Indexing, OtherSubmit, ids},
};
use maud::{Render, html};

use crate::{features::forgot_password::from_log_in, fields, texts::Texts};

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let forgot = OtherSubmit { action: from_log_in::PATH, label: texts.pages.forgot_password };
    let form = form(context, state).render_with(&forgot);
    let foot = context.offers_sign_up().then(|| {
        html! {
            p { (texts.pages.no_account_yet) " " a href="/signup" { (texts.account.sign_up) } }
        }
    });
    let leads_on = !state.value(FieldName::NEXT).is_empty();
    let lead = leads_on.then_some(texts.pages.log_in_to_go_on);
    let card = Card { title: texts.account.log_in, lead, body: form.clone(), foot };
    View {
        title: texts.account.log_in,
        indexing: Indexing::Public,
        form: Some(form),
        main: card.render(),
    }
}

fn form<'a>(context: &'a PageContext, state: &'a FormState) -> Form<'a> {
    let texts = Texts::of(context.language());
    let email = state.value(fields::EMAIL);
    let mut hidden = Vec::new();
    if !state.value(FieldName::NEXT).is_empty() {
        hidden.push((FieldName::NEXT, state.value(FieldName::NEXT)));
    }
    Form {
        texts,
        id: ids::LOGIN_FORM,
        action: "/login",
        csrf_token: context.csrf.token(),
        hidden,
        error: state.error.clone(),
        fields: vec![
            Field {
                error: state.error_of(fields::EMAIL),
                autofocus: email.is_empty(),
                ..Field::new(texts, fields::EMAIL, texts.forms.email, FieldKind::Email(email))
            },
            Field {
                error: state.error_of(fields::PASSWORD),
                autofocus: !email.is_empty(),
                ..Field::new(
                    texts,
                    fields::PASSWORD,
                    texts.forms.password,
                    FieldKind::CurrentPassword,
                )
            },
            Field::new(
                texts,
                fields::REMEMBER,
                texts.forms.remember_me,
                FieldKind::Checkbox(state.is_ticked(fields::REMEMBER)),
            ),
        ],
        submit: texts.account.log_in,
    }
}
