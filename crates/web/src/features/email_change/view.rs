//! The page that takes a new address, and the ones behind the mailed links.

use maud::{Render, html};

use crate::{
    answer::{Answer, View},
    extract::FormState,
    features::settings::Section,
    ui::{Card, Discretion, Field, FieldKind, FieldName, Form, ids, texts},
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
    let title = texts::CHANGE_EMAIL;
    let email = visit.principal.as_ref().map(|principal| principal.email.to_string());
    let lead = texts::change_email_lead(&email.unwrap_or_default());
    let form = Form {
        id: ids::EMAIL_FORM,
        action: Section::Email.path(),
        csrf_token: visit.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(FieldName::Email),
            autofocus: true,
            ..Field::new(
                FieldName::Email,
                texts::NEW_EMAIL,
                FieldKind::Email(state.value(FieldName::Email)),
            )
        }],
        submit: texts::SEND_LINK,
    }
    .render();
    let card = Card { title, lead: Some(&lead), body: form.clone(), foot: None };
    let main = Section::Email.page(&card.render());
    View { title, discretion: Discretion::Unlisted, form: Some(form), main }
}

pub(super) fn button(visit: &Visit, state: &FormState, button: &Button) -> View {
    let form = Form {
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
pub(super) fn gone() -> Answer {
    let (title, _) = texts::error_page(410);
    let body = html! { p { a.button href="/" { (texts::TO_HOME) } } };
    let card = Card { title, lead: Some(texts::EMAIL_LINK_GONE_LEAD), body, foot: None };
    Answer::gone(View { title, discretion: Discretion::Secret, form: None, main: card.render() })
}
