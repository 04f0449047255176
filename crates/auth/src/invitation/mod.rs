//! Invitations: an admin or the operator invites an address with a role, also while sign-up is
//! closed. The link in the mail leads to the name and the password of an account, which has the
//! address confirmed and the role from its first moment on.
//!
//! An invitation is as good as its inviter: it opens nothing once the inviter is deleted or
//! disabled or may not manage users any more. A user who may give roles may invite with each of
//! them ([decision 53](../../../docs/decisions/0053-invitations.md)). An account that exists keeps
//! its role: its owner is told to log in.

mod acceptance;
mod list;
mod orders;

use std::time::Duration;

use domain::{
    AuditNote, EmailAddress, Permission, Principal, Role, SecurityEvent, Timestamp, TokenPurpose,
    User, UserId,
};
use store::{Invitation, InvitationId, StoreError, WriteTx};

pub use self::list::{InvitationEntry, InvitationList, InvitationStatus};
use crate::{
    AuthSettings, Client, Fault,
    fault::ending_in_fault,
    timeline::{Origin, record},
};

/// How long the link of an invitation is valid.
pub const INVITATION_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// The purpose of the links.
const PURPOSE: TokenPurpose = TokenPurpose::Invitation;

/// An address to invite.
#[derive(Clone, Debug)]
pub struct Invite {
    /// The address.
    pub email: EmailAddress,
    /// The role that the account gets.
    pub role: Role,
}

/// The person who invites, sends again or withdraws. The caller has checked
/// [`Permission::MANAGE_USERS`].
#[derive(Clone, Copy, Debug)]
pub enum Inviter<'a> {
    /// An admin, on the site, with the reason.
    Admin(&'a Principal, &'a Client, &'a AuditNote),
    /// The operator, by a command.
    Operator,
}

/// What became of an address that was invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invited {
    /// It was mailed the link.
    Mailed,
    /// It has this account, whose owner was told to log in, unless the account is disabled.
    HasAccount(UserId),
}

/// Why an address was not invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// The address has an open invitation.
    #[error("the address is invited already")]
    AlreadyInvited,
    /// Too many invitations, of this admin or to this address.
    #[error("too many invitations")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// Anything that is no fault of the inviter's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why an invitation was not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResendInvitationError {
    /// There is no such invitation, or it was accepted.
    #[error("there is no such invitation")]
    NoSuchInvitation,
    /// The address has an account by now.
    #[error("the address has an account")]
    HasAccount,
    /// The product no longer has the role.
    #[error("there is no such role any more")]
    UnknownRole,
    /// The last mail was sent less than a minute ago, or there were too many.
    #[error("the last mail is too young")]
    TooSoon {
        /// When to try again.
        retry_after: Duration,
    },
    /// Anything that is no fault of the inviter's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why an invitation was not withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevokeInvitationError {
    /// There is no such invitation, or it was accepted.
    #[error("there is no such invitation")]
    NoSuchInvitation,
    /// Anything that is no fault of the inviter's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(InviteError);
ending_in_fault!(ResendInvitationError);
ending_in_fault!(RevokeInvitationError);

impl Inviter<'_> {
    /// The account of the admin.
    fn user_id(&self) -> Option<UserId> {
        match self {
            Self::Admin(principal, ..) => Some(principal.user_id),
            Self::Operator => None,
        }
    }

    /// Records the event in the timeline of the admin. The operator has none, and is in the log.
    async fn record(
        &self,
        tx: &WriteTx,
        event: SecurityEvent,
        role: &Role,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Self::Admin(principal, client, note) = self else { return Ok(()) };
        let origin = Origin::owner(client).because(note).with_role(role);
        record(tx, principal.user_id, event, origin, now).await
    }

    fn log(&self, what: &'static str, id: Option<InvitationId>) {
        let (actor, id) = (self.user_id().map(|id| id.to_string()), id.map(|id| id.to_string()));
        tracing::info!(actor = actor.as_deref().unwrap_or("operator"), invitation = id, "{what}");
    }
}

/// Whether the inviter still answers for the invitation, and its role is still there. `inviter` is
/// the account of the admin who invited.
fn is_authorized(invitation: &Invitation, inviter: Option<&User>, settings: &AuthSettings) -> bool {
    let is_role_known = settings.roles.find(invitation.role.as_str()).is_ok();
    is_role_known
        && match (invitation.invited_by, inviter) {
            (None, _) => true,
            (Some(_), Some(inviter)) => may_invite(inviter, settings),
            (Some(_), None) => false,
        }
}

fn may_invite(user: &User, settings: &AuthSettings) -> bool {
    let is_active = user.disabled_at.is_none() && user.delete_after.is_none();
    is_active && settings.roles.allows(&user.role, Permission::MANAGE_USERS)
}
