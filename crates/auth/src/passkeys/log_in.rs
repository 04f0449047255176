//! Logging in with a passkey alone: it proves possession and, by a PIN or a biometric, its user, so
//! it counts for two factors (PSK-01).
//!
//! An unknown passkey, one of a disabled account and a wrong answer get the same answer (PSK-04).

use std::time::Duration;

use domain::RefusalReason;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{
    ceremony::{CeremonyPurpose, PasskeyAnswer, PasskeyCeremony},
    proof::{PasskeyRefusal, SpentCeremony},
};
use crate::{
    Client, Fault, SignupMode,
    address_proof::ProofCookie,
    counters::LogInOutcome,
    device::KnownDevice,
    fault::ending_in_fault,
    refusal_notes::{Attempt, Refusal},
    services::Sessions,
    session_start::{LoggedIn, SessionStart},
    throttle::Refused,
    ways_in::WayIn,
};

/// The command: log in with a passkey.
#[derive(Clone, Debug)]
pub struct LogInWithPasskey {
    /// The answer of the authenticator.
    pub answer: PasskeyAnswer,
    /// Whether the session is to outlive the browser window.
    pub remember: bool,
}

/// The reason for a refused log-in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyLogInError {
    /// The challenge is too old, was answered before, or is of another form.
    #[error("the challenge has expired")]
    Expired,
    /// The answer is wrong, or no enabled account has the passkey.
    #[error("the passkey is refused")]
    Refused,
    /// The passkey is right, and the address has to be confirmed first.
    #[error("the address is not confirmed")]
    Unconfirmed(ProofCookie),
    /// Too many tries from this network.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(PasskeyLogInError);

impl From<Refused> for PasskeyLogInError {
    fn from(Refused { retry_after }: Refused) -> Self {
        Self::Throttled { retry_after }
    }
}

impl Sessions<'_> {
    /// Asks for any passkey of this site, for the log-in form with this token. Writes nothing.
    /// `None` where browsers have no passkeys.
    pub fn begin_passkey_log_in(self, form_token: &str) -> Option<PasskeyCeremony> {
        self.0.begin_passkey_use(CeremonyPurpose::LogIn, &[], form_token)
    }

    /// Logs in with a new session that takes nothing over from an earlier one. `device` is the
    /// value of the browser's device cookie.
    pub async fn log_in_with_passkey(
        self,
        log_in: LogInWithPasskey,
        device: Option<&str>,
        client: &Client,
    ) -> Result<LoggedIn, PasskeyLogInError> {
        let result = self.prove_passkey_and_begin(log_in, device, client).await;
        self.0.counters.count_log_in(outcome(&result));
        if let Ok(logged_in) = &result {
            tracing::info!(user_id = %logged_in.user.id, "logged in with a passkey");
        }
        result
    }

    async fn prove_passkey_and_begin(
        self,
        log_in: LogInWithPasskey,
        device: Option<&str>,
        client: &Client,
    ) -> Result<LoggedIn, PasskeyLogInError> {
        let LogInWithPasskey { answer, remember } = log_in;
        let bucket = self.0.throttle.login_of_client(client);
        let spent = self.0.spend_ceremony(&answer, CeremonyPurpose::LogIn, bucket).await?;
        let state: DiscoverableAuthentication = match spent {
            SpentCeremony::Fresh(state) => state,
            SpentCeremony::Expired => return Err(PasskeyLogInError::Expired),
            SpentCeremony::Throttled(refused) => {
                self.note(PasskeyRefusal::throttled(), client);
                return Err(refused.into());
            }
        };
        let Some(credential) = answer.parse::<PublicKeyCredential>() else {
            self.note(PasskeyRefusal::wrong(None), client);
            return Err(PasskeyLogInError::Refused);
        };
        let device = self.known_device_of_passkey(&credential, device).await?;
        let (tx, now) = (self.0.store.begin().await?, self.0.clock.now());
        let proven = self.0.prove_passkey(&tx, (state, &credential), None, now).await?;
        let user = match proven {
            Ok(proven) => proven.user,
            Err(refusal) => {
                self.0.refuse_passkey(tx, (Attempt::LogIn, refusal), client).await?;
                return Err(PasskeyLogInError::Refused);
            }
        };
        if self.0.settings.accounts.signup == SignupMode::Confirmed && user.confirmed_at.is_none() {
            drop(tx);
            let (user_id, reason) = (Some(user.id), RefusalReason::Unconfirmed);
            self.note(PasskeyRefusal { user_id, reason }, client);
            return Err(PasskeyLogInError::Unconfirmed(self.0.wait_for_proof(&user).await?));
        }
        let start = SessionStart { way: WayIn::Passkey, remember, device };
        let begun = self.0.begin_session_in(&tx, user, start, client).await?;
        let Some((logged_in, is_told)) = begun else { return Err(PasskeyLogInError::Refused) };
        tx.commit().await?;
        if is_told {
            self.0.outbox.wake();
        }
        Ok(logged_in)
    }

    /// The browser, if it has logged in before to the account that has the passkey.
    pub(super) async fn known_device_of_passkey(
        self,
        credential: &PublicKeyCredential,
        device: Option<&str>,
    ) -> Result<Option<KnownDevice>, Fault> {
        let store = &self.0.store;
        let found = store.passkeys().find_by_credential_id(credential.get_credential_id()).await?;
        let Some(stored) = found else { return Ok(None) };
        let Some(user) = store.users().find(stored.user_id).await? else { return Ok(None) };
        self.0.known_device(device, &user.email).await
    }

    fn note(self, PasskeyRefusal { user_id, reason }: PasskeyRefusal, client: &Client) {
        self.0.note_refusal(Refusal { attempt: Attempt::LogIn, user_id, reason }, client);
    }
}

/// The outcome for the metrics.
const fn outcome(result: &Result<LoggedIn, PasskeyLogInError>) -> LogInOutcome {
    match result {
        Ok(_) => LogInOutcome::LoggedIn,
        Err(PasskeyLogInError::Expired | PasskeyLogInError::Refused) => LogInOutcome::Refused,
        Err(PasskeyLogInError::Unconfirmed(_)) => LogInOutcome::Unconfirmed,
        Err(PasskeyLogInError::Throttled { .. }) => LogInOutcome::Throttled,
        Err(PasskeyLogInError::Fault(_)) => LogInOutcome::Failed,
    }
}
