//! Proving an address by the link in the mail. Looking at it spends nothing: mail
//! scanners follow links.

use domain::{Principal, SecurityEvent, Timestamp, Token, User};
use store::{AddressProof, PendingSignUp, ProofPurpose, SignedUpWith, StoreError, WriteTx};

use super::{BrowserHash, PURPOSE, confirm, new_proof};
use crate::{
    Client, Fault,
    fault::ending_in_fault,
    password::PasswordHash,
    password_reset::{new_token, replace_password},
    services::Registration,
    timeline::{Origin, record},
};

/// Whether a browser is the one that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStanding {
    /// It is, or the very user is logged in there.
    Here,
    /// Another browser follows the link. The person may not be the one who set the password.
    Elsewhere,
}

/// The command: a visitor follows a link that proves an address.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmByLink<'a> {
    /// The token of the mailed link.
    pub token: &'a Token,
    /// The value of the browser's proof cookie.
    pub cookie: Option<&'a str>,
    /// The user who is logged in there.
    pub principal: Option<&'a Principal>,
}

/// The result of a confirmation.
#[derive(Clone, Debug)]
pub enum Confirmed {
    /// The account, as it was made.
    Here,
    /// An account without a password, and the token that sets one.
    Elsewhere(Token),
}

/// Why nothing was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmByLinkError {
    /// The token is unknown, used, replaced or expired, or its account is disabled.
    #[error("the token is invalid")]
    InvalidToken,
    /// It would void the password, which the visitor was not told.
    #[error("another browser asked")]
    Elsewhere,
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ConfirmByLinkError);

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
    ) -> Result<LinkStanding, ConfirmByLinkError> {
        let (hash, now) = (link.token.hash(PURPOSE), self.0.clock.now());
        let found = self.0.store.address_proofs().find(&hash, now).await?;
        let proof = found.filter(|proof| proof.purpose == ProofPurpose::SignUp);
        let proof = proof.ok_or(ConfirmByLinkError::InvalidToken)?;
        if let Some(user_id) = proof.user_id {
            let user = self.0.store.users().find(user_id).await?;
            let is_enabled = user.is_some_and(|user| user.disabled_at.is_none());
            is_enabled.then_some(()).ok_or(ConfirmByLinkError::InvalidToken)?;
        }
        Ok(link.standing(&proof))
    }

    /// Confirms the address and spends the link. In another browser than the one that asked, the
    /// password and the sessions end; `shown` says that the visitor has accepted this.
    pub async fn confirm_by_link(
        self,
        link: ConfirmByLink<'_>,
        shown: LinkStanding,
        client: &Client,
    ) -> Result<Confirmed, ConfirmByLinkError> {
        let (token, now) = (link.token.hash(PURPOSE), self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let proofs = tx.address_proofs();
        let found = proofs.find(&token, now).await?;
        let found = found.ok_or(ConfirmByLinkError::InvalidToken)?;
        // The account before its proof, as everywhere: else two wait for each other.
        let holder = tx.users().lock_by_email(&found.email).await?;
        let spent = proofs.spend(&token, now).await?;
        let proof = spent.ok_or(ConfirmByLinkError::InvalidToken)?;
        let holder = holder.filter(|(user, _)| {
            let is_enabled = user.disabled_at.is_none();
            is_enabled && Some(user.id) == proof.user_id && proof.purpose == ProofPurpose::SignUp
        });
        let (user, hash) = holder.ok_or(ConfirmByLinkError::InvalidToken)?;
        let confirmed = match (link.standing(&proof), shown) {
            (LinkStanding::Elsewhere, LinkStanding::Here) => {
                return Err(ConfirmByLinkError::Elsewhere);
            }
            (LinkStanding::Here, _) => Confirmed::Here,
            (LinkStanding::Elsewhere, LinkStanding::Elsewhere) => {
                let signed_up = proof.pending.as_ref().map(|pending| pending.signed_up);
                let before = PendingSignUp {
                    name: user.name.clone(),
                    password_hash: hash,
                    signed_up: signed_up.unwrap_or(SignedUpWith::ThisAddress),
                };
                let left = AddressProof {
                    mail_id: proof.mail_id,
                    tries_left: proof.tries_left,
                    created_at: proof.created_at,
                    expires_at: proof.expires_at,
                    pending: Some(before),
                    ..new_proof(&proof.email, BrowserHash(proof.browser_hash), now)
                };
                tx.address_proofs().insert(left).await?;
                let void = self.void_password(&tx, &user, client, now).await;
                Confirmed::Elsewhere(void?)
            }
        };
        confirm(&tx, user.id, Origin::owner(client), now).await?;
        tx.commit().await?;
        tracing::info!(user_id = %user.id, "address confirmed by link");
        Ok(confirmed)
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
