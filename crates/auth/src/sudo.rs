//! Giving the password again within a session (sudo mode). Sensitive actions require it when it was
//! given too long ago, so that an open browser is not an open account.

use std::{fmt, time::Duration};

use domain::{Password, Principal, SecurityEvent, Token};

use crate::{
    Client, Fault, SavedSubmission,
    credential_check::GivenCredentials,
    credentials::{CredentialsError, Proven},
    fault::ending_in_fault,
    services::Sessions,
    session::{RenewedSession, SessionId},
    timeline::{Origin, record},
};

/// A session in which the user has just given the password.
#[derive(Clone, Debug)]
pub struct PasswordConfirmed {
    /// The session, under its new id.
    pub session: RenewedSession,
    /// The form that waited for it.
    pub form: Option<SavedSubmission>,
}

/// The proof that the principal's password was given. Does not print itself.
pub struct PasswordProof(Proven);

/// Why the session is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmPasswordError {
    /// The password is another.
    #[error("wrong password")]
    WrongPassword,
    /// Too many tries for this account or from this network.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// The session has ended, or goes on under another id.
    #[error("the session has ended")]
    Ended,
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ConfirmPasswordError);

impl From<CredentialsError> for ConfirmPasswordError {
    fn from(error: CredentialsError) -> Self {
        match error {
            CredentialsError::Wrong => Self::WrongPassword,
            CredentialsError::Throttled { retry_after } => Self::Throttled { retry_after },
            CredentialsError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl fmt::Debug for PasswordProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordProof(…)")
    }
}

impl Sessions<'_> {
    /// Whether the principal gave the password a short while ago, as the setting
    /// `session.sudo_lifetime` has it.
    pub fn is_recent(self, principal: &Principal) -> bool {
        let age = self.0.clock.now() - principal.authenticated_at;
        age < self.0.settings.session.sudo_lifetime
    }

    /// Whether the principal knows the password. Changes nothing but the count of tries.
    /// `device` is what the browser's device cookie holds.
    pub async fn prove_password(
        self,
        principal: &Principal,
        password: Password,
        device: Option<&str>,
        client: &Client,
    ) -> Result<PasswordProof, ConfirmPasswordError> {
        let credentials = GivenCredentials { email: principal.email.clone(), password };
        Ok(PasswordProof(self.0.check_credentials(credentials, device, client).await?))
    }

    /// Notes the proof. The session gets a new id (ASVS 7.2.4), and the old one is invalid at once.
    /// The submission that was saved under the token is returned.
    pub async fn confirm_password(
        self,
        principal: &Principal,
        PasswordProof(proven): &PasswordProof,
        form: Option<&Token>,
        client: &Client,
    ) -> Result<PasswordConfirmed, ConfirmPasswordError> {
        let (id, now) = (SessionId::generate(), self.0.clock.now());
        let (user_id, new) = (principal.user_id, id.key());
        let tx = self.0.store.begin().await?;
        let current = tx.users().lock_password_hash(user_id).await?;
        // The address may be another account's by now, and the password changed.
        let stands = current.as_deref() == Some(proven.hash.as_str());
        if proven.user.id != user_id || !stands {
            return Err(ConfirmPasswordError::WrongPassword);
        }
        if !tx.sessions().set_authenticated(&principal.session_key, &new, now).await? {
            return Err(ConfirmPasswordError::Ended);
        }
        record(&tx, user_id, SecurityEvent::Reauthenticated, Origin::owner(client), now).await?;
        let form = match form {
            Some(token) => self.take_saved_submission(&tx, user_id, token).await?,
            None => None,
        };
        tx.commit().await?;
        tracing::info!(%user_id, "password given again");
        // The note of its last use was made under the old id.
        self.0.last_seen.note(new, now);
        let principal =
            Principal { session_key: new, authenticated_at: now, ..Principal::clone(principal) };
        Ok(PasswordConfirmed { session: RenewedSession { principal, id }, form })
    }
}
