//! "This wasn't me": the way back for an owner who is told of something that they did
//! not do.
//!
//! Each notice carries a link of its own, so that whoever causes another notice voids
//! none. Its page changes nothing (mail scanners follow links); sending it makes the
//! password, the sessions and the links worthless and mails a link to a new password.
//! The link opens nothing by itself: it locks out whoever is in, and nobody in.

use std::time::Duration;

use domain::{SecurityEvent, Timestamp, Token, TokenPurpose, User, UserId};
use store::{StoreError, WriteTx};

use crate::{
    Accounts, Client, Fault,
    deletion::keep,
    mail::notices,
    password::PasswordHash,
    password_reset::new_token,
    timeline::{Origin, record},
};

const PURPOSE: TokenPurpose = TokenPurpose::NotMe;
/// How long a notice is worth sending, and its link good.
pub(crate) const NOTICE_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// Why nothing was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMeError {
    /// The link is unknown, used, voided or expired.
    #[error("the link is invalid")]
    InvalidLink,
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Accounts {
    /// Whether the link could be used now. Spends nothing.
    pub async fn check_not_me_link(&self, link: &Token) -> Result<(), NotMeError> {
        self.find_link_owner(link).await.map(drop)
    }

    /// Takes the account out of whosever hands it is in: every session ends, the
    /// password and every link are void, an account that was to be deleted is kept,
    /// and a mail with a link to a new password goes to the owner.
    pub async fn report_not_me(&self, link: &Token, client: &Client) -> Result<(), NotMeError> {
        let owner = self.find_link_owner(link).await?;
        if !self.take_back(link, &owner, client).await? {
            return Err(NotMeError::InvalidLink);
        }
        self.0.outbox.wake();
        tracing::warn!(user_id = %owner.id, "an owner reported a change as somebody else's");
        Ok(())
    }

    async fn find_link_owner(&self, link: &Token) -> Result<User, NotMeError> {
        let (hash, now) = (link.hash(PURPOSE), self.0.clock.now());
        let store = &self.0.store;
        let owner = store.notice_links().find_owner(&hash, now).await.map_err(Fault::from)?;
        let owner = owner.ok_or(NotMeError::InvalidLink)?;
        let user = store.users().find(owner).await.map_err(Fault::from)?;
        user.ok_or(NotMeError::InvalidLink)
    }

    /// One transaction: of many uses of a link at once one succeeds, and a log-in or a
    /// change of password beside it leaves no session.
    async fn take_back(&self, link: &Token, owner: &User, client: &Client) -> Result<bool, Fault> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let is_there = tx.users().lock(owner.id).await?;
        if !is_there || tx.notice_links().spend(&link.hash(PURPOSE), now).await? != Some(owner.id) {
            return Ok(false);
        }
        self.replace_password(&tx, owner, &PasswordHash::of_nothing()).await?;
        let (token, lifetime) = (Token::generate(), self.0.settings.accounts.reset_lifetime);
        tx.tokens().insert(&new_token(&token, owner.id, now + lifetime), now).await?;
        record(&tx, owner.id, SecurityEvent::NotMe, Origin::owner(client), now).await?;
        // Whoever was in may have wanted it.
        keep(&tx, owner.id, Origin::owner(client), now).await?;
        let mail = notices::taken_back(&self.0.public_url, owner, &token, lifetime, now);
        tx.outbox().insert(mail, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A link for a notice that is queued in the same transaction.
    pub(crate) async fn new_notice_link(
        &self,
        tx: &WriteTx,
        user_id: UserId,
        now: Timestamp,
    ) -> Result<Token, StoreError> {
        let link = Token::generate();
        let expires_at = now + NOTICE_LIFETIME;
        tx.notice_links().insert(&link.hash(PURPOSE), user_id, now, expires_at).await?;
        Ok(link)
    }

    /// Queues the notice that the password has changed.
    pub(crate) async fn queue_password_notice(
        &self,
        tx: &WriteTx,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let link = self.new_notice_link(tx, user.id, now).await?;
        let url = &self.0.public_url;
        let notice = notices::password_changed(url, user, &link, NOTICE_LIFETIME, now);
        tx.outbox().insert(notice, now).await.map(drop)
    }
}
