//! The page that takes a new address.

use hypermedia::{
    answer::View,
    extract::FormState,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, Form, Indexing, ids},
};
use maud::Render;

use crate::{features::settings::Section, fields, texts::Texts};

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let title = texts.pages.change_email;
    let email = context.principal.as_ref().map(|principal| principal.email.to_string());
    let lead = (texts.pages.change_email_lead)(&email.unwrap_or_default());
    let form = Form {
        texts,
        id: ids::EMAIL_FORM,
        action: Section::Email.path(),
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::EMAIL),
            autofocus: true,
            autocomplete: Some("email"),
            ..Field::new(
                texts,
                fields::EMAIL,
                texts.forms.new_email,
                FieldKind::Email(state.value(fields::EMAIL)),
            )
        }],
        submit: texts.pages.send_link,
    }
    .render();
    let card = Card { title, lead: Some(&lead), body: form.clone(), foot: None };
    let main = Section::Email.page(texts, &card.render());
    View { title, indexing: Indexing::Unlisted, form: Some(form), main }
}
