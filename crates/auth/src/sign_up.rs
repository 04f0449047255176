//! Signing up: a new account.

use domain::{DisplayName, EmailAddress, Password, SecurityEvent};
use store::{Constraint, PendingSignUp, SignedUpWith, StoreError};

use crate::{
    Client, Fault, SignupMode,
    address_proof::{Addressee, BrowserHash, NewAccount, ProofCookie},
    password::{PasswordHash, PasswordProblem},
    services::Registration,
    throttle,
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
    /// Sign-up is closed.
    #[error("sign-up is closed")]
    Closed,
    /// The address has an account; told only where accounts work at once.
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
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The result of a sign-up.
#[derive(Clone, Debug)]
pub enum SignedUp {
    /// An account that works. Its address is still to be confirmed; the browser is known
    /// by this when it is.
    LogIn(ProofCookie),
    /// A mail, whatever came of the sign-up: the answer does not tell whether the address has an
    /// account. The cookie identifies the browser when it proves the address.
    Mailbox(ProofCookie),
}

impl Registration<'_> {
    /// Makes an account, one for any number of sign-ups with an address; or, with `confirmed`
    /// sign-up, whatever the state of the address allows.
    pub async fn sign_up(self, new: SignUp, client: &Client) -> Result<SignedUp, SignUpError> {
        if self.0.settings.accounts.signup == SignupMode::Closed {
            return Err(SignUpError::Closed);
        }
        let person = Some((&new.email, &new.name));
        let judged = self.0.judge.judge(&new.password, person).await.map_err(Fault::from)?;
        judged.map_err(SignUpError::Password)?;
        self.take_sign_up(client).await?;
        match self.0.settings.accounts.signup {
            SignupMode::Confirmed => {
                let cookie = ProofCookie::generate();
                let beside = self.0.find_hash(&new.email).await?;
                let new = self.new_account(new, beside.as_ref()).await?;
                Box::pin(self.submit_sign_up(&new, cookie.hash(), client)).await?;
                Ok(SignedUp::Mailbox(cookie))
            }
            SignupMode::Open | SignupMode::Closed => {
                let new = self.new_account(new, None).await?;
                let cookie = ProofCookie::generate();
                let inserted = self.insert_open(&new, cookie.hash(), client).await;
                inserted.map_err(|error| match error {
                    StoreError::Conflict(Constraint::UserEmail) => SignUpError::EmailTaken,
                    other => SignUpError::Fault(other.into()),
                })?;
                Ok(SignedUp::LogIn(cookie))
            }
        }
    }

    /// Counts one check of a field; `Err` says when to try again.
    pub fn take_sign_up_check(self, client: &Client) -> Result<(), std::time::Duration> {
        self.0.sign_up_checks.take(client, self.0.clock.now())
    }

    /// Hashes the password in one run of Argon2, with or without an account at the address
    /// (ENU-03), beside the hash of the account, so that one run at log-in tells which of the two
    /// passwords it is.
    async fn new_account(
        self,
        new: SignUp,
        beside: Option<&PasswordHash>,
    ) -> Result<NewAccount, Fault> {
        let hash = self.0.hasher.hash_beside(&new.password, beside).await?;
        let (name, password_hash) = (new.name, hash.into_string());
        let signed_up = SignedUpWith::ThisAddress;
        let pending = PendingSignUp { name, password_hash, signed_up };
        Ok(NewAccount { email: new.email, pending })
    }

    async fn insert_open(
        self,
        new: &NewAccount,
        browser: BrowserHash,
        client: &Client,
    ) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        // The count before the account, as everywhere: else two wait for each other.
        let buckets = [self.0.throttle.proof_of_address(&new.email)];
        let taken = throttle::take(&tx, &buckets, now).await?;
        let user = self.0.insert_unconfirmed(&tx, new, client, now).await?;
        record(&tx, user.id, SecurityEvent::SignedUp, Origin::owner(client), now).await?;
        // Beyond the limits of mails the pages ask for the mail.
        if taken.is_ok() {
            self.0.queue_proof(&tx, Addressee::Unproven(&user, None), browser, now).await?;
        }
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "signed up");
        Ok(())
    }

    async fn take_sign_up(self, client: &Client) -> Result<(), SignUpError> {
        self.0.take(&[self.0.throttle.signup_of_client(client)]).await?.map_err(|refused| {
            tracing::info!("sign-up throttled");
            SignUpError::Throttled { retry_after: refused.retry_after }
        })
    }
}
