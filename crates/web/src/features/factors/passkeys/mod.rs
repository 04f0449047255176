//! The passkeys of an account: added, renamed and removed on the page of the factors.
//!
//! Adding and removing ask for a recent log-in (MFA-05).

mod section;
mod view;

use auth::{AddPasskey, AddPasskeyError, RemoveFactorError};
use domain::{DisplayName, FactorId, UserAgent};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{handler, web::Path};

pub(super) use self::section::section;
use super::recovery_codes;
use crate::{features::passkey_prompt::answer_of, fields, texts::Texts};

/// The page that adds a passkey.
pub(crate) const NEW: &str = "/settings/factors/passkeys/new";
/// The address that renames a passkey.
pub(crate) const NAME_PATH: &str = "/settings/factors/passkeys/{passkey}/name";
/// The address that removes a passkey.
pub(crate) const REMOVE_PATH: &str = "/settings/factors/passkeys/{passkey}/remove";
/// The fields of a form that an authenticator answers in.
pub(crate) const FIELDS: &[FieldName] =
    &[FieldName::PASSKEY, FieldName::CEREMONY, fields::END_OTHERS];
/// The fields of the form that renames a passkey.
pub(crate) const NAME_FIELDS: &[FieldName] = &[fields::NAME];

#[handler]
pub(crate) async fn new(context: &PageContext, principal: &Authenticated) -> Result<Answer, Error> {
    if !super::is_offered(context) || !principal.is_confirmed {
        return Ok(to_index());
    }
    let state = FormState::default().with_value(fields::END_OTHERS, "1");
    Ok(Answer::page(view::new(context, principal, &state).await?))
}

#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    if !super::is_offered(context) {
        return Err(Error::NotFound);
    }
    let refused = async |error: &'static str| {
        let mut state = FormState::of(submission);
        state.reject(FieldName::PASSKEY, error);
        Ok(Answer::invalid(view::new(context, principal, &state).await?))
    };
    let Some(answer) = answer_of(submission) else { return refused(texts.passkeys.expired).await };
    let client = context.client();
    let device = (texts.settings.device)(UserAgent::parse(&client.user_agent));
    let fallback_name = DisplayName::parse(&device).map_err(|_| Error::BadRequest)?;
    let end_other_sessions = submission.has(fields::END_OTHERS);
    let add = AddPasskey { answer, fallback_name, end_other_sessions };
    match context.accounts().credentials().add_passkey(principal, add, &client).await {
        Ok(added) => {
            let next = if added.is_on { super::PATH } else { recovery_codes::PATH };
            Ok(Answer::redirect(LocalPath::of(next))
                .renew_session(added.session)
                .with_flash(Flash::new(texts.passkeys.added)))
        }
        Err(AddPasskeyError::Expired) => refused(texts.passkeys.expired).await,
        Err(AddPasskeyError::Refused) => refused(texts.passkeys.new_refused).await,
        Err(AddPasskeyError::Known) => refused(texts.form.passkey_known).await,
        Err(AddPasskeyError::TooMany) => refused(texts.passkeys.too_many).await,
        Err(AddPasskeyError::Unconfirmed) => Ok(to_index()),
        Err(AddPasskeyError::SessionEnded) => Ok(Answer::log_in()),
        Err(AddPasskeyError::Fault(fault)) => Err(fault.into()),
    }
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let mut state = FormState::of(submission);
    let name = state.parse(texts, submission, fields::NAME, fields::name);
    let Some(name) = name else {
        let error = state.error_of(fields::NAME);
        return Ok(Answer::invalid(super::page(context, principal, error).await?));
    };
    let id: FactorId = id.parse().map_err(|_| Error::NotFound)?;
    if !context.accounts().credentials().rename_passkey(principal, id, &name).await? {
        return Err(Error::NotFound);
    }
    Ok(to_index().with_flash(Flash::new(texts.passkeys.renamed)))
}

#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let id: FactorId = id.parse().map_err(|_| Error::NotFound)?;
    match context.accounts().credentials().remove_passkey(principal, id, &context.client()).await {
        Ok(()) => Ok(to_index().with_flash(Flash::new(texts.passkeys.removed))),
        Err(RemoveFactorError::NoSuchFactor) => Err(Error::NotFound),
        Err(RemoveFactorError::LastOne) => {
            let error = Some(texts.factors.last_stays.into());
            Ok(Answer::invalid(super::page(context, principal, error).await?))
        }
        Err(RemoveFactorError::LastWayIn) => {
            let error = Some(texts.passkeys.last_way_in.into());
            Ok(Answer::invalid(super::page(context, principal, error).await?))
        }
        Err(RemoveFactorError::SessionEnded) => Ok(Answer::log_in()),
        Err(RemoveFactorError::Fault(fault)) => Err(fault.into()),
    }
}

fn to_index() -> Answer {
    Answer::redirect(LocalPath::of(super::PATH))
}
