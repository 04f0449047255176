//! Checks the password of an account, for every use case that asks for one.
//!
//! Every try costs one run of Argon2, with or without an account, and a wrong password gets the
//! same answer as an unknown address (account enumeration). Tries are counted before the check, and
//! given back when the password was right ([`CountedTry`]) or the check failed for another reason, even
//! if the client has gone.

use std::{sync::Arc, time::Duration};

use domain::{EmailAddress, RefusalReason, User};
use tracing::Instrument;

use crate::{
    Client, Fault,
    context::Context,
    credential_check::{CredentialCheck, GivenCredentials},
    device::KnownDevice,
    fault::ending_in_fault,
    password::PasswordHash,
    refusal_notes::{Attempt, Refusal},
    throttle::{self, Bucket, Refused},
    tries::CountedTry,
};

/// The owner of an account, proven by the password.
pub(crate) struct Proven {
    pub(crate) user: User,
    /// The hash that stood when the password was found right; where another stands
    /// by now, the proof is void.
    pub(crate) hash: PasswordHash,
}

/// Why nothing is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CredentialsError {
    /// There is no such account, or the password is another.
    #[error("wrong address or password")]
    Wrong,
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

ending_in_fault!(CredentialsError);

impl From<Refused> for CredentialsError {
    fn from(refused: Refused) -> Self {
        Self::Throttled { retry_after: refused.retry_after }
    }
}

/// One try: a password, and the client that it came from.
struct Try {
    attempt: Attempt,
    credentials: GivenCredentials,
    buckets: [Option<Bucket>; 2],
    client: Client,
    is_known_device: bool,
}

impl Context {
    /// Checks a password within a session. `device` is the value of the device cookie.
    pub(crate) async fn check_credentials(
        self: &Arc<Self>,
        credentials: GivenCredentials,
        device: Option<&str>,
        client: &Client,
    ) -> Result<Proven, CredentialsError> {
        let device = self.known_device(device, &credentials.email).await?;
        let attempt = Attempt::InSession;
        let checking = self.check_log_in_credentials(attempt, credentials, device.as_ref(), client);
        let (proven, counted_try) = checking.await?;
        counted_try.give_back().await?;
        Ok(proven)
    }

    /// Checks a password like [`Self::check_credentials`], without a session. The caller gives the
    /// right try back.
    ///
    /// A try goes on when its request is cancelled: its count is given back or stays as if the
    /// client had waited. Giving it back unseen would allow runs of Argon2 for free.
    pub(crate) async fn check_log_in_credentials(
        self: &Arc<Self>,
        attempt: Attempt,
        credentials: GivenCredentials,
        device: Option<&KnownDevice>,
        client: &Client,
    ) -> Result<(Proven, CountedTry), CredentialsError> {
        let buckets = self.credentials_buckets(&credentials.email, device, client);
        let (client, is_known_device) = (client.clone(), device.is_some());
        let a_try = Try { attempt, credentials, buckets, client, is_known_device };
        let context = Arc::clone(self);
        let checking = async move { context.count_and_check(&a_try).await };
        // The span tells the log in which request the try began; an error is logged at
        // every level, and so has to be the span.
        let checked = tokio::spawn(checking.instrument(tracing::error_span!("credentials"))).await;
        checked.unwrap_or(Err(CredentialsError::Fault(Fault::Internal)))
    }

    /// The client's count first: it is used up by asking, also where the account has
    /// no tries left, and a client without tries cannot use up those of accounts.
    fn credentials_buckets(
        &self,
        email: &EmailAddress,
        device: Option<&KnownDevice>,
        client: &Client,
    ) -> [Option<Bucket>; 2] {
        let throttle = &self.throttle;
        let account = match device {
            Some(KnownDevice(name)) => throttle.login_of_device(email, name),
            None => throttle.login_of_account(email),
        };
        [throttle.login_of_client(client), account]
    }

    async fn count_and_check(
        self: &Arc<Self>,
        a_try: &Try,
    ) -> Result<(Proven, CountedTry), CredentialsError> {
        let Try { attempt, credentials, buckets, client, .. } = a_try;
        let note = |user_id, reason| {
            self.note_refusal(Refusal { attempt: *attempt, user_id, reason }, client);
        };
        if let Err((reason, refused)) = self.count(a_try).await? {
            let user = self.find_user(&credentials.email).await?;
            note(user.map(|user| user.id), reason);
            return Err(refused.into());
        }
        match self.check_password(credentials, *attempt).await {
            // Only the count of the account is given back: a success with an attacker's own account
            // must not buy further tries from the same network at other accounts.
            Ok(CredentialCheck::Match { user, hash, .. }) => {
                let [_, account] = buckets;
                Ok((Proven { user: *user, hash }, CountedTry::new(self, *account)))
            }
            Ok(CredentialCheck::Refused(user_id, reason)) => {
                note(user_id, reason);
                Err(CredentialsError::Wrong)
            }
            Err(error) => {
                self.give_back(buckets).await?;
                Err(error.into())
            }
        }
    }

    /// Counts the try, in a transaction of its own; which count was used up, if any.
    async fn count(&self, a_try: &Try) -> Result<Result<(), (RefusalReason, Refused)>, Fault> {
        let [client, account] = a_try.buckets;
        if client.is_none() && account.is_none() {
            return Ok(Ok(()));
        }
        let of_account = if a_try.is_known_device {
            RefusalReason::ThrottledDevice
        } else {
            RefusalReason::ThrottledAccount
        };
        let (tx, now) = (self.store.begin().await?, self.clock.now());
        let mut counted = throttle::take(&tx, &[client], now)
            .await?
            .map_err(|refused| (RefusalReason::ThrottledClient, refused));
        if counted.is_ok() {
            let taken = throttle::take(&tx, &[account], now).await?;
            counted = taken.map_err(|refused| (of_account, refused));
        }
        tx.commit().await?;
        Ok(counted)
    }
}
