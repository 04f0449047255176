//! Account recovery for an owner who has lost every second factor and has no recovery code.
//!
//! The right password and a mailed link start a waiting period (`accounts.factor_reset_wait`). The
//! owner gets a mail at once and then daily, and every session shows a banner; each of these can
//! stop the reset ([`stop`]). It also stops when a factor is given, and at every change in
//! [`crate::revocation`]. At the end ([`due`]) all factors are removed, every session ends, and
//! log-ins ask only for the password.
//!
//! Threat: an attacker who has the password and the mailbox. The waiting period gives the owner
//! time to notice (MFA-08; OWASP ASVS 5.0, 6.4.4).

mod due;
mod remove;
mod stop;

use std::time::Duration;

use domain::{EmailAddress, SecurityEvent, Timestamp, Token, TokenPurpose, User};
use store::{NewToken, StoreError, WriteTx};

pub(crate) use self::due::INTERVAL;
use crate::{
    Client, Fault, LinkError,
    context::Context,
    fault::ending_in_fault,
    mail::factor_reset as mails,
    pending_log_in::PendingKey,
    services::Sessions,
    throttle::{self, Refused},
    timeline::{Origin, record},
};

/// The time between two notices during the waiting period.
const NOTICE_INTERVAL: Duration = Duration::from_hours(24);
/// The lifetime of the link that starts the waiting period.
const LINK_LIFETIME: Duration = Duration::from_hours(1);
const PURPOSE: TokenPurpose = TokenPurpose::ResetFactors;

/// A reset whose waiting period has started.
#[derive(Clone, Debug)]
pub struct FactorResetBegun {
    /// The address of the account.
    pub email: EmailAddress,
    /// When the factors will be removed.
    pub at: Timestamp,
}

/// The reason why no link was mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFactorResetError {
    /// There is no pending log-in, it has expired, or the account is disabled or deleted.
    #[error("there is no pending log-in")]
    NoPendingLogIn,
    /// Too many links were requested for this account.
    #[error("too many links")]
    Throttled {
        /// How long to wait before the next try.
        retry_after: Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(RequestFactorResetError);

impl Sessions<'_> {
    /// Mails the link that starts the waiting period to the owner of the pending log-in, and
    /// returns the address. The link replaces an earlier one.
    pub async fn request_factor_reset(
        self,
        cookie: &str,
        client: &Client,
    ) -> Result<EmailAddress, RequestFactorResetError> {
        let (key, now) = (PendingKey::of(cookie), self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let row = tx.pending_log_ins().find_even_expired(&key.0).await?;
        let row = row.filter(|row| row.expires_at > now);
        let row = row.ok_or(RequestFactorResetError::NoPendingLogIn)?;
        let bucket = self.0.throttle.factor_reset_of_account(row.user_id);
        if let Err(Refused { retry_after }) = throttle::take(&tx, &[bucket], now).await? {
            return Err(RequestFactorResetError::Throttled { retry_after });
        }
        let user = tx.users().lock_enabled(row.user_id).await?;
        let user = user.ok_or(RequestFactorResetError::NoPendingLogIn)?;
        self.0.queue_factor_reset_link(&tx, &user, now).await?;
        let event = SecurityEvent::FactorResetRequested;
        record(&tx, user.id, event, Origin::owner(client), now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "reset of lost factors requested");
        Ok(user.email)
    }

    /// Returns the address of the account whose factors the link can reset, without spending it.
    pub async fn check_factor_reset_link(self, token: &Token) -> Result<EmailAddress, LinkError> {
        let (hash, now) = (token.hash(PURPOSE), self.0.clock.now());
        let owner = self.0.store.tokens().find_owner(&hash, now).await?;
        let owner = owner.ok_or(LinkError::InvalidLink)?;
        let user = self.0.store.users().find(owner).await?.filter(has_factor);
        user.map(|user| user.email).ok_or(LinkError::InvalidLink)
    }

    /// Spends the link and starts the waiting period, unless it is already running. Does not log
    /// the visitor in.
    pub async fn begin_factor_reset(
        self,
        token: &Token,
        client: &Client,
    ) -> Result<FactorResetBegun, LinkError> {
        let (hash, now) = (token.hash(PURPOSE), self.0.clock.now());
        let owner = self.0.store.tokens().find_owner(&hash, now).await?;
        let owner = owner.ok_or(LinkError::InvalidLink)?;
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(owner).await?.filter(has_factor);
        let user = user.ok_or(LinkError::InvalidLink)?;
        if tx.tokens().spend(&hash, now).await? != Some(user.id) {
            return Err(LinkError::InvalidLink);
        }
        let at = match user.factor_reset_at {
            Some(at) => at,
            None => self.0.begin_wait(&tx, &user, client, now).await?,
        };
        tx.commit().await?;
        self.0.outbox.wake();
        Ok(FactorResetBegun { email: user.email, at })
    }
}

impl Context {
    /// Stores the token of a new link and queues the mail with it.
    async fn queue_factor_reset_link(
        &self,
        tx: &WriteTx,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let of = self.envelope(LINK_LIFETIME, now);
        let (hash, expires_at) = (self.link_key.token(of.id).hash(PURPOSE), of.expires_at);
        let token = NewToken { hash, user_id: user.id, purpose: PURPOSE, expires_at };
        tx.tokens().insert(&token, now).await?;
        let wait = self.settings.accounts.factor_reset_wait;
        tx.outbox().insert(mails::link(&of, user, wait), now).await?;
        Ok(())
    }

    async fn begin_wait(
        &self,
        tx: &WriteTx,
        user: &User,
        client: &Client,
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let at = now + self.settings.accounts.factor_reset_wait;
        tx.users().begin_factor_reset(user.id, at).await?;
        let event = SecurityEvent::FactorResetBegun;
        record(tx, user.id, event, Origin::owner(client), now).await?;
        self.tell_of_wait(tx, user, at, now).await?;
        tracing::warn!(user_id = %user.id, "the wait before a reset of lost factors begins");
        Ok(at)
    }

    /// Mails the owner a notice with the time of the removal and a link that stops the reset. Sets
    /// the time of the next notice or, if it comes first, of the removal.
    async fn tell_of_wait(
        &self,
        tx: &WriteTx,
        user: &User,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let step = at.min(now + NOTICE_INTERVAL);
        tx.users().set_factor_reset_step(user.id, Some(step)).await?;
        let of = self.keep_link(tx, user, at, now).await?;
        tx.outbox().insert(mails::pending(&of, user, at), now).await.map(drop)
    }
}

fn has_factor(user: &User) -> bool {
    user.disabled_at.is_none() && user.second_factor_since.is_some()
}
