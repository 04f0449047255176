//! The log-in page.

use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{
        Card, Field, FieldKind, FieldName, Form, Indexing, OtherSubmit, PasskeyPrompt,
        PasskeyRequest, ids,
    },
};
use maud::{Markup, Render, html};

use crate::{
    features::{forgot_password::from_log_in, passkey_prompt::form_token},
    fields, paths,
    texts::Texts,
};

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let form = form(context, state);
    let foot = context.offers_sign_up().then(|| {
        html! {
            p { (texts.pages.no_account_yet) " " a href=(paths::SIGN_UP) { (texts.account.sign_up) } }
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

fn form(context: &PageContext, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    let ceremony = context.accounts().sessions().begin_passkey_log_in(form_token(context));
    let prompt = ceremony.as_ref().map(|ceremony| PasskeyPrompt {
        texts,
        request: PasskeyRequest::UseOrAutofill,
        options: &ceremony.options,
        ceremony: &ceremony.sealed,
        label: texts.passkeys.log_in,
        error: state.error_of(FieldName::PASSKEY),
        instead: None,
    });
    let passkey = prompt.as_ref().map(|prompt| {
        Field::new(texts, FieldName::PASSKEY, texts.passkeys.log_in, FieldKind::Passkey(prompt))
    });
    let fields = [own_fields(texts, state), passkey.into_iter().collect()].concat();
    let mut hidden = Vec::new();
    if !state.value(FieldName::NEXT).is_empty() {
        hidden.push((FieldName::NEXT, state.value(FieldName::NEXT)));
    }
    Form {
        texts,
        id: ids::LOGIN_FORM,
        action: paths::LOG_IN,
        csrf_token: context.csrf.token(),
        hidden,
        error: state.error.clone(),
        fields,
        submit: texts.account.log_in,
    }
    .render_with(&OtherSubmit { action: from_log_in::PATH, label: texts.pages.forgot_password })
}

fn own_fields<'a>(texts: &'static Texts, state: &'a FormState) -> Vec<Field<'a>> {
    let email = state.value(fields::EMAIL);
    let is_refused = state.error_of(FieldName::PASSKEY).is_some();
    vec![
        Field {
            error: state.error_of(fields::EMAIL),
            autofocus: email.is_empty() && !is_refused,
            autocomplete: Some("username webauthn"),
            ..Field::new(texts, fields::EMAIL, texts.forms.email, FieldKind::Email(email))
        },
        Field {
            error: state.error_of(fields::PASSWORD),
            autofocus: !email.is_empty() && !is_refused,
            again: state.again(fields::PASSWORD),
            ..Field::new(texts, fields::PASSWORD, texts.forms.password, FieldKind::CurrentPassword)
        },
        Field::new(
            texts,
            fields::REMEMBER,
            texts.forms.remember_me,
            FieldKind::Checkbox(state.is_ticked(fields::REMEMBER)),
        ),
    ]
}
