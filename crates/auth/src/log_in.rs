//! Logging in with address and password: a session begins for the proven owner of an account
//! ([`crate::credentials`]).

use std::time::Duration;

use domain::{
    EmailAddress, Password, Principal, RefusalReason, SecurityEvent, Timestamp, User, UserId,
};
use store::{NewSession, SessionEnding, StoreError, WriteTx};

use crate::{
    Client, Fault, SignupMode,
    address_proof::{ProofCookie, Unproven},
    counters::LogInOutcome,
    credential_check::GivenCredentials,
    credentials::{CheckedCredentials, CredentialsError, Proven},
    device::{DeviceCookie, KnownDevice},
    fault::ending_in_fault,
    mail::notices,
    refusal_notes::{Attempt, Refusal},
    services::Sessions,
    session::SessionId,
    throttle,
    timeline::{Origin, record},
};

/// Most sessions a user has at a time; a further log-in ends the oldest.
const MAX_SESSIONS: u32 = 20;

/// The command: log in to an account.
#[derive(Clone, Debug)]
pub struct LogIn {
    /// The account's address.
    pub email: EmailAddress,
    /// The account's password.
    pub password: Password,
    /// Whether the session is to outlive the browser window.
    pub remember: bool,
}

/// A log-in that succeeded.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// The user.
    pub user: User,
    /// The new value of the session cookie.
    pub session_id: SessionId,
    /// The principal of the session.
    pub principal: Principal,
    /// The new value of the device cookie.
    pub device: DeviceCookie,
}

