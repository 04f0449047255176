//! Notices to the owner of an account about a change of it.
//!
//! A notice is queued in the transaction of the change. Most notices have a link of their own that
//! says "this wasn't me": [`crate::compromise_report`] follows it.

use domain::{Timestamp, TokenPurpose, User};
use store::{NewMail, NoticeLink, StoreError, WriteTx};

use crate::{
    context::Context,
    mail::{Envelope, notices},
    throttle,
};

/// The purpose of the links in notices.
pub(crate) const PURPOSE: TokenPurpose = TokenPurpose::CompromiseReport;

impl Context {
    /// The envelope of a notice to the user that is queued in the same transaction, with its link.
    pub(crate) async fn notice_with_link(
        &self,
        tx: &WriteTx,
        user: &User,
        now: Timestamp,
    ) -> Result<Envelope<'_>, StoreError> {
        self.notice_since(tx, user, now, now).await
    }

    /// The same for an event that began at `since`: the link takes back what came from then on.
    pub(crate) async fn notice_since(
        &self,
        tx: &WriteTx,
        user: &User,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Envelope<'_>, StoreError> {
        let of = self.envelope(notices::NOTICE_LIFETIME, now);
        let link = NoticeLink {
            hash: self.link_key.token(of.id).hash(PURPOSE),
            user_id: user.id,
            email: user.email.clone(),
            created_at: since,
            expires_at: of.expires_at,
        };
        tx.notice_links().insert(&link).await?;
        Ok(of)
    }

    /// Queues the notice that the password has changed.
    pub(crate) async fn queue_password_notice(
        &self,
        tx: &WriteTx,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let of = self.notice_with_link(tx, user, now).await?;
        let notice = notices::password_changed(&of, user);
        self.queue_notice(tx, user, notice, now).await
    }

    /// Queues a notice to the user. An unproven address may be a stranger's, who did not make
    /// the account: so many notices go there and no more.
    pub(crate) async fn queue_notice(
        &self,
        tx: &WriteTx,
        user: &User,
        notice: NewMail,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if user.confirmed_at.is_none() {
            let bucket = self.throttle.notice_of_address(&user.email);
            if throttle::take(tx, &[bucket], now).await?.is_err() {
                tracing::info!(user_id = %user.id, "notice to an unproven address throttled");
                return Ok(());
            }
        }
        tx.outbox().insert(notice, now).await.map(drop)
    }
}
