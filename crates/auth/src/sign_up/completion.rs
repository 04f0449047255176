//! Making the account of a proven address: by the link of a mail, in any browser. Looking at the
//! link spends nothing, because mail scanners follow links.

use domain::{DisplayName, EmailAddress, Password, Role, Timestamp, Token};
use store::{AddressProof, Constraint, ProofPurpose, StoreError};

use super::account::ProvenAccount;
use crate::{
    Client, Fault, SignupMode,
    address_proof::PURPOSE,
    fault::ending_in_fault,
    password::{PasswordHash, PasswordProblem},
    services::Registration,
    session_start::{LoggedIn, SessionStart},
    ways_in::WayIn,
};

/// The command: make the account of the address that the token was mailed to.
#[derive(Clone, Debug)]
pub struct CompleteSignUp {
    /// The token of the mailed link.
    pub token: Token,
    /// The display name.
    pub name: DisplayName,
    /// The password.
    pub password: Password,
}

/// The effect that a link would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignUpLink {
    /// It leads to an account with this address.
    Valid(EmailAddress),
    /// This address has an account, by this link or otherwise.
    HasAccount(EmailAddress),
}

/// Why a link leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignUpLinkError {
    /// Sign-up is closed.
    #[error("sign-up is closed")]
    Closed,
    /// The token is unknown, replaced or expired.
    #[error("the token is invalid")]
    InvalidToken,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(SignUpLinkError);

/// Why no account was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompleteSignUpError {
    /// The link leads nowhere.
    #[error(transparent)]
    Link(#[from] SignUpLinkError),
    /// This address has an account.
    #[error("the address has an account")]
    HasAccount(EmailAddress),
    /// The password is not good enough; the link is still good.
    #[error("the password is refused")]
    Password(PasswordProblem),
}

impl From<Fault> for CompleteSignUpError {
    fn from(fault: Fault) -> Self {
        Self::Link(fault.into())
    }
}

impl Registration<'_> {
    /// Returns the effect that the link would have. Spends nothing.
    pub async fn check_sign_up_link(self, token: &Token) -> Result<SignUpLink, SignUpLinkError> {
        let proof = self.find_sign_up(token).await?;
        let user = self.0.find_user(&proof.email).await?;
        let user = user.filter(|user| user.confirmed_at.is_some());
        match (proof.used_at.is_some(), user) {
            (true, Some(user)) if user.disabled_at.is_some() => Err(SignUpLinkError::InvalidToken),
            (_, Some(user)) => Ok(SignUpLink::HasAccount(user.email)),
            (true, None) => Err(SignUpLinkError::InvalidToken),
            (false, None) => Ok(SignUpLink::Valid(proof.email)),
        }
    }

    /// Makes the account, with its address confirmed, spends the link and logs in.
    pub async fn complete_sign_up(
        self,
        new: CompleteSignUp,
        client: &Client,
    ) -> Result<LoggedIn, CompleteSignUpError> {
        let CompleteSignUp { token, name, password } = new;
        let email = match self.check_sign_up_link(&token).await? {
            SignUpLink::Valid(email) => email,
            SignUpLink::HasAccount(email) => return Err(CompleteSignUpError::HasAccount(email)),
        };
        let hash = self.0.hash_first_password(&password, (&email, &name)).await?;
        let hash = hash.map_err(CompleteSignUpError::Password)?;
        let made = self.make_account(&token, (&name, hash), client).await;
        let made = made.map_err(|error| match error {
            StoreError::Conflict(Constraint::UserEmail) => CompleteSignUpError::HasAccount(email),
            other => Fault::from(other).into(),
        })?;
        Ok(made.ok_or(SignUpLinkError::InvalidToken)?)
    }

    async fn find_sign_up(self, token: &Token) -> Result<AddressProof, SignUpLinkError> {
        if self.0.settings.accounts.signup == SignupMode::Closed {
            return Err(SignUpLinkError::Closed);
        }
        let (hash, now) = (token.hash(PURPOSE), self.0.clock.now());
        let found = self.0.store.address_proofs().find_even_used(&hash, now).await?;
        found.filter(is_sign_up).ok_or(SignUpLinkError::InvalidToken)
    }

    /// The account and its first session in one transaction: of many uses of a link at once one
    /// succeeds. `None` if it was spent.
    async fn make_account(
        self,
        token: &Token,
        (name, hash): (&DisplayName, PasswordHash),
        client: &Client,
    ) -> Result<Option<LoggedIn>, StoreError> {
        let (token, now): (_, Timestamp) = (token.hash(PURPOSE), self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let found = tx.address_proofs().find(&token, now).await?.filter(is_sign_up);
        let Some(AddressProof { email, .. }) = found else { return Ok(None) };
        let holder = tx.users().lock_by_email(&email).await?.map(|(user, _)| user);
        if tx.address_proofs().spend(&token, now).await?.is_none() {
            return Ok(None);
        }
        let role = Role::USER;
        let account = ProvenAccount { holder, email: &email, name, password: &hash, role };
        let user = self.0.insert_proven(&tx, account, client, now).await?;
        tx.address_proofs().assign(&token, user.id).await?;
        let start = SessionStart { way: WayIn::SignUp, remember: false, device: None };
        let begun = self.0.begin_session_in(&tx, user, start, client).await?;
        tx.commit().await?;
        Ok(begun.map(|(logged_in, _)| logged_in))
    }
}

/// Whether the proof is of a sign-up that makes an account, or has made one.
fn is_sign_up(proof: &AddressProof) -> bool {
    let is_pending = proof.user_id.is_none() && proof.used_at.is_none();
    proof.purpose == ProofPurpose::SignUp && (is_pending || proof.used_at.is_some())
}
