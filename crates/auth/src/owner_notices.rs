//! Notices to the owner of an account about a change of it.
//!
//! A notice is queued in the transaction of the change. Most notices have a link of their own that
//! says "this wasn't me": [`crate::compromise_report`] follows it.

use std::time::Duration;

use domain::{FactorKind, Timestamp, TokenPurpose, User, UserId};
use store::{ListedFactor, NewMail, NoticeLink, StoreError, WriteTx};

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

    /// The same for an act that needs a log-in: the link also takes back the factors by which the
    /// person who acts may have prepared it, see [`Self::prepared_since`]. Not for an act that the
    /// mailbox alone allows: a person who reads it could remove a factor of the owner.
    pub(crate) async fn notice_of_act(
        &self,
        tx: &WriteTx,
        user: &User,
        now: Timestamp,
    ) -> Result<Envelope<'_>, StoreError> {
        let window = self.settings.session.sudo_lifetime;
        let since = self.prepared_since(tx, user.id, (now, window)).await?;
        self.notice_since(tx, user, since, now).await
    }

    /// When the person who acted at `at` added the first factor for it; `at` if there was none. That
    /// is a factor of the `window` before, for which one log-in was enough, or a passkey not older
    /// than a notice is valid that was used in the window.
    pub(crate) async fn prepared_since(
        &self,
        tx: &WriteTx,
        user_id: UserId,
        (at, window): (Timestamp, Duration),
    ) -> Result<Timestamp, StoreError> {
        let (recent, new) = (at - window, at - notices::NOTICE_LIFETIME);
        let is_of_actor = |factor: &ListedFactor| {
            let is_used = factor.last_used_at.is_some_and(|used_at| used_at >= recent);
            let is_new_key = factor.kind == FactorKind::Passkey && factor.created_at >= new;
            factor.created_at >= recent || is_used && is_new_key
        };
        let factors = tx.factors().list(user_id).await?;
        let since = factors.iter().filter(|it| is_of_actor(it)).map(|it| it.created_at).min();
        Ok(since.map_or(at, |since| since.min(at)))
    }

    /// Queues the notice that the password has changed, with the link of the envelope: that of
    /// [`Self::notice_of_act`] if a user who is logged in has changed it, and of
    /// [`Self::notice_with_link`] if not.
    pub(crate) async fn queue_password_notice(
        &self,
        tx: &WriteTx,
        user: &User,
        of: &Envelope<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.queue_notice(tx, user, notices::password_changed(of, user), now).await
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
