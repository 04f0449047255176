//! Recovery codes: ten codes, each of which replaces a lost factor once.
//!
//! They are drawn for a page and travel sealed in its form, bound to the user, a time and the set
//! that they replace; nothing is stored before their owner says that they are saved. They are shown
//! there and never again. With the first set, log-ins begin to ask for a factor.

use std::{fmt, time::Duration};

use domain::{Password, Principal, RecoveryCode, SecurityEvent, Timestamp, User, UserId};
use store::{RecoveryCodeState, WriteTx};
use zeroize::Zeroizing;

use crate::{
    Client, Fault,
    fault::ending_in_fault,
    mail::FactorNews,
    services::OwnAccount,
    timeline::{Origin, record},
};

/// Codes of a set.
pub const RECOVERY_CODES: usize = 10;
/// How long a set that is shown can be saved.
const LIFETIME: Duration = Duration::from_mins(15);
const PURPOSE: &[u8] = b"recovery codes";

/// A set that is shown and not saved yet. Does not print itself.
#[derive(Clone)]
pub struct DrawnCodes {
    /// The codes.
    pub codes: Vec<RecoveryCode>,
    /// The codes, sealed, for a hidden field of the form.
    pub sealed: String,
}

/// A set that was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodesSaved {
    /// Whether log-ins ask for a factor from now on, which they did not before.
    pub is_switched_on: bool,
}

/// Why no codes were saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveCodesError {
    /// The form is too old, another user's, or another set was saved since.
    #[error("the form is no longer valid")]
    Stale,
    /// The account has no factor that they could replace.
    #[error("there is no factor")]
    NoFactor,
    /// The session that asks was ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(SaveCodesError);

impl fmt::Debug for DrawnCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DrawnCodes(…)")
    }
}

impl OwnAccount<'_> {
    /// Draws a set for the principal. Writes nothing.
    pub async fn draw_recovery_codes(self, principal: &Principal) -> Result<DrawnCodes, Fault> {
        let old = self.0.store.recovery_codes().list(principal.user_id).await?;
        let mut codes: Vec<RecoveryCode> = Vec::with_capacity(RECOVERY_CODES);
        while codes.len() < RECOVERY_CODES {
            let code = RecoveryCode::generate();
            // Its first two characters find it in the set.
            if codes.iter().all(|other| other.place() != code.place()) {
                codes.push(code);
            }
        }
        let expires_at = (self.0.clock.now() + LIFETIME).as_millis();
        let mut text = Zeroizing::new(expires_at.to_string());
        for code in &codes {
            text.push(' ');
            text.push_str(&code.expose());
        }
        let parts = parts(principal.user_id, version(&old));
        let parts = parts.each_ref().map(Vec::as_slice);
        let sealed = self.0.sealing.seal_field(&parts, text.as_bytes()).ok_or(Fault::Internal)?;
        Ok(DrawnCodes { codes, sealed })
    }

    /// The same set, for a form that is shown again or for a file. `None` where it can no longer be
    /// saved.
    pub async fn find_drawn_codes(
        self,
        principal: &Principal,
        sealed: &str,
    ) -> Result<Option<DrawnCodes>, Fault> {
        let old = self.0.store.recovery_codes().list(principal.user_id).await?;
        let codes = self.open_codes(principal.user_id, version(&old), sealed);
        Ok(codes.map(|codes| DrawnCodes { codes, sealed: sealed.to_owned() }))
    }

    /// Saves the set in place of the one before, which is void. With the first one, log-ins ask for
    /// a factor from now on.
    pub async fn save_recovery_codes(
        self,
        principal: &Principal,
        sealed: &str,
        client: &Client,
    ) -> Result<CodesSaved, SaveCodesError> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let old = version(&self.0.store.recovery_codes().list(user_id).await?);
        let codes = self.open_codes(user_id, old, sealed).ok_or(SaveCodesError::Stale)?;
        let hashes = self.hash_codes(&codes).await?;
        let tx = self.0.store.begin().await?;
        let open = self.0.lock_sessions(&tx, principal).await?;
        open.ok_or(SaveCodesError::SessionEnded)?;
        let user = tx.users().find(user_id).await?.ok_or(SaveCodesError::SessionEnded)?;
        if version(&tx.recovery_codes().list(user_id).await?) != old {
            return Err(SaveCodesError::Stale);
        }
        if tx.factors().list(user_id).await?.is_empty() {
            return Err(SaveCodesError::NoFactor);
        }
        // A later time than that of any set before, so that no form is good for two sets.
        let created_at = now.max(Timestamp::from_millis(old + 1));
        tx.recovery_codes().replace(user_id, &hashes, created_at).await?;
        let is_switched_on = user.second_factor_since.is_none();
        self.tell_of_codes(&tx, &user, client).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(%user_id, is_switched_on, "recovery codes saved");
        Ok(CodesSaved { is_switched_on })
    }

    async fn tell_of_codes(
        self,
        tx: &WriteTx,
        user: &User,
        client: &Client,
    ) -> Result<(), SaveCodesError> {
        if user.second_factor_since.is_none() {
            return Ok(self.0.switch_second_factor_on(tx, user, client).await?);
        }
        let (event, now) = (SecurityEvent::RecoveryCodesRenewed, self.0.clock.now());
        record(tx, user.id, event, Origin::owner(client), now).await?;
        Ok(self.0.queue_factor_notice(tx, user, FactorNews::RecoveryCodesRenewed).await?)
    }

    /// Pairs of place and hash.
    async fn hash_codes(self, codes: &[RecoveryCode]) -> Result<Vec<(String, String)>, Fault> {
        let mut hashes = Vec::with_capacity(codes.len());
        for code in codes {
            let secret = Password::parse(&code.secret()).map_err(|_| Fault::Internal)?;
            let hash = self.0.hasher.hash(&secret).await.map_err(Fault::from)?;
            hashes.push((code.place(), hash.as_str().to_owned()));
        }
        Ok(hashes)
    }

    fn open_codes(self, user_id: UserId, old: i64, sealed: &str) -> Option<Vec<RecoveryCode>> {
        let parts = parts(user_id, old);
        let parts = parts.each_ref().map(Vec::as_slice);
        let text = self.0.sealing.open_field(&parts, sealed)?;
        let mut words = str::from_utf8(&text).ok()?.split(' ');
        let expires_at = Timestamp::from_millis(words.next()?.parse().ok()?);
        if self.0.clock.now() >= expires_at {
            return None;
        }
        words.map(|word| word.parse().ok()).collect()
    }
}

/// Tells the sets of a user apart: the time of the set, 0 where there is none.
fn version(codes: &[RecoveryCodeState]) -> i64 {
    codes.first().map_or(0, |code| code.created_at.as_millis())
}

fn parts(user_id: UserId, old: i64) -> [Vec<u8>; 3] {
    [PURPOSE.to_vec(), user_id.as_bytes().to_vec(), old.to_le_bytes().to_vec()]
}
