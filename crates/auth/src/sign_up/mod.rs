//! Signing up: a new account.
//!
//! With `open` sign-up, an account is made at once, and its owner is asked to confirm the address
//! ([`crate::address_proof`]). With `confirmed` sign-up, a visitor first asks for a mail
//! ([`request`]). Its link, or its code, leads to the account ([`completion`]), so that no account
//! has an address that its owner has not proven.

mod account;
mod completion;
mod request;

use domain::{DisplayName, EmailAddress, Password, Role, SecurityEvent, UserId};
use store::{Constraint, NewUser, StoreError};

pub(crate) use self::account::ProvenAccount;
pub use self::completion::{CompleteSignUp, CompleteSignUpError, SignUpLink, SignUpLinkError};
pub use self::request::RequestSignUpError;
pub(crate) use self::request::owner_of;
use crate::{
    Client, Fault, SignupMode,
    address_proof::ProofCookie,
    password::{PasswordHash, PasswordProblem},
    services::Registration,
    throttle::{self, Refused},
    timeline::{Origin, record},
};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The address for mails and log-ins.
    pub email: EmailAddress,
    /// The display name.
    pub name: DisplayName,
    /// The password.
    pub password: Password,
}

/// Why no account was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignUpError {
    /// Sign-up is not open.
    #[error("sign-up is not open")]
    Closed,
    /// The address has an account.
    #[error("the address has an account")]
    EmailTaken,
    /// The password is not good enough.
    #[error("the password is refused")]
    Password(PasswordProblem),
    /// Too many sign-ups came from this network.
    #[error("too many sign-ups")]
    Throttled {
        /// When to try again.
        retry_after: std::time::Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refused> for SignUpError {
    fn from(Refused { retry_after }: Refused) -> Self {
        tracing::info!("sign-up throttled");
        Self::Throttled { retry_after }
    }
}

impl Registration<'_> {
    /// Makes an account that works at once, one for any number of sign-ups with an address. The
    /// cookie identifies the browser when it confirms the address.
    pub async fn sign_up(self, new: SignUp, client: &Client) -> Result<ProofCookie, SignUpError> {
        if self.0.settings.accounts.signup != SignupMode::Open {
            return Err(SignUpError::Closed);
        }
        let person = Some((&new.email, &new.name));
        let judged = self.0.judge.judge(&new.password, person).await.map_err(Fault::from)?;
        judged.map_err(SignUpError::Password)?;
        self.0.take(&[self.0.throttle.signup_of_client(client)]).await??;
        let hash = self.0.hasher.hash(&new.password).await.map_err(Fault::from)?;
        let cookie = ProofCookie::generate();
        let inserted = self.insert_open(&new, hash, &cookie, client).await;
        inserted.map_err(|error| match error {
            StoreError::Conflict(Constraint::UserEmail) => SignUpError::EmailTaken,
            other => SignUpError::Fault(other.into()),
        })?;
        Ok(cookie)
    }

    /// Counts one check of a field; `Err` says when to try again.
    pub fn take_sign_up_check(self, client: &Client) -> Result<(), std::time::Duration> {
        self.0.sign_up_checks.take(client, self.0.clock.now())
    }

    async fn insert_open(
        self,
        new: &SignUp,
        hash: PasswordHash,
        cookie: &ProofCookie,
        client: &Client,
    ) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        // The count before the account, as everywhere: else two wait for each other.
        let buckets = [self.0.throttle.proof_of_address(&new.email)];
        let taken = throttle::take(&tx, &buckets, now).await?;
        let new = NewUser {
            id: UserId::generate(),
            email: new.email.clone(),
            name: new.name.clone(),
            password_hash: hash.into_string(),
            role: Role::USER,
            language: client.language,
            confirmed_at: None,
        };
        tx.users().insert(&new, now).await?;
        let user = new.user(now);
        record(&tx, user.id, SecurityEvent::SignedUp, Origin::owner(client), now).await?;
        // Beyond the limits of mails the pages ask for the mail.
        if taken.is_ok() {
            self.0.queue_proof(&tx, &user, cookie.hash(), now).await?;
        }
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "signed up");
        Ok(())
    }
}