/// The reason for a refused log-in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogInError {
    /// There is no such account, or the password is another.
    #[error("wrong address or password")]
    WrongCredentials,
    /// The password is right and the address is unconfirmed. The answer does not tell whether the
    /// address had an account before.
    #[error("the address is not confirmed")]
    Unconfirmed(ProofCookie),
    /// Too many tries for this account or from this network.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// Anything that is no fault of the visitor's.
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
    /// Logs in with a new session that takes nothing over from an earlier one. `device` is the
    /// value of the browser's device cookie.
    pub async fn log_in(
        self,
        log_in: LogIn,
        device: Option<&str>,
        client: &Client,
    ) -> Result<LoggedIn, LogInError> {
        let result = self.prove_and_begin(log_in, device, client).await;
        self.0.counters.count_log_in(outcome(&result));
        match &result {
            Ok(logged_in) => tracing::info!(user_id = %logged_in.user.id, "logged in"),
            Err(LogInError::Unconfirmed(_)) => tracing::info!("log-in before the confirmation"),
            // Logged where they were found, with the reason.
            Err(
                LogInError::WrongCredentials | LogInError::Throttled { .. } | LogInError::Fault(_),
            ) => {}
        }
        result
    }

    async fn prove_and_begin(
        self,
        log_in: LogIn,
        device: Option<&str>,
        client: &Client,
    ) -> Result<LoggedIn, LogInError> {
        let LogIn { email, password, remember } = log_in;
        let device = self.0.known_device(device, &email).await?;
        let credentials = GivenCredentials { email: email.clone(), password };
        if self.0.settings.accounts.signup != SignupMode::Confirmed {
            let claim = self.0.check_log_in_credentials(
                Attempt::LogIn,
                credentials,
                device.as_ref(),
                client,
            );
            return match claim.await? {
                CheckedCredentials::Proven(proven) => {
                    self.begin_session(proven, remember, device, client).await
                }
                CheckedCredentials::Pending => Err(LogInError::WrongCredentials),
            };
        }
        let claim =
            self.0.check_log_in_credentials(Attempt::LogIn, credentials, device.as_ref(), client);
        let user_id = match claim.await? {
            CheckedCredentials::Proven(proven) if proven.user.confirmed_at.is_some() => {
                return self.begin_session(proven, remember, device, client).await;
            }
            CheckedCredentials::Proven(proven) => {
                self.refuse(proven.user.id, RefusalReason::Unconfirmed, client);
                Some(proven.user.id)
            }
            CheckedCredentials::Pending => None,
        };
        let unproven = Unproven { email, user_id };
        Err(LogInError::Unconfirmed(self.0.wait_for_proof(&unproven, client).await?))
    }

    async fn begin_session(
        self,
        proven: Proven,
        remember: bool,
        device: Option<KnownDevice>,
        client: &Client,
    ) -> Result<LoggedIn, LogInError> {
        let Proven { user, hash } = proven;
        let now = self.0.clock.now();
        let id = SessionId::generate();
        let new = self.new_session(&id, &user, remember, client, now);
        let tx = self.0.store.begin().await?;
        // If the hash has changed since the check, the given password is no longer right.
        let current = tx.users().lock_password_hash(user.id).await?;
        if current.as_deref() != Some(hash.as_str()) {
            self.refuse(user.id, RefusalReason::WrongPassword, client);
            return Err(LogInError::WrongCredentials);
        }
        // Before the new one is there: of two that began at the same moment it could go.
        let beyond = SessionEnding::Beyond(MAX_SESSIONS - 1);
        tx.sessions().delete_of_user(user.id, beyond).await?;
        tx.sessions().insert(&new, now).await?;
        let is_told =
            device.is_none() && self.queue_new_device_mail(&tx, &user, client, now).await?;
        self.0.insert_refusals(&tx, user.id).await?;
        let origin = Origin::owner(client);
        record(&tx, user.id, SecurityEvent::LoggedIn, origin, now).await?;
        tx.commit().await?;
        if is_told {
            self.0.outbox.wake();
        }
        let device = self.0.device_cookie(&user);
        Ok(LoggedIn { principal: principal(&user, &new, now), session_id: id, user, device })
    }

    fn refuse(self, user_id: UserId, reason: RefusalReason, client: &Client) {
        let refusal = Refusal { attempt: Attempt::LogIn, user_id: Some(user_id), reason };
        self.0.note_refusal(refusal, client);
    }

    /// Tells the owner, unless it is the first log-in of all: every browser is unknown
    /// then. Beyond the limit the owner has been told often enough. Whether there is a
    /// mail.
    async fn queue_new_device_mail(
        self,
        tx: &WriteTx,
        user: &User,
        client: &Client,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if !tx.users().has_logged_in(user.id).await? {
            return Ok(false);
        }
        let bucket = self.0.throttle.new_device_of_account(&user.email);
        if throttle::take(tx, &[bucket], now).await?.is_err() {
            tracing::info!(user_id = %user.id, "mail about an unknown browser throttled");
            return Ok(false);
        }
        let of = self.0.notice_with_link(tx, user, now).await?;
        tx.outbox().insert(notices::new_device(&of, user, client, now), now).await?;
        Ok(true)
    }

    fn new_session(
        self,
        id: &SessionId,
        user: &User,
        remember: bool,
        client: &Client,
        now: Timestamp,
    ) -> NewSession {
        let settings = &self.0.settings.session;
        let lifetime = if remember { settings.remember_lifetime } else { settings.lifetime };
        NewSession {
            key: id.key(),
            user_id: user.id,
            role: user.role.clone(),
            remember,
            expires_at: now + lifetime,
            ip_address: client.address.to_string(),
            user_agent: client.user_agent.clone(),
            session_values: "{}".to_owned(),
        }
    }
}

fn principal(user: &User, session: &NewSession, now: Timestamp) -> Principal {
    Principal {
        user_id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        is_confirmed: user.confirmed_at.is_some(),
        joined_at: user.created_at,
        role: user.role.clone(),
        delete_after: user.delete_after,
        session_key: session.key,
        remember: session.remember,
        logged_in_at: now,
        authenticated_at: now,
        last_seen_at: now,
        expires_at: session.expires_at,
        session_values: session.session_values.clone(),
        role_when_issued: session.role.clone(),
    }
}

/// The outcome for the metrics.
const fn outcome(result: &Result<LoggedIn, LogInError>) -> LogInOutcome {
    match result {
        Ok(_) => LogInOutcome::LoggedIn,
        Err(LogInError::WrongCredentials) => LogInOutcome::Refused,
        Err(LogInError::Unconfirmed(_)) => LogInOutcome::Unconfirmed,
        Err(LogInError::Throttled { .. }) => LogInOutcome::Throttled,
        Err(LogInError::Fault(Fault::Busy { .. })) => LogInOutcome::Busy,
        Err(LogInError::Fault(_)) => LogInOutcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_ins_are_counted_by_how_they_ended() {
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
