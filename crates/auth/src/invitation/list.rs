//! The list of invitations, with the status of each.

use domain::{Timestamp, UserId};
use store::{AccountName, Invitation, InvitationCursor, ListedInvitation};

use super::is_authorized;
use crate::{AuthSettings, Fault, MailProgress, services::Administration};

/// Invitations on one page of the list.
const PAGE_SIZE: u64 = 30;

/// The status of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationStatus {
    /// Its link is valid.
    Open,
    /// Its link is too old.
    Expired,
    /// Its link made an account.
    Accepted,
    /// The address has an account that was created in another way.
    HasAccount,
    /// The inviter may not invite any more, or the product no longer has the role.
    Void,
}

impl InvitationStatus {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Open, Self::Expired, Self::Accepted, Self::HasAccount, Self::Void];
}

/// An invitation of the list.
#[derive(Clone, Debug)]
pub struct InvitationEntry {
    /// The invitation.
    pub invitation: Invitation,
    /// Its status.
    pub status: InvitationStatus,
    /// The admin who invited; none for the operator.
    pub inviter: Option<AccountName>,
    /// The account of the address.
    pub account: Option<UserId>,
    /// The progress of the latest mail; sent, if its row is gone.
    pub mail: MailProgress,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct InvitationList {
    /// The invitations, the newest first.
    pub entries: Vec<InvitationEntry>,
    /// The place from which the next page goes on, if there is one.
    pub next: Option<InvitationCursor>,
}

impl Administration<'_> {
    /// Up to 30 invitations, the newest first. The caller has checked
    /// [`domain::Permission::MANAGE_USERS`], which includes knowing who has an account.
    pub async fn list_invitations(
        self,
        after: Option<InvitationCursor>,
    ) -> Result<InvitationList, Fault> {
        let now = self.0.clock.now();
        let page = self.0.store.invitations().list(after, PAGE_SIZE).await?;
        let entry = |listed| entry(listed, &self.0.settings, now);
        Ok(InvitationList {
            entries: page.invitations.into_iter().map(entry).collect(),
            next: page.next,
        })
    }
}

fn entry(listed: ListedInvitation, settings: &AuthSettings, now: Timestamp) -> InvitationEntry {
    let ListedInvitation { invitation, inviter, account, mail } = listed;
    let status = match (&invitation, account) {
        (Invitation { accepted_at: Some(_), .. }, _) => InvitationStatus::Accepted,
        (_, Some(_)) => InvitationStatus::HasAccount,
        (it, None) if !is_authorized(it, inviter.as_ref(), settings) => InvitationStatus::Void,
        (it, None) if it.expires_at <= now => InvitationStatus::Expired,
        (_, None) => InvitationStatus::Open,
    };
    let inviter = inviter.map(|user| AccountName { id: user.id, email: user.email });
    let mail = mail.map_or(MailProgress::Sent, MailProgress::from);
    InvitationEntry { invitation, status, inviter, account, mail }
}
