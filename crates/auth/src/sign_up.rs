//! Signing up: a new account.

use domain::{DisplayName, EmailAddress, Password, Role, SecurityEvent, UserId};
use store::{Constraint, NewUser, StoreError};

use crate::{
    Accounts, Client, Fault, SignupMode,
    password::{PasswordHash, PasswordProblem},
    timeline::{Origin, record},
};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// Where mail reaches the person, and what they log in with.
    pub email: EmailAddress,
    /// What to call them.
    pub name: DisplayName,
    /// What they log in with.
    pub password: Password,
}

/// Why no account was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignUpError {
    /// Nobody may sign up here.
    #[error("sign-up is closed")]
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
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Accounts {
    /// Makes an account. Of many sign-ups with one address one succeeds.
    pub async fn sign_up(&self, new: SignUp, client: &Client) -> Result<UserId, SignUpError> {
        if self.0.settings.accounts.signup == SignupMode::Closed {
            return Err(SignUpError::Closed);
        }
        self.0.policy.check(&new.password, &new.email, &new.name).map_err(SignUpError::Password)?;
        self.take_sign_up(client).await?;
        let hash = self.0.hasher.hash(&new.password).await.map_err(Fault::from)?;
        let id = self.insert_user(&new, &hash, client).await.map_err(|error| match error {
            StoreError::Conflict(Constraint::UserEmail) => SignUpError::EmailTaken,
            other => SignUpError::Fault(other.into()),
        })?;
        tracing::info!(user_id = %id, "signed up");
        Ok(id)
    }

    /// Judges a password before anything is sent, for a hint beside the field; the
    /// address and the name are judged with it as far as they are known.
    pub fn check_password(
        &self,
        password: &Password,
        owner: Option<(&EmailAddress, &DisplayName)>,
    ) -> Result<(), PasswordProblem> {
        match owner {
            Some((email, name)) => self.0.policy.check(password, email, name),
            None => self.0.policy.check_alone(password),
        }
    }

    async fn insert_user(
        &self,
        new: &SignUp,
        hash: &PasswordHash,
        client: &Client,
    ) -> Result<UserId, StoreError> {
        let user = NewUser {
            id: UserId::generate(),
            email: new.email.clone(),
            name: new.name.clone(),
            password_hash: hash.as_str().to_owned(),
            role: Role::User,
        };
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        tx.users().insert(&user, now).await?;
        record(&tx, user.id, SecurityEvent::SignedUp, Origin::owner(client), now).await?;
        tx.commit().await?;
        Ok(user.id)
    }

    async fn take_sign_up(&self, client: &Client) -> Result<(), SignUpError> {
        self.take(&[self.0.throttle.signup_of_client(client)]).await?.map_err(|refused| {
            tracing::info!("sign-up throttled");
            SignUpError::Throttled { retry_after: refused.retry_after }
        })
    }
}
