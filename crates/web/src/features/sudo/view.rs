//! The question for the password, as a page and over one.

use domain::Principal;
use hypermedia::{
    answer::{Answer, View},
    extract::{FormState, LocalPath},
    page_context::PageContext,
    ui::{
        Card, Dialog, Field, FieldKind, FieldName, Form, Indexing, PasskeyForm, PasskeyPrompt,
        PasskeyRequest, ids,
    },
};
use maud::{Markup, Render, html};

use crate::{
    features::{
        passkey_prompt::form_token,
        settings::{Section, data, deletion},
    },
    fields, paths,
    texts::Texts,
};

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let form = form(context, &context.path, state);
    let foot = html! { p { a href=(paths::FORGOT_PASSWORD) { (texts.pages.forgot_password) } } };
    let card = Card {
        title: texts.pages.sudo,
        lead: Some(lead(texts, state.value(FieldName::NEXT))),
        body: form.clone(),
        foot: Some(foot),
    };
    View {
        title: texts.pages.sudo,
        indexing: Indexing::Secret,
        form: Some(form),
        main: card.render(),
    }
}

/// The same question over the page that is there.
pub(crate) fn dialog(context: &PageContext, action: &LocalPath) -> Markup {
    let texts = Texts::of(context.language());
    let lead = lead(texts, &context.path);
    let body = form(context, action.as_str(), &FormState::default());
    Dialog { texts, title: texts.pages.sudo, lead, body }.render()
}

/// Why the password is asked for, by where the visitor goes on.
fn lead(texts: &Texts, next: &str) -> &'static str {
    match next {
        deletion::PATH => texts.pages.sudo_lead_deletion,
        data::EXPORT_PAGE | data::EXPORT_PATH => texts.pages.sudo_lead_export,
        _ if next == Section::Email.path() => texts.pages.sudo_lead_email,
        _ => texts.pages.sudo_lead,
    }
}

/// For everybody but the sender there is no such form, and never was.
pub(super) fn gone(context: &PageContext) -> Answer {
    let texts = Texts::of(context.language());
    let body = html! { p { a.button href=(context.account_pages().landing) { (texts.pages.to_profile) } } };
    let card = Card {
        title: texts.pages.form_gone,
        lead: Some(texts.pages.form_gone_lead),
        body,
        foot: None,
    };
    let indexing = Indexing::Secret;
    Answer::gone(View { title: texts.pages.form_gone, indexing, form: None, main: card.render() })
}

fn form(context: &PageContext, action: &str, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    let next = state.value(FieldName::NEXT);
    let principal = context.principal.as_deref();
    let sessions = context.accounts().sessions();
    let ceremony = principal
        .and_then(|principal| sessions.begin_passkey_again(principal, form_token(context)));
    let prompt = ceremony.as_ref().map(|ceremony| PasskeyPrompt {
        texts,
        request: PasskeyRequest::Use,
        options: &ceremony.options,
        ceremony: &ceremony.sealed,
        label: texts.passkeys.use_one,
        error: state.error_of(FieldName::PASSKEY),
        instead: None,
    });
    let hidden = if next.is_empty() { Vec::new() } else { vec![(FieldName::NEXT, next)] };
    let (id, csrf_token) = (ids::SUDO_FORM, context.csrf.token());
    // An account without a password gives a passkey and nothing else.
    if principal.is_some_and(|principal| !principal.keys.has_password)
        && let Some(prompt) = prompt
    {
        let prompt = PasskeyPrompt { instead: Some(texts.passkeys.step_unsupported), ..prompt };
        let fields = Vec::new();
        return PasskeyForm { id, action, csrf_token, hidden, fields, prompt }.render();
    }
    let passkey = prompt.as_ref().map(|prompt| {
        Field::new(texts, FieldName::PASSKEY, texts.passkeys.use_one, FieldKind::Passkey(prompt))
    });
    let own = principal.map(|principal| own_fields(context, principal, state)).unwrap_or_default();
    Form {
        texts,
        id,
        action,
        csrf_token,
        hidden,
        error: state.error.clone(),
        fields: [own, passkey.into_iter().collect()].concat(),
        submit: texts.pages.sudo_submit,
    }
    .render()
}

/// The password, and the code where one is asked for.
fn own_fields<'a>(
    context: &PageContext,
    principal: &'a Principal,
    state: &FormState,
) -> Vec<Field<'a>> {
    let texts = Texts::of(context.language());
    let mut fields = vec![Field {
        error: state.error_of(fields::PASSWORD),
        autofocus: state.error_of(FieldName::PASSKEY).is_none(),
        username: Some(principal.email.as_str()),
        again: state.again(fields::PASSWORD),
        ..Field::new(texts, fields::PASSWORD, texts.forms.password, FieldKind::CurrentPassword)
    }];
    if context.accounts().sessions().asks_for_code(principal) {
        fields.push(Field {
            error: state.error_of(fields::CODE),
            hint: Some(texts.factors.any_code_hint.into()),
            ..Field::new(texts, fields::CODE, texts.factors.code, FieldKind::Code)
        });
    }
    fields
}
