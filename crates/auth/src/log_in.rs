//! Logging in with address and password. After a correct password ([`crate::credentials`]) a
//! session begins ([`crate::session_start`]). If the account has a second factor, a pending log-in
//! begins instead and waits for that factor ([`crate::pending_log_in`]).

use std::time::Duration;

use domain::{EmailAddress, Password, RefusalReason, UserId};

use crate::{
    Client, Fault, SignupMode,
    address_proof::ProofCookie,
    counters::LogInOutcome,
    credential_check::GivenCredentials,
    credentials::CredentialsError,
    fault::ending_in_fault,
    first_step::{Begun, LogInWish},
    pending_log_in::PendingCookie,
    refusal_notes::{Attempt, Refusal},
    remembered_browser::RememberedCookie,
    services::Sessions,
    session_start::LoggedIn,
    ways_in::WayIn,
};

/// The command: log in to an account.
#[derive(Clone, Debug)]
pub struct LogIn {
    /// The account's address.
    pub email: EmailAddress,
    /// The account's password.
    pub password: Password,
    /// Whether the session outlives the browser window.
    pub remember: bool,
    /// The path on this site to open after a second step.
    pub next_path: Option<String>,
    /// The cookie of a remembered browser.
    pub remembered: Option<RememberedCookie>,
}

/// The reason for a refused log-in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogInError {
    /// There is no such account, or the password is wrong.
    #[error("wrong address or password")]
    WrongCredentials,
    /// The password is right, but the address must be confirmed first.
    #[error("the address is not confirmed")]
    Unconfirmed(ProofCookie),
    /// The password is right, but a second factor is required. The cookie identifies the pending
    /// log-in.
    #[error("a second factor has to follow")]
    SecondFactor(PendingCookie),
    /// Too many tries for this account or from this network.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(LogInError);

impl From<CredentialsError> for LogInError {
    fn from(error: CredentialsError) -> Self {
        match error {
            CredentialsError::Wrong => Self::WrongCredentials,
            CredentialsError::Throttled { retry_after } => Self::Throttled { retry_after },
            CredentialsError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl Sessions<'_> {
    /// Begins a new session that takes no state from an earlier one. `device` is the value of the
    /// browser's device cookie.
    pub async fn log_in(
        self,
        log_in: LogIn,
        device: Option<&str>,
        client: &Client,
    ) -> Result<LoggedIn, LogInError> {
        let result = self.check_and_begin(log_in, device, client).await;
        self.0.counters.count_log_in(outcome(&result));
        match &result {
            Ok(logged_in) => tracing::info!(user_id = %logged_in.user.id, "logged in"),
            Err(LogInError::Unconfirmed(_)) => tracing::info!("log-in before the confirmation"),
            // Logged where they occurred, with the reason.
            Err(
                LogInError::SecondFactor(_)
                | LogInError::WrongCredentials
                | LogInError::Throttled { .. }
                | LogInError::Fault(_),
            ) => {}
        }
        result
    }

    async fn check_and_begin(
        self,
        log_in: LogIn,
        device: Option<&str>,
        client: &Client,
    ) -> Result<LoggedIn, LogInError> {
        let LogIn { email, password, remember, next_path, remembered } = log_in;
        let device = self.0.known_device(device, &email).await?;
        let credentials = GivenCredentials { email, password };
        let check =
            self.0.check_log_in_credentials(Attempt::LogIn, credentials, device.as_ref(), client);
        let (proven, counted_try) = check.await?;
        let user_id = proven.user.id;
        let is_proven = proven.user.confirmed_at.is_some();
        if self.0.settings.accounts.signup == SignupMode::Confirmed && !is_proven {
            counted_try.give_back().await?;
            self.refuse(user_id, RefusalReason::Unconfirmed, client);
            return Err(LogInError::Unconfirmed(self.0.wait_for_proof(&proven.user).await?));
        }
        let wish = LogInWish { way: WayIn::LogIn, remember, next_path, device, remembered };
        match self.0.begin_session((proven, counted_try), wish, client).await? {
            Begun::Session(logged_in) => Ok(*logged_in),
            Begun::Pending(cookie) => Err(LogInError::SecondFactor(cookie)),
            Begun::Outdated => {
                self.refuse(user_id, RefusalReason::WrongPassword, client);
                Err(LogInError::WrongCredentials)
            }
        }
    }

    fn refuse(self, user_id: UserId, reason: RefusalReason, client: &Client) {
        let refusal = Refusal { attempt: Attempt::LogIn, user_id: Some(user_id), reason };
        self.0.note_refusal(refusal, client);
    }
}

/// The outcome for the metrics.
const fn outcome(result: &Result<LoggedIn, LogInError>) -> LogInOutcome {
    match result {
        Ok(_) => LogInOutcome::LoggedIn,
        Err(LogInError::WrongCredentials) => LogInOutcome::Refused,
        Err(LogInError::Unconfirmed(_)) => LogInOutcome::Unconfirmed,
        Err(LogInError::SecondFactor(_)) => LogInOutcome::SecondFactor,
        Err(LogInError::Throttled { .. }) => LogInOutcome::Throttled,
        Err(LogInError::Fault(Fault::Busy { .. })) => LogInOutcome::Busy,
        Err(LogInError::Fault(_)) => LogInOutcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_ins_are_counted_by_outcome() {
        let retry_after = Duration::from_secs(1);
        for (error, outcome) in [
            (LogInError::WrongCredentials, LogInOutcome::Refused),
            (LogInError::Throttled { retry_after }, LogInOutcome::Throttled),
            (LogInError::Fault(Fault::Busy { retry_after }), LogInOutcome::Busy),
            (LogInError::Fault(Fault::Unavailable), LogInOutcome::Failed),
        ] {
            assert_eq!(super::outcome(&Err(error)), outcome);
        }
    }
}
