//! The page that takes a new address, and the ones behind the mailed links.

use maud::{Render, html};

use crate::{
    answer::{Answer, View},
    extract::FormState,
    features::settings::Section,
    ui::{Card, Discretion, Field, FieldKind, FieldName, Form, ids},
    visit::Visit,
};

/// A page behind a link, with one thing to do.
pub(super) struct Button {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) submit: &'static str,
}

pub(crate) fn page(visit: &Visit, state: &FormState) -> View {
    let texts = visit.texts();
    let title = texts.pages.change_email;
    let email = visit.principal.as_ref().map(|principal| principal.email.to_string());
    let lead = (texts.pages.change_email_lead)(&email.unwrap_or_default());
    let form = Form {
        texts,
        id: ids::EMAIL_FORM,
        action: Section::Email.path(),
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(FieldName::Email),
            autofocus: true,
            ..Field::new(
                texts,
                FieldName::Email,
                texts.forms.new_email,
                FieldKind::Email(state.value(FieldName::Email)),
            )
        }],
        submit: texts.pages.send_link,
    }
    .render();
    let card = Card { title, lead: Some(&lead), body: form.clone(), foot: None };
    let main = Section::Email.page(texts, &card.render());
    View { title, discretion: Discretion::Unlisted, form: Some(form), main }
}

pub(super) fn button(visit: &Visit, state: &FormState, button: &Button) -> View {
    let texts = visit.texts();
    let form = Form {
        texts,
        id: button.id,
        action: &visit.path,
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: Vec::new(),
        submit: button.submit,
    }
    .render();
    let card =
        Card { title: button.title, lead: Some(button.lead), body: form.clone(), foot: None };
    View {
        title: button.title,
        discretion: Discretion::Secret,
        form: Some(form),
        main: card.render(),
    }
}

/// Unknown, used, replaced and expired links are all the same to a visitor.
pub(super) fn gone(visit: &Visit) -> Answer {
    let texts = visit.texts();
    let (title, _) = texts.errors.page(410);
    let body = html! { p { a.button href="/" { (texts.frame.to_home) } } };
    let card = Card { title, lead: Some(texts.pages.email_link_gone_lead), body, foot: None };
    Answer::gone(View { title, discretion: Discretion::Secret, form: None, main: card.render() })
}
