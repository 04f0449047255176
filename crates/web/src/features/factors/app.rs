//! The page of one authentication app: another name for it, and removing it.

use auth::{ListedFactor, RemoveFactorError};
use domain::{FactorId, Principal};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::{ActionForm, Card, Field, FieldKind, FieldName, Form, Indexing, Weight, ids},
};
use maud::{Markup, Render, html};
use poem::{handler, web::Path};

use crate::{features::settings::Section, fields, texts::Texts};

/// The address of the page.
pub(crate) const PATH: &str = "/settings/factors/apps/{app}";
/// The address that removes the app.
pub(crate) const REMOVE_PATH: &str = "/settings/factors/apps/{app}/remove";
/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::NAME];

/// An app, and whether it is the only factor of its account.
struct Shown {
    app: ListedFactor,
    is_last: bool,
}

#[handler]
pub(crate) async fn edit(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    let shown = find(context, principal, &id).await?;
    let state = FormState::default().with_value(fields::NAME, shown.app.name.as_str());
    Ok(Answer::page(page(context, &shown, &state, None)))
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let shown = find(context, principal, &id).await?;
    let mut state = FormState::of(submission);
    let Some(name) = state.parse(texts, submission, fields::NAME, fields::name) else {
        return Ok(Answer::invalid(page(context, &shown, &state, None)));
    };
    if !context.accounts().account().rename_app(principal, shown.app.id, &name).await? {
        return Err(Error::NotFound);
    }
    let flash = Flash::new(texts.factors.renamed);
    Ok(Answer::redirect(LocalPath::of(super::PATH)).with_flash(flash))
}

#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let id: FactorId = id.parse().map_err(|_| Error::NotFound)?;
    match context.accounts().account().remove_app(principal, id, &context.client()).await {
        Ok(()) => Ok(Answer::redirect(LocalPath::of(super::PATH))
            .with_flash(Flash::new(texts.factors.removed))),
        Err(RemoveFactorError::NoSuchFactor) => Err(Error::NotFound),
        Err(RemoveFactorError::LastOne | RemoveFactorError::LastWayIn) => {
            let shown = find(context, principal, &id.to_string()).await?;
            let state = FormState::default().with_value(fields::NAME, shown.app.name.as_str());
            Ok(Answer::invalid(page(context, &shown, &state, Some(texts.factors.last_stays))))
        }
        Err(RemoveFactorError::SessionEnded) => Ok(Answer::log_in()),
        Err(RemoveFactorError::Fault(fault)) => Err(fault.into()),
    }
}

async fn find(context: &PageContext, principal: &Principal, id: &str) -> Result<Shown, Error> {
    let id: FactorId = id.parse().map_err(|_| Error::NotFound)?;
    let list = context.accounts().account().list_factors(principal).await?;
    let is_last = list.factors.len() == 1 && principal.second_factor_since.is_some();
    let app = list.factors.into_iter().find(|factor| factor.id == id);
    Ok(Shown { app: app.ok_or(Error::NotFound)?, is_last })
}

fn page(
    context: &PageContext,
    shown: &Shown,
    state: &FormState,
    refusal: Option<&'static str>,
) -> View {
    let texts = Texts::of(context.language());
    let rename = rename_form(context, shown, state);
    let remove = remove_form(context, shown, refusal);
    let effect =
        if shown.is_last { texts.factors.remove_last_lead } else { texts.factors.remove_lead };
    let body = html! {
        (rename)
        h2 { (texts.factors.remove) }
        p { (effect) }
        (remove)
    };
    let title = texts.factors.rename_title;
    let main = Card { title, lead: Some(shown.app.name.as_str()), body, foot: None }.render();
    let form = Some(if refusal.is_some() { remove } else { rename });
    View { title, indexing: Indexing::Unlisted, form, main: Section::Factors.page(context, &main) }
}

fn rename_form(context: &PageContext, shown: &Shown, state: &FormState) -> Markup {
    let texts = Texts::of(context.language());
    Form {
        texts,
        id: ids::RENAME_FACTOR_FORM,
        action: &format!("{}/apps/{}", super::PATH, shown.app.id),
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        error: state.error.clone(),
        fields: vec![Field {
            error: state.error_of(fields::NAME),
            ..Field::new(
                texts,
                fields::NAME,
                texts.factors.app_name,
                FieldKind::Text { value: state.value(fields::NAME), max_length: None },
            )
        }],
        submit: texts.factors.rename_submit,
    }
    .render()
}

fn remove_form(context: &PageContext, shown: &Shown, refusal: Option<&str>) -> Markup {
    let texts = Texts::of(context.language());
    ActionForm {
        id: ids::REMOVE_FACTOR_FORM,
        action: &format!("{}/apps/{}/remove", super::PATH, shown.app.id),
        csrf_token: context.csrf.token(),
        hidden: Vec::new(),
        choice: None,
        error: refusal,
        label: texts.factors.remove,
        spoken: None,
        weight: Weight::Danger,
    }
    .render()
}
