//! Changing the password in a session, with the current password.
//!
//! A session alone is not enough: a person who finds an open browser cannot lock the owner out. An
//! account with a second factor wants that as well.
//! Tries at the current password are counted like log-ins.

use std::time::Duration;

use domain::{DisplayName, EmailAddress, Password, Principal, SecurityEvent, User};

use crate::{
    Client, Fault,
    credential_check::GivenCredentials,
    credentials::{CredentialsError, Proven},
    device::DeviceCookie,
    fault::ending_in_fault,
    password::{PasswordHash, PasswordProblem},
    revocation::{RevocationReason, revoke},
    services::{Credentials, Sessions},
    session::RenewedSession,
    timeline::{Origin, record},
};

/// Another password for the principal.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The current password.
    pub current: Password,
    /// The new password.
    pub new: Password,
}

/// A password that was changed.
#[derive(Clone, Debug)]
pub struct PasswordChanged {
    /// The session, under its new id.
    pub session: RenewedSession,
    /// The new value of the device cookie.
    pub device: DeviceCookie,
}

/// Why the password stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangePasswordError {
    /// The current password is another.
    #[error("the current password is wrong")]
    WrongPassword {
        /// The problem with the new password, if it has one as well.
        new: Option<PasswordProblem>,
    },
    /// The new password is not good enough.
    #[error("the password is refused")]
    Password(PasswordProblem),
    /// The new password is the current one.
    #[error("the new password is the current one")]
    Unchanged,
    /// Too many tries for this account or from this network.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// The account has a second factor, and none was given in the session a short while ago.
    #[error("a second factor has to be given")]
    SecondFactor,
    /// The session ended meanwhile, or got another id by a request beside this one.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ChangePasswordError);

impl ChangePasswordError {
    fn of(error: CredentialsError, new: Option<PasswordProblem>) -> Self {
        match error {
            CredentialsError::Wrong => Self::WrongPassword { new },
            CredentialsError::Throttled { retry_after } => Self::Throttled { retry_after },
            CredentialsError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl Credentials<'_> {
    /// Replaces the password. Every other session of the user ends, this one goes on
    /// under a new id, reset links are void, every other browser is unknown again, and a
    /// notice is mailed. `device` is what the browser's device cookie holds.
    pub async fn change_password(
        self,
        principal: &Principal,
        change: ChangePassword,
        device: Option<&str>,
        client: &Client,
    ) -> Result<PasswordChanged, ChangePasswordError> {
        if Sessions(self.0).asks_for_code(principal) {
            return Err(ChangePasswordError::SecondFactor);
        }
        let ChangePassword { current, new } = change;
        let owner = Some((&principal.email, &principal.name));
        let problem = self.0.judge.judge(&new, owner).await.map_err(Fault::from)?.err();
        let is_unchanged = current.expose() == new.expose();
        let credentials = GivenCredentials { email: principal.email.clone(), password: current };
        let Proven { user, hash } =
            match self.0.check_credentials(credentials, device, client).await {
                Ok(proven) => proven,
                Err(error) => return Err(ChangePasswordError::of(error, problem)),
            };
        if user.id != principal.user_id {
            return Err(ChangePasswordError::WrongPassword { new: problem });
        }
        if let Some(problem) = problem {
            return Err(ChangePasswordError::Password(problem));
        }
        if is_unchanged {
            return Err(ChangePasswordError::Unchanged);
        }
        let new = self.0.hasher.hash(&new).await.map_err(Fault::from)?;
        let session = self.set_password(principal, &user, [&hash, &new], client).await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "password changed");
        let device_generation = user.device_generation + 1;
        let device = self.0.device_cookie(&User { device_generation, ..user });
        Ok(PasswordChanged { session, device })
    }

    /// Checks a password before the form is sent, for a hint beside the field, together with the
    /// address and the name as far as they are known. `None` if too many checks wait: the hint is
    /// left out, and the form is checked when it is sent.
    pub async fn find_password_problem(
        self,
        password: &Password,
        owner: Option<(&EmailAddress, &DisplayName)>,
    ) -> Option<PasswordProblem> {
        self.0.judge.judge(password, owner).await.ok()?.err()
    }

    /// One transaction, in which both the session and the old hash must still be valid: a session
    /// that ended meanwhile, or another change, wins.
    async fn set_password(
        self,
        principal: &Principal,
        user: &User,
        [old, new]: [&PasswordHash; 2],
        client: &Client,
    ) -> Result<RenewedSession, ChangePasswordError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let current = tx.users().lock_password_hash(user.id).await?;
        if current.as_deref() != Some(old.as_str()) {
            return Err(ChangePasswordError::WrongPassword { new: None });
        }
        let renewed = self.0.renew_session(&tx, principal).await?;
        let renewed = renewed.ok_or(ChangePasswordError::SessionEnded)?;
        let all = async {
            tx.users().set_password_hash(user.id, new.as_str()).await?;
            revoke(&tx, user.id, RevocationReason::PasswordChanged(renewed.principal.session_key))
                .await?;
            record(&tx, user.id, SecurityEvent::PasswordChanged, Origin::owner(client), now)
                .await?;
            let of = self.0.notice_of_act(&tx, user, now).await?;
            self.0.queue_password_notice(&tx, user, &of, now).await
        };
        all.await?;
        tx.commit().await?;
        Ok(renewed)
    }
}
