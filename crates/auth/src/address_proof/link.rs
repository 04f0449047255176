//! Proving the address of an account by the link in the mail. Looking at it spends nothing: mail
//! scanners follow links.
//!
//! A visitor in another browser than the one that asked may not be the person who set the password
//! (pre-hijacking, REG-12). Such a visitor gives that password, which confirms and changes nothing
//! else, or says that it is another person's, which ends the password and every session.

use domain::{EmailAddress, Password, Principal, SecurityEvent, Timestamp, Token, User};
use store::{AddressProof, ProofPurpose, StoreError, WriteTx};

use super::{BrowserHash, PURPOSE, confirm};
use crate::{
    Client, Fault,
    credential_check::GivenCredentials,
    credentials::{CredentialsError, Proven},
    fault::ending_in_fault,
    first_step::{Begun, LogInWish},
    password::PasswordHash,
    password_reset::{new_token, replace_password},
    pending_log_in::PendingCookie,
    refusal_notes::Attempt,
    services::Registration,
    session_start::LoggedIn,
    timeline::{Origin, record},
    ways_in::WayIn,
};

/// Whether a browser is the one that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStanding {
    /// It is, or the very user is logged in there.
    Here,
    /// Another browser follows the link. The person may not be the one who set the password.
    Elsewhere,
}

/// A link that proves an address, and the browser that follows it.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmByLink<'a> {
    /// The token of the mailed link.
    pub token: &'a Token,
    /// The value of the browser's proof cookie.
    pub cookie: Option<&'a str>,
    /// The value of the browser's device cookie.
    pub device: Option<&'a str>,
    /// The user who is logged in there.
    pub principal: Option<&'a Principal>,
}

/// How the visitor confirms.
#[derive(Clone, Debug)]
pub enum Confirmation {
    /// In the browser that asked.
    Here,
    /// With the password of the account.
    Password(Password),
    /// As the owner of the address who did not choose the password.
    NewPassword,
}

/// The effect that a link would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProofLink {
    /// It confirms this address.
    Confirms(EmailAddress, LinkStanding),
    /// It was used, and this address is confirmed.
    Used(EmailAddress),
}

/// The result of a confirmation.
#[derive(Clone, Debug)]
pub enum Confirmed {
    /// The account is as it was, with this address.
    Kept(EmailAddress),
    /// The same, and the password began a session.
    LoggedIn(Box<LoggedIn>),
    /// The same, and the second factor of the account has to follow, by this cookie.
    SecondFactor(PendingCookie),
    /// An account without a password, and the token that sets one.
    Renewed(Token),
}

/// Why nothing was proven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmByLinkError {
    /// The token is unknown, replaced or expired, or its account is disabled.
    #[error("the token is invalid")]
    InvalidToken,
    /// The link was used, and this address is confirmed.
    #[error("the address is confirmed already")]
    Used(EmailAddress),
    /// Another browser asked, so the visitor has to choose how to confirm.
    #[error("another browser asked")]
    Elsewhere,
    /// It is not the password of the account.
    #[error("the password is wrong")]
    WrongPassword,
    /// Too many tries for this account or from this network.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: std::time::Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ConfirmByLinkError);

