//! "This wasn't me": the way back for an owner who is notified of an action that was not theirs.
//!
//! Each notice carries its own link, so that a later notice does not void an earlier one. The page
//! of the link changes nothing, because mail scanners follow links. The form on it ends the
//! password, the sessions and the links, and mails a link to a new password to the address of the
//! notice: an account with another address meanwhile gets the old one back (LOG-13). The link logs
//! no one in.

use domain::{EmailAddress, SecurityEvent, Token, User};
use store::{EmailChange, NoticeLink};

use crate::{
    Client, Fault, LinkError,
    deletion::keep,
    mail::notices,
    owner_notices::PURPOSE,
    password::PasswordHash,
    password_reset::replace_password,
    services::Credentials,
    timeline::{Origin, record},
};

impl Credentials<'_> {
    /// Returns the address that the notice with this link went to, if the link could be used now.
    /// Spends nothing.
    pub async fn check_compromise_link(self, link: &Token) -> Result<EmailAddress, LinkError> {
        let (hash, now) = (link.hash(PURPOSE), self.0.clock.now());
        let store = &self.0.store;
        let found = store.notice_links().find(&hash, now).await?;
        let found = found.ok_or(LinkError::InvalidLink)?;
        let user = store.users().find(found.user_id).await?;
        let user = user.filter(|user| user.disabled_at.is_none()).ok_or(LinkError::InvalidLink)?;
        let changes = store.email_changes();
        let change = changes.find_of_user(user.id, &found.email, now).await?;
        let is_usable = way_back(&user, &found, change).is_some();
        is_usable.then_some(found.email).ok_or(LinkError::InvalidLink)
    }

    /// Locks everyone out of the account: every session ends, the password and every link are void,
    /// an account that was to be deleted is kept, the address that the notice went to is the
    /// account's again, and a mail with a link to a new password goes there.
    pub async fn report_compromise(self, link: &Token, client: &Client) -> Result<(), LinkError> {
        let owner = self.take_back(link, client).await?.ok_or(LinkError::InvalidLink)?;
        self.0.outbox.wake();
        tracing::warn!(user_id = %owner.id, "an owner reported a change as somebody else's");
        Ok(())
    }

    /// One transaction: of many uses of a link at once one succeeds, and a log-in or a
    /// change of password or address beside it leaves no session and no other address.
    async fn take_back(self, link: &Token, client: &Client) -> Result<Option<User>, Fault> {
        let (hash, now) = (link.hash(PURPOSE), self.0.clock.now());
        let found = self.0.store.notice_links().find(&hash, now).await?;
        let Some(found) = found else { return Ok(None) };
        let tx = self.0.store.begin().await?;
        let Some(user) = tx.users().lock_enabled(found.user_id).await? else { return Ok(None) };
        let Some(link) = tx.notice_links().spend(&hash, now).await? else { return Ok(None) };
        let change = tx.email_changes().find_of_user(user.id, &link.email, now).await?;
        let origin = Origin::owner(client);
        let owner = match way_back(&user, &link, change) {
            None => return Ok(None),
            Some(WayBack::None) => user,
            Some(WayBack::Of(change)) => self.0.revert(&tx, user, &change, origin, now).await?,
        };
        replace_password(&tx, owner.id, &PasswordHash::unusable()).await?;
        record(&tx, owner.id, SecurityEvent::CompromiseReport, origin, now).await?;
        // Those that a stranger may have added; those that the owner had before stay.
        self.0.remove_factors_since(&tx, &owner, (link.created_at, origin), now).await?;
        // A stranger in the account may have invited others, and may have requested the deletion.
        tx.invitations().delete_open_by_user(owner.id).await?;
        keep(&tx, owner.id, origin, now).await?;
        let of = self.0.envelope(self.0.settings.accounts.reset_lifetime, now);
        self.0.insert_reset_token(&tx, owner.id, &of, now).await?;
        tx.outbox().insert(notices::taken_back(&of, &owner), now).await?;
        tx.commit().await?;
        Ok(Some(owner))
    }
}

/// How the account gets the address that a notice went to.
enum WayBack {
    /// It has it.
    None,
    /// By undoing this change.
    Of(EmailChange),
}

/// How the link leads back; not at all where the address was given up for good.
/// `change` is the one by which the account gave it up.
fn way_back(user: &User, link: &NoticeLink, change: Option<EmailChange>) -> Option<WayBack> {
    if user.email == link.email { Some(WayBack::None) } else { change.map(WayBack::Of) }
}
