//! The question for the password, as a page and over one.

use hypermedia::{
    answer::{Answer, View},
    extract::{FormState, LocalPath},
    page_context::PageContext,
    ui::{Card, Dialog, Field, FieldKind, FieldName, Form, Indexing, ids},
};
use maud::{Markup, Render, html};

use crate::{
    features::settings::{Section, data, deletion},
    fields,
    texts::Texts,
};

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let form = form(context, &context.path, state);
    let foot = html! { p { a href="/forgot-password" { (texts.pages.forgot_password) } } };
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
    Form {
        texts,
        id: ids::SUDO_FORM,
        action,
        csrf_token: context.csrf.token(),
        hidden: if next.is_empty() { Vec::new() } else { vec![(FieldName::NEXT, next)] },
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::PASSWORD),
            autofocus: true,
            username: principal.map(|principal| principal.email.as_str()),
            ..Field::new(texts, fields::PASSWORD, texts.forms.password, FieldKind::CurrentPassword)
        }],
        submit: texts.pages.sudo_submit,
    }
    .render()
}