impl From<CredentialsError> for ConfirmByLinkError {
    fn from(error: CredentialsError) -> Self {
        match error {
            CredentialsError::Wrong => Self::WrongPassword,
            CredentialsError::Throttled { retry_after } => Self::Throttled { retry_after },
            CredentialsError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl ConfirmByLink<'_> {
    fn standing(&self, proof: &AddressProof) -> LinkStanding {
        let is_browser =
            self.cookie.is_some_and(|cookie| BrowserHash::of(cookie).0 == proof.browser_hash);
        let is_user = self.principal.is_some_and(|it| proof.user_id == Some(it.user_id));
        if is_browser || is_user { LinkStanding::Here } else { LinkStanding::Elsewhere }
    }
}

impl Registration<'_> {
    /// Returns the effect that the link would have here. Spends nothing.
    pub async fn check_link(
        self,
        link: ConfirmByLink<'_>,
    ) -> Result<ProofLink, ConfirmByLinkError> {
        let (hash, now) = (link.token.hash(PURPOSE), self.0.clock.now());
        let found = self.0.store.address_proofs().find_even_used(&hash, now).await?;
        let proof = found.filter(|proof| proof.purpose == ProofPurpose::SignUp);
        let proof = proof.ok_or(ConfirmByLinkError::InvalidToken)?;
        let user_id = proof.user_id.ok_or(ConfirmByLinkError::InvalidToken)?;
        let user = self.0.store.users().find(user_id).await?;
        let user = user.filter(|user| user.disabled_at.is_none() && user.email == proof.email);
        let user = user.ok_or(ConfirmByLinkError::InvalidToken)?;
        match (proof.used_at, user.confirmed_at) {
            (None, _) => Ok(ProofLink::Confirms(user.email, link.standing(&proof))),
            (Some(_), Some(_)) => Ok(ProofLink::Used(user.email)),
            (Some(_), None) => Err(ConfirmByLinkError::InvalidToken),
        }
    }

    /// Confirms the address and spends the link. In another browser than the one that asked, it
    /// needs the password, or ends it with all sessions.
    pub async fn confirm_by_link(
        self,
        link: ConfirmByLink<'_>,
        how: Confirmation,
        client: &Client,
    ) -> Result<Confirmed, ConfirmByLinkError> {
        let (email, standing) = match self.check_link(link).await? {
            ProofLink::Confirms(email, standing) => (email, standing),
            ProofLink::Used(email) => return Err(ConfirmByLinkError::Used(email)),
        };
        let confirmed = match (how, standing) {
            (Confirmation::Here, LinkStanding::Elsewhere) => {
                return Err(ConfirmByLinkError::Elsewhere);
            }
            (Confirmation::Here, LinkStanding::Here) => {
                let (tx, user) = self.use_link(link, client).await?;
                tx.commit().await?;
                Confirmed::Kept(user.email)
            }
            (Confirmation::Password(password), _) => {
                let given = GivenCredentials { email, password };
                Box::pin(self.confirm_by_password(link, given, client)).await?
            }
            (Confirmation::NewPassword, _) => {
                let (tx, user) = self.use_link(link, client).await?;
                let token = self.void_password(&tx, &user, client, self.0.clock.now()).await?;
                tx.commit().await?;
                Confirmed::Renewed(token)
            }
        };
        tracing::info!("address confirmed by link");
        Ok(confirmed)
    }

    /// Counted and refused like a log-in, and on success one.
    async fn confirm_by_password(
        self,
        link: ConfirmByLink<'_>,
        given: GivenCredentials,
        client: &Client,
    ) -> Result<Confirmed, ConfirmByLinkError> {
        let device = self.0.known_device(link.device, &given.email).await?;
        let attempt = Attempt::Confirmation;
        let proven = self.0.check_log_in_credentials(attempt, given, device.as_ref(), client);
        let (Proven { user, hash }, counted_try) = proven.await?;
        let (tx, confirmed) = self.use_link(link, client).await?;
        if confirmed.id != user.id {
            return Err(ConfirmByLinkError::InvalidToken);
        }
        tx.commit().await?;
        let proven = (Proven { user: confirmed, hash }, counted_try);
        let way = WayIn::ConfirmationLink;
        let wish = LogInWish { way, remember: false, next_path: None, device, remembered: None };
        match self.0.begin_session(proven, wish, client).await? {
            Begun::Session(logged_in) => Ok(Confirmed::LoggedIn(logged_in)),
            Begun::Pending(cookie) => Ok(Confirmed::SecondFactor(cookie)),
            Begun::Outdated => Err(ConfirmByLinkError::WrongPassword),
        }
    }

    /// Spends the link and confirms the address of its user, once the transaction commits.
    async fn use_link(
        self,
        link: ConfirmByLink<'_>,
        client: &Client,
    ) -> Result<(WriteTx, User), ConfirmByLinkError> {
        let (token, now) = (link.token.hash(PURPOSE), self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let found = tx.address_proofs().find(&token, now).await?;
        let found = found.ok_or(ConfirmByLinkError::InvalidToken)?;
        // The account before its proof, as everywhere: else two wait for each other.
        let holder = tx.users().lock_by_email(&found.email).await?;
        let spent = tx.address_proofs().spend(&token, now).await?;
        let proof = spent.ok_or(ConfirmByLinkError::InvalidToken)?;
        let holder = holder.map(|(user, _)| user).filter(|user| {
            let is_enabled = user.disabled_at.is_none();
            is_enabled && Some(user.id) == proof.user_id && proof.purpose == ProofPurpose::SignUp
        });
        let user = holder.ok_or(ConfirmByLinkError::InvalidToken)?;
        confirm(&tx, user.id, Origin::owner(client), now).await?;
        Ok((tx, User { confirmed_at: user.confirmed_at.or(Some(now)), ..user }))
    }

    /// Takes away password and sessions, and gives the owner the means to set another
    /// password.
    async fn void_password(
        self,
        tx: &WriteTx,
        user: &User,
        client: &Client,
        now: Timestamp,
    ) -> Result<Token, StoreError> {
        replace_password(tx, user.id, &PasswordHash::unusable()).await?;
        record(tx, user.id, SecurityEvent::PasswordVoided, Origin::owner(client), now).await?;
        let token = Token::generate();
        let expires_at = now + self.0.settings.accounts.reset_lifetime;
        tx.tokens().insert(&new_token(&token, user.id, expires_at), now).await?;
        Ok(token)
    }
}
