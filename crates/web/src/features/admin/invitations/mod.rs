//! The invitations: who was invited with which role, another mail, and withdrawing one. Each change
//! is the use case of the operator's command, with the admin as the inviter.

mod form;
mod view;

use auth::{
    InvitationCursor, InvitationId, InviteError, Invited, Inviter, ResendInvitationError,
    RevokeInvitationError,
};
use domain::AuditNote;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission, cursor},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{
    handler,
    web::{Path, Query},
};
use serde::Deserialize;

use super::{REASON, address, local, user_path};
use crate::{fields, texts::Texts};

/// The address of the list, and where an address is invited.
pub(crate) const PATH: &str = "/admin/invitations";
/// Where an invitation is sent again.
pub(crate) const RESEND_PATH: &str = "/admin/invitations/{invitation}/resend";
/// Where an invitation is withdrawn.
pub(crate) const REVOKE_PATH: &str = "/admin/invitations/{invitation}/revoke";
/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::EMAIL, fields::ROLE, REASON];

/// The query of the list; a malformed value is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    page: String,
}

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let IndexQuery { page } = query.map(|Query(query)| query).unwrap_or_default();
    let after = cursor::decode(&page);
    let after = after.map(|(at, id)| InvitationCursor { at, id: InvitationId::from_bytes(id) });
    Ok(Answer::page(view::page(context, after, &FormState::default()).await?))
}

/// Invites an address.
#[handler]
pub(crate) async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let words = &Texts::of(context.language()).invitations;
    let (invite, note) = match form::parse(context, submission)? {
        Ok(parsed) => parsed,
        Err(state) => return Ok(Answer::invalid(view::page(context, None, &state).await?)),
    };
    let client = context.client();
    let inviter = Inviter::Admin(principal, &client, &note);
    let mut state = FormState::of(submission);
    match context.accounts().administration().invite(inviter, &invite).await {
        Ok(Invited::Mailed) => Ok(back((words.sent)(invite.email.as_str()))),
        Ok(Invited::HasAccount(user_id)) => {
            let flash = Flash::new((words.has_account)(invite.email.as_str()));
            Ok(Answer::redirect(local(&user_path(user_id))).with_flash(flash))
        }
        Err(InviteError::AlreadyInvited) => {
            state.reject(fields::EMAIL, words.already_invited);
            Ok(Answer::invalid(view::page(context, None, &state).await?))
        }
        Err(InviteError::Throttled { retry_after }) => {
            let state = state.refused(words.too_many);
            Ok(Answer::throttled(view::page(context, None, &state).await?, retry_after))
        }
        Err(InviteError::Fault(fault)) => Err(fault.into()),
    }
}

/// Sends an invitation again.
#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
    Path(invitation): Path<String>,
) -> Result<Answer, Error> {
    let texts = Texts::of(context.language());
    let id = InvitationId::parse(&invitation).ok_or(Error::NotFound)?;
    let (client, note) = (context.client(), AuditNote::default());
    let inviter = Inviter::Admin(principal, &client, &note);
    let words = &texts.invitations;
    let error = match context.accounts().administration().resend_invitation(inviter, id).await {
        Ok(()) => return Ok(back(words.resent)),
        Err(ResendInvitationError::NoSuchInvitation) => words.gone,
        Err(ResendInvitationError::HasAccount) => words.has_account_now,
        Err(ResendInvitationError::UnknownRole) => words.role_gone,
        Err(ResendInvitationError::TooSoon { retry_after }) => {
            let error = (texts.forms.resend_too_soon)(retry_after);
            let view = view::with_refused_mail(context, id, &error).await?;
            return Ok(Answer::throttled(view, retry_after));
        }
        Err(ResendInvitationError::Fault(fault)) => return Err(fault.into()),
    };
    Ok(Answer::invalid(view::with_refused_mail(context, id, error).await?))
}

/// Withdraws an invitation. One that is gone already is no error.
#[handler]
pub(crate) async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
    Path(invitation): Path<String>,
) -> Result<Answer, Error> {
    let words = &Texts::of(context.language()).invitations;
    let id = InvitationId::parse(&invitation).ok_or(Error::NotFound)?;
    let (client, note) = (context.client(), AuditNote::default());
    let inviter = Inviter::Admin(principal, &client, &note);
    match context.accounts().administration().revoke_invitation(inviter, id).await {
        Ok(()) => Ok(back(words.revoked)),
        Err(RevokeInvitationError::NoSuchInvitation) => Ok(back(words.gone)),
        Err(RevokeInvitationError::Fault(fault)) => Err(fault.into()),
    }
}

fn back(told: impl Into<std::borrow::Cow<'static, str>>) -> Answer {
    Answer::redirect(LocalPath::of(PATH)).with_flash(Flash::new(told))
}

fn place(after: Option<InvitationCursor>) -> String {
    let page = after.map(|after| cursor::encode(after.at, after.id.as_bytes()));
    address(PATH, &[("page", page.as_deref().unwrap_or_default())])
}
