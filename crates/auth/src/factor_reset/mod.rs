//! The way back for an owner who has lost every second factor and has no recovery code.
//!
//! The right password and a link to the mailbox of the account begin a wait
//! (`accounts.factor_reset_wait`). The owner is told by a mail at once and one each day, and by a
//! banner in every session. Any of those stops it ([`stop`]), and so does a log-in with a factor or
//! a change that ends every session. At its end ([`due`]) the factors go, every session ends, and
//! the password alone opens the account.
//!
//! Threat: a thief who has the password and the mailbox. The wait gives the owner time to notice
//! (MFA-08; OWASP ASVS 5.0, 6.4.4).

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

/// The time between two notices of a wait.
const NOTICE_INTERVAL: Duration = Duration::from_hours(24);
/// How long the link that begins the wait is good.
const LINK_LIFETIME: Duration = Duration::from_hours(1);
const PURPOSE: TokenPurpose = TokenPurpose::ResetFactors;

/// A wait that began.
#[derive(Clone, Debug)]
pub struct FactorResetBegun {
    /// The address of the account.
    pub email: EmailAddress,
    /// When the factors are removed.
    pub at: Timestamp,
}

/// Why no link was mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFactorResetError {
    /// There is no pending log-in, or it is over.
    #[error("there is no pending log-in")]
    NoPendingLogIn,
    /// There were too many links for this account.
    #[error("too many links")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(RequestFactorResetError);

impl Sessions<'_> {
    /// Mails the link that begins the wait to the owner of the pending log-in, who gave the right
    /// password. It replaces an earlier one. Returns the address.
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
        let of = self.0.envelope(LINK_LIFETIME, now);
        let token = self.0.link_key.token(of.id);
        let new = NewToken {
            hash: token.hash(PURPOSE),
            user_id: user.id,
            purpose: PURPOSE,
            expires_at: of.expires_at,
        };
        tx.tokens().insert(&new, now).await?;
        let event = SecurityEvent::FactorResetRequested;
        record(&tx, user.id, event, Origin::owner(client), now).await?;
        let wait = self.0.settings.accounts.factor_reset_wait;
        tx.outbox().insert(mails::link(&of, &user, wait), now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "reset of lost factors requested");
        Ok(user.email)
    }

    /// Returns the address of the account with the factors that the link can reset now. Spends nothing.
    pub async fn check_factor_reset_link(self, token: &Token) -> Result<EmailAddress, LinkError> {
        let (hash, now) = (token.hash(PURPOSE), self.0.clock.now());
        let owner = self.0.store.tokens().find_owner(&hash, now).await?;
        let owner = owner.ok_or(LinkError::InvalidLink)?;
        let user = self.0.store.users().find(owner).await?.filter(has_factor);
        user.map(|user| user.email).ok_or(LinkError::InvalidLink)
    }

    /// Spends the link and begins the wait; one that is under way goes on. Logs no one in.
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
        tracing::warn!(user_id = %user.id, "reset of lost factors begun");
        Ok(FactorResetBegun { email: user.email, at })
    }
}

impl Context {
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
        Ok(at)
    }

    /// Mails the owner until when the reset can be stopped, with a link that stops it, and sets the
    /// time of the next step.
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
