//! The page that adds a passkey.

use domain::Principal;
use hypermedia::{
    answer::View,
    error::Error,
    extract::FormState,
    page_context::PageContext,
    ui::{
        Card, Field, FieldKind, FieldName, Indexing, PasskeyForm, PasskeyPrompt, PasskeyRequest,
        ids,
    },
};
use maud::{Render, html};

use super::NEW;
use crate::{
    features::{factors::PATH, passkey_prompt::form_token, settings::Section},
    fields,
    texts::Texts,
};

/// The page, with a new challenge.
pub(super) async fn new(
    context: &PageContext,
    principal: &Principal,
    state: &FormState,
) -> Result<View, Error> {
    let texts = Texts::of(context.language());
    let credentials = context.accounts().credentials();
    let ceremony = credentials.begin_passkey(principal, form_token(context)).await?;
    let form = ceremony.map(|ceremony| {
        PasskeyForm {
            id: ids::NEW_PASSKEY_FORM,
            action: NEW,
            csrf_token: context.csrf.token(),
            hidden: Vec::new(),
            fields: vec![Field::new(
                texts,
                fields::END_OTHERS,
                texts.factors.end_others,
                FieldKind::Checkbox(state.is_ticked(fields::END_OTHERS)),
            )],
            prompt: PasskeyPrompt {
                texts,
                request: PasskeyRequest::Create,
                options: &ceremony.options,
                ceremony: &ceremony.sealed,
                label: texts.passkeys.create,
                error: state.error_of(FieldName::PASSKEY),
                instead: Some(texts.passkeys.unsupported),
            },
        }
        .render()
    });
    let body = form.clone().unwrap_or_else(|| html! { p { (texts.passkeys.unsupported) } });
    let foot = html! { p { a href=(PATH) { (texts.passkeys.back) } } };
    let title = texts.passkeys.add;
    let card = Card { title, lead: Some(texts.passkeys.add_lead), body, foot: Some(foot) };
    Ok(View {
        title,
        indexing: Indexing::Unlisted,
        form,
        main: Section::Factors.page(context, &card.render()),
    })
}
