//! Changing the display name.

use auth::ChangeNameError;
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::{Card, Field, FieldKind, FieldName, Form, Indexing, ids},
};
use maud::Render;
use poem::handler;

use super::Section;
use crate::{fields, texts::Texts};

/// The address of the page.
pub(crate) const PATH: &str = "/settings/profile";
/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::NAME];

#[handler]
pub(crate) fn edit(context: &PageContext, principal: &Authenticated) -> Answer {
    let state = FormState::default().with_value(fields::NAME, principal.name.as_str());
    Answer::page(page(context, &state))
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let Some(name) = state.parse(texts, submission, fields::NAME, fields::name) else {
        return Ok(Answer::invalid(page(context, &state)));
    };
    match context.accounts().account().change_name(principal, &name, &context.client()).await {
        Ok(()) => Ok(Answer::redirect(LocalPath::of(PATH))
            .with_flash(Flash::new(Texts::of(context.language()).flashes.name_changed))),
        Err(ChangeNameError::Throttled { retry_after }) => {
            Ok(Answer::throttled(page(context, &state.refused(texts.forms.throttled)), retry_after))
        }
        Err(ChangeNameError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) fn page(context: &PageContext, state: &FormState) -> View {
    let texts = Texts::of(context.language());
    let form = Form {
        texts,
        id: ids::PROFILE_FORM,
        action: PATH,
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::NAME),
            hint: Some(texts.forms.name_hint.into()),
            ..Field::new(
                texts,
                fields::NAME,
                texts.forms.name,
                FieldKind::Name(state.value(fields::NAME)),
            )
        }],
        submit: texts.settings.save,
    }
    .render();
    let card = Card {
        title: texts.settings.edit_profile,
        lead: Some(texts.settings.edit_profile_lead),
        body: form.clone(),
        foot: None,
    };
    View {
        title: texts.settings.edit_profile,
        indexing: Indexing::Unlisted,
        form: Some(form),
        main: Section::Profile.page(context, &card.render()),
    }
}
