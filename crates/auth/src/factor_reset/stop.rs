//! Stops a reset of lost factors: by the link in any mail about it, by the button in a session, or
//! because a factor was given.

use domain::{EmailAddress, Principal, SecurityEvent, Timestamp, Token, TokenPurpose, User};
use store::{NoticeLink, StoreError, WriteTx};

use crate::{
    Client, Fault, LinkError,
    context::Context,
    mail::{Envelope, factor_reset as mails},
    services::{OwnAccount, Sessions},
    timeline::{Origin, record},
};

const PURPOSE: TokenPurpose = TokenPurpose::KeepFactors;

impl Sessions<'_> {
    /// Returns the address of the account whose reset the link can stop. Does not spend it.
    pub async fn check_keep_factors_link(self, token: &Token) -> Result<EmailAddress, LinkError> {
        let (hash, now) = (token.hash(PURPOSE), self.0.clock.now());
        let link = self.0.store.notice_links().find(&hash, now).await?;
        let link = link.ok_or(LinkError::InvalidLink)?;
        let user = self.0.store.users().find(link.user_id).await?;
        let user = user.filter(|user| user.factor_reset_at.is_some());
        user.map(|user| user.email).ok_or(LinkError::InvalidLink)
    }

    /// Stops the reset that the link belongs to. Does not log the visitor in.
    pub async fn keep_factors_by_link(
        self,
        token: &Token,
        client: &Client,
    ) -> Result<EmailAddress, LinkError> {
        let (hash, now) = (token.hash(PURPOSE), self.0.clock.now());
        let link = self.0.store.notice_links().find(&hash, now).await?;
        let link = link.ok_or(LinkError::InvalidLink)?;
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(link.user_id).await?;
        let user = user.ok_or(LinkError::InvalidLink)?;
        if tx.notice_links().spend(&hash, now).await?.is_none()
            || !self.0.stop_factor_reset(&tx, &user, Origin::owner(client), now).await?
        {
            return Err(LinkError::InvalidLink);
        }
        tx.commit().await?;
        self.0.outbox.wake();
        Ok(user.email)
    }
}

impl OwnAccount<'_> {
    /// Stops the reset of the principal's factors, if there is one.
    pub async fn keep_factors(self, principal: &Principal, client: &Client) -> Result<(), Fault> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let Some(user) = tx.users().lock_enabled(principal.user_id).await? else { return Ok(()) };
        self.0.stop_factor_reset(&tx, &user, Origin::owner(client), now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        Ok(())
    }
}

impl Context {
    /// Stops the reset of the locked user's factors once `tx` commits, and mails the owner. Returns
    /// `false` if there is none.
    pub(crate) async fn stop_factor_reset(
        &self,
        tx: &WriteTx,
        user: &User,
        origin: Origin<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if !tx.users().end_factor_reset(user.id).await? {
            return Ok(false);
        }
        record(tx, user.id, SecurityEvent::FactorResetStopped, origin, now).await?;
        let of = self.notice_with_link(tx, user, now).await?;
        tx.outbox().insert(mails::stopped(&of, user), now).await?;
        tracing::info!(user_id = %user.id, "reset of lost factors stopped");
        Ok(true)
    }

    /// Stores a link that can stop the reset until `at`, and returns the envelope of its mail.
    pub(super) async fn keep_link(
        &self,
        tx: &WriteTx,
        user: &User,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Envelope<'_>, StoreError> {
        let of = self.envelope(at - now, now);
        let link = NoticeLink {
            hash: self.link_key.token(of.id).hash(PURPOSE),
            user_id: user.id,
            email: user.email.clone(),
            created_at: now,
            expires_at: at,
        };
        tx.notice_links().insert(&link).await?;
        Ok(of)
    }
}
