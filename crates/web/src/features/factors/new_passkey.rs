//! Adding a passkey.

use auth::{AddPasskey, AddPasskeyError};
use domain::{DisplayName, Principal, UserAgent};
use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission},
    flash::Flash,
    page_context::PageContext,
    ui::{
        Card, Field, FieldKind, FieldName, Indexing, PasskeyForm, PasskeyPrompt, PasskeyRequest,
        ids,
    },
};
use maud::{Render, html};
use poem::handler;

use super::recovery_codes;
use crate::{
    features::{
        passkey_prompt::{answer_of, form_token},
        settings::Section,
    },
    fields, paths,
    texts::Texts,
};

/// The address of the page.
pub(crate) const PATH: &str = "/settings/factors/passkeys/new";
/// The fields of the form, which an authenticator answers in.
pub(crate) const FIELDS: &[FieldName] =
    &[FieldName::PASSKEY, FieldName::CEREMONY, fields::END_OTHERS];

#[handler]
pub(crate) async fn new(context: &PageContext, principal: &Authenticated) -> Result<Answer, Error> {
    if !super::is_offered(context) || !principal.is_confirmed {
        return Ok(Answer::redirect(LocalPath::of(paths::FACTORS)));
    }
    let state = FormState::default().with_value(fields::END_OTHERS, "1");
    Ok(Answer::page(page(context, principal, &state).await?))
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
        Ok(Answer::invalid(page(context, principal, &state).await?))
    };
    let Some(answer) = answer_of(submission) else { return refused(texts.passkeys.expired).await };
    let client = context.client();
    let device = (texts.settings.device)(UserAgent::parse(&client.user_agent));
    let fallback_name = DisplayName::parse(&device).map_err(|_| Error::BadRequest)?;
    let end_other_sessions = submission.has(fields::END_OTHERS);
    let add = AddPasskey { answer, fallback_name, end_other_sessions };
    match context.accounts().credentials().add_passkey(principal, add, &client).await {
        Ok(added) => {
            let next = if added.is_on { paths::FACTORS } else { recovery_codes::PATH };
            Ok(Answer::redirect(LocalPath::of(next))
                .renew_session(added.session)
                .with_flash(Flash::new(texts.passkeys.added)))
        }
        Err(AddPasskeyError::Expired) => refused(texts.passkeys.expired).await,
        Err(AddPasskeyError::Refused) => refused(texts.passkeys.new_refused).await,
        Err(AddPasskeyError::Known) => refused(texts.form.passkey_known).await,
        Err(AddPasskeyError::TooMany) => refused(texts.passkeys.too_many).await,
        Err(AddPasskeyError::Unconfirmed) => Ok(Answer::redirect(LocalPath::of(paths::FACTORS))),
        Err(AddPasskeyError::SessionEnded) => Ok(Answer::log_in()),
        Err(AddPasskeyError::Fault(fault)) => Err(fault.into()),
    }
}

/// The page, with a new challenge.
async fn page(
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
            action: PATH,
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
    let foot = html! { p { a href=(paths::FACTORS) { (texts.passkeys.back) } } };
    let title = texts.passkeys.add;
    let card = Card { title, lead: Some(texts.passkeys.add_lead), body, foot: Some(foot) };
    Ok(View {
        title,
        indexing: Indexing::Unlisted,
        form,
        main: Section::Factors.page(context, &card.render()),
    })
}
