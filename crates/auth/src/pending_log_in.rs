//! Pending log-ins: the password was right, and a second factor has to follow within ten minutes.
//!
//! A pending log-in is no session and is never read as one: no route but the second step looks at
//! its cookie (MFA-03). It becomes a session in one place, [`Context::finish_pending`], once, and
//! whatever else happens to the account ends it ([`crate::revocation`]).

use std::{fmt, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{EmailAddress, Timestamp, User, UserId, random};
use sha2::{Digest, Sha256};
use store::{NewPendingLogIn, PendingLogIn as Row, StoreError, WriteTx};

use crate::{
    Client, Fault,
    context::Context,
    device::KnownDevice,
    factors::UsableFactors,
    services::Sessions,
    session_start::{LoggedIn, SessionStart},
    ways_in::WayIn,
};

/// How long the second factor may take.
pub const PENDING_LIFETIME: Duration = Duration::from_mins(10);
/// Codes that may be tried at one pending log-in.
const TRIES: u32 = 5;

/// The value of the cookie of a pending log-in: 128 random bits; does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingCookie(String);

/// The hash of that cookie, as the store keeps it.
#[derive(Clone, Copy)]
pub(crate) struct PendingKey(pub(crate) [u8; 32]);

/// A pending log-in, as its browser sees it.
#[derive(Clone, Debug)]
pub enum PendingLogIn {
    /// It waits for a factor.
    Waiting(SecondStep),
    /// It is over; the password has to be given again.
    Over(EmailAddress, PendingEnd),
}

/// The second step of a log-in.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// The user who gave the right password.
    pub user_id: UserId,
    /// The address of the account.
    pub email: EmailAddress,
    /// What the account can be opened with.
    pub factors: UsableFactors,
    /// When its factors are removed, if their owner has lost them.
    pub factor_reset_at: Option<Timestamp>,
}

/// Why a pending log-in is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingEnd {
    /// It took longer than ten minutes.
    Expired,
    /// Five codes were wrong.
    NoTryLeft,
}

/// A log-in after its second step.
#[derive(Clone, Debug)]
pub struct FinishedLogIn {
    /// The session.
    pub logged_in: LoggedIn,
    /// The page that the visitor wanted.
    pub next_path: Option<String>,
}

/// How the second step was done, and what its browser wants.
pub(crate) struct Finish {
    pub(crate) way: WayIn,
    pub(crate) remember_browser: bool,
    pub(crate) device: Option<KnownDevice>,
}

impl PendingCookie {
    fn generate() -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>()))
    }

    /// The value, for the cookie alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PendingCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingCookie(…)")
    }
}

impl PendingKey {
    pub(crate) fn of(cookie: &str) -> Self {
        Self(Sha256::digest(cookie.as_bytes()).into())
    }
}

impl Sessions<'_> {
    /// Finds the pending log-in of the cookie. `None` if there is none, or if it was voided. Changes
    /// nothing.
    pub async fn find_pending_log_in(self, cookie: &str) -> Result<Option<PendingLogIn>, Fault> {
        let (key, store) = (PendingKey::of(cookie), &self.0.store);
        let Some(row) = store.pending_log_ins().find_even_expired(&key.0).await? else {
            return Ok(None);
        };
        let user = store.users().find(row.user_id).await?;
        let user = user.filter(|user| user.disabled_at.is_none());
        let Some(user) = user else { return Ok(None) };
        if let Some(end) = end_of(&row, self.0.clock.now()) {
            return Ok(Some(PendingLogIn::Over(user.email, end)));
        }
        let factors = self.0.usable_factors(user.id).await?;
        Ok(Some(PendingLogIn::Waiting(SecondStep {
            user_id: user.id,
            email: user.email,
            factors,
            factor_reset_at: user.factor_reset_at,
        })))
    }
}

impl Context {
    /// Begins a pending log-in of the locked user, in place of an earlier one.
    pub(crate) async fn begin_pending(
        &self,
        tx: &WriteTx,
        user: &User,
        (remember, next_path): (bool, Option<String>),
        now: Timestamp,
    ) -> Result<PendingCookie, StoreError> {
        let cookie = PendingCookie::generate();
        let new = NewPendingLogIn {
            id_hash: PendingKey::of(&cookie.0).0,
            user_id: user.id,
            remember,
            next_path,
            tries_left: TRIES,
            expires_at: now + PENDING_LIFETIME,
        };
        tx.pending_log_ins().insert(new, now).await?;
        tracing::info!(user_id = %user.id, "password right, second factor asked for");
        Ok(cookie)
    }

    /// Makes a session of a pending log-in after its factor was proven, once `tx` commits. Of many at
    /// once one succeeds. `None` if it is spent, voided or expired, or if the account is disabled.
    ///
    /// The caller has locked `user`, spent the factor in `tx` too, and checked that it belongs to
    /// this user.
    pub(crate) async fn finish_pending(
        &self,
        tx: &WriteTx,
        (key, user): (PendingKey, User),
        finish: Finish,
        client: &Client,
    ) -> Result<Option<FinishedLogIn>, StoreError> {
        let Finish { way, remember_browser, device } = finish;
        let now = self.clock.now();
        let spent = tx.pending_log_ins().spend(&key.0, now).await?;
        let Some(row) = spent.filter(|row| row.user_id == user.id) else { return Ok(None) };
        let user_id = user.id;
        let start = SessionStart { way, remember: row.remember, device };
        let begun = self.begin_session_in(tx, user, start, client).await?;
        let Some((mut logged_in, _)) = begun else { return Ok(None) };
        if remember_browser {
            logged_in.remembered = Some(self.remember_browser(tx, user_id, client, now).await?);
        }
        Ok(Some(FinishedLogIn { logged_in, next_path: row.next_path }))
    }
}

/// Why the pending log-in is over, if it is.
fn end_of(row: &Row, now: Timestamp) -> Option<PendingEnd> {
    if row.expires_at <= now {
        Some(PendingEnd::Expired)
    } else {
        (row.tries_left == 0).then_some(PendingEnd::NoTryLeft)
    }
}
