//! Setting up an authentication app, in a session with a recent log-in and a confirmed address.
//!
//! The secret is sealed in a hidden field of the form, bound to the user and a time. Opening the page
//! writes nothing. An app becomes a second factor once its first code is verified; that code cannot
//! be used again.

use std::{fmt, time::Duration};

use domain::{AppCode, DisplayName, EmailAddress, FactorId, FactorKind, Principal, Timestamp};
use store::NewApp;
use zeroize::Zeroizing;

use super::AppSecret;
use crate::{
    Client, Fault,
    factors::{Factor, FactorAdded, FactorAddition},
    fault::ending_in_fault,
    services::OwnAccount,
};

/// How long an app can be set up with one secret.
const LIFETIME: Duration = Duration::from_mins(15);
/// Most apps of one account.
const MAX_APPS: usize = 10;
const PURPOSE: &[u8] = b"enrolment of an app";

/// An app that is being set up. Its secret does not print itself.
#[derive(Clone)]
pub struct AppEnrolment {
    /// The address that sets the app up, for a QR code or a link.
    pub uri: Zeroizing<String>,
    /// The secret in base 32, for typing.
    pub secret: Zeroizing<String>,
    /// The sealed secret, for a hidden field of the form.
    pub sealed: String,
}

/// The sealed secret is malformed, has expired, or belongs to another user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoEnrolment;

/// The command: add the app of a form.
#[derive(Clone, Debug)]
pub struct AddApp<'a> {
    /// The hidden field.
    pub sealed: &'a str,
    /// The name of the app.
    pub name: DisplayName,
    /// The first code.
    pub code: AppCode,
    /// Whether the other sessions of the user end.
    pub end_other_sessions: bool,
}

/// Why no app was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddAppError {
    /// The form is too old, another user's, or used.
    #[error("the form is no longer valid")]
    Stale,
    /// The code is not that of the app.
    #[error("wrong code")]
    WrongCode,
    /// The account has ten apps.
    #[error("there are too many apps")]
    TooMany,
    /// The address of the account is not confirmed.
    #[error("the address is not confirmed")]
    Unconfirmed,
    /// The session ended, or its id changed, during the request.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(AddAppError);

impl fmt::Debug for AppEnrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppEnrolment(…)")
    }
}

/// What the hidden field of the form seals.
struct Enrolment {
    id: FactorId,
    secret: AppSecret,
    expires_at: Timestamp,
}

impl Enrolment {
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let expires_at = self.expires_at.as_millis().to_le_bytes();
        Zeroizing::new([self.id.as_bytes(), self.secret.as_bytes(), &expires_at[..]].concat())
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk()?;
        let (secret, expires_at) = rest.split_last_chunk()?;
        Some(Self {
            id: FactorId::from_bytes(*id),
            secret: AppSecret::from_bytes(secret)?,
            expires_at: Timestamp::from_millis(i64::from_le_bytes(*expires_at)),
        })
    }
}

impl OwnAccount<'_> {
    /// Generates the secret of a new app, which can be set up for 15 minutes. Writes nothing.
    pub fn begin_app(self, principal: &Principal) -> Result<AppEnrolment, Fault> {
        let expires_at = self.0.clock.now() + LIFETIME;
        let held =
            Enrolment { id: FactorId::generate(), secret: AppSecret::generate(), expires_at };
        let parts = [PURPOSE, principal.user_id.as_bytes()];
        let sealed = self.0.sealing.seal_field(&parts, &held.to_bytes()).ok_or(Fault::Internal)?;
        Ok(self.enrolment(&held, &principal.email, sealed))
    }

    /// Opens the sealed secret, to show the form again.
    pub fn resume_app(
        self,
        principal: &Principal,
        sealed: &str,
    ) -> Result<AppEnrolment, NoEnrolment> {
        let held = self.open(principal, sealed)?;
        Ok(self.enrolment(&held, &principal.email, sealed.to_owned()))
    }

    /// Adds the app and uses up its first code. The session gets a new id and counts as verified with
    /// a second factor.
    pub async fn add_app(
        self,
        principal: &Principal,
        add: AddApp<'_>,
        client: &Client,
    ) -> Result<FactorAdded, AddAppError> {
        if !principal.is_confirmed {
            return Err(AddAppError::Unconfirmed);
        }
        let now = self.0.clock.now();
        let held = self.open(principal, add.sealed).map_err(|NoEnrolment| AddAppError::Stale)?;
        let last_step = held.secret.check(&add.code, now).ok_or(AddAppError::WrongCode)?;
        let user_id = principal.user_id;
        let secret = self.0.seal_secret(user_id, held.id, &held.secret).ok_or(Fault::Internal)?;
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(user_id).await?.ok_or(AddAppError::SessionEnded)?;
        let apps = tx.authentication_apps();
        let others = apps.list(user_id).await?;
        if others.iter().any(|app| app.id == held.id) {
            return Err(AddAppError::Stale);
        }
        if others.len() >= MAX_APPS {
            return Err(AddAppError::TooMany);
        }
        let (id, name) = (held.id, add.name.clone());
        apps.insert(NewApp { id, user_id, name, secret, last_step }, now).await?;
        let factor = Factor { kind: FactorKind::AuthenticationApp, name: &add.name };
        let addition = FactorAddition { factor, end_other_sessions: add.end_other_sessions };
        let added = self.0.factor_added(&tx, (principal, &user), addition, client).await?;
        let added = added.ok_or(AddAppError::SessionEnded)?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(%user_id, "authentication app added");
        Ok(added)
    }

    fn enrolment(self, held: &Enrolment, email: &EmailAddress, sealed: String) -> AppEnrolment {
        let uri = held.secret.uri(self.0.settings.brand, email);
        AppEnrolment { uri, secret: held.secret.base32(), sealed }
    }

    fn open(self, principal: &Principal, sealed: &str) -> Result<Enrolment, NoEnrolment> {
        let parts = [PURPOSE, principal.user_id.as_bytes()];
        let opened = self.0.sealing.open_field(&parts, sealed).ok_or(NoEnrolment)?;
        let held = Enrolment::from_bytes(&opened).ok_or(NoEnrolment)?;
        if self.0.clock.now() < held.expires_at { Ok(held) } else { Err(NoEnrolment) }
    }
}
