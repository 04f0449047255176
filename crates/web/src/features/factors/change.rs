//! Another name for a factor, and its removal, from the list.

use auth::RemoveFactorError;
use domain::{FactorId, FactorKind, Principal};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{handler, web::Path};

use super::list::{Change, Refusal};
use crate::{fields, paths, texts::Texts};

/// The address that renames an app.
pub(crate) const APP: &str = "/settings/factors/apps/{app}";
/// The address that removes an app.
pub(crate) const APP_REMOVAL: &str = "/settings/factors/apps/{app}/remove";
/// The address that renames a passkey.
pub(crate) const PASSKEY_NAME: &str = "/settings/factors/passkeys/{passkey}/name";
/// The address that removes a passkey.
pub(crate) const PASSKEY_REMOVAL: &str = "/settings/factors/passkeys/{passkey}/remove";
/// The fields of the form that renames a factor.
pub(crate) const FIELDS: &[FieldName] = &[fields::NAME];

#[handler]
pub(crate) async fn update_app(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    update(context, principal, (FactorKind::AuthenticationApp, &id), submission).await
}

#[handler]
pub(crate) async fn update_passkey(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    update(context, principal, (FactorKind::Passkey, &id), submission).await
}

#[handler]
pub(crate) async fn destroy_app(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    destroy(context, principal, (FactorKind::AuthenticationApp, &id)).await
}

#[handler]
pub(crate) async fn destroy_passkey(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    destroy(context, principal, (FactorKind::Passkey, &id)).await
}

async fn update(
    context: &PageContext,
    principal: &Principal,
    (kind, id): (FactorKind, &str),
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let id: FactorId = id.parse().map_err(|_| Error::NotFound)?;
    let mut state = FormState::of(submission);
    let Some(name) = state.parse(texts, submission, fields::NAME, fields::name) else {
        return refuse(context, principal, Refusal { change: Change::Rename, id, state }).await;
    };
    if !context.accounts().account().rename_factor(principal, (kind, id), &name).await? {
        return Err(Error::NotFound);
    }
    Ok(to_index().with_flash(Flash::new(texts.factors.renamed)))
}

async fn destroy(
    context: &PageContext,
    principal: &Principal,
    (kind, id): (FactorKind, &str),
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let id: FactorId = id.parse().map_err(|_| Error::NotFound)?;
    let account = context.accounts().account();
    let error = match account.remove_factor(principal, (kind, id), &context.client()).await {
        Ok(()) => return Ok(to_index().with_flash(Flash::new(texts.factors.removed))),
        Err(RemoveFactorError::NoSuchFactor) => return Err(Error::NotFound),
        Err(RemoveFactorError::LastOne) => texts.factors.last_stays,
        Err(RemoveFactorError::LastWayIn) => texts.passkeys.last_way_in,
        Err(RemoveFactorError::SessionEnded) => return Ok(Answer::log_in()),
        Err(RemoveFactorError::Fault(fault)) => return Err(fault.into()),
    };
    let state = FormState::default().refused(error);
    refuse(context, principal, Refusal { change: Change::Remove, id, state }).await
}

async fn refuse(
    context: &PageContext,
    principal: &Principal,
    refusal: Refusal,
) -> Result<Answer, Error> {
    Ok(Answer::invalid(super::page(context, principal, Some(refusal)).await?))
}

fn to_index() -> Answer {
    Answer::redirect(LocalPath::of(paths::FACTORS))
}
