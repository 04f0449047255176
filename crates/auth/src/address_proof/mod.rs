//! Proving an address: by the link in a mail, or by the code beside it in the browser that asked.
//!
//! Here are the proofs of accounts that exist already ([`link`], [`request`]), and what they share
//! with sign-ups that make an account of a proven address ([`crate::sign_up`]): the secrets, and
//! the browser that waits for the mail ([`crate::mailbox`]).

mod link;
mod request;

use std::{fmt, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    ConfirmationCode, EmailAddress, SecurityEvent, Timestamp, Token, TokenPurpose, UserId, random,
};
use sha2::{Digest, Sha256};
use store::{AddressProof, MailId, ProofPurpose, StoreError, WriteTx};

pub(crate) use self::request::{Resent, needs_proof};
pub use self::{
    link::{ConfirmByLink, ConfirmByLinkError, Confirmation, Confirmed, LinkStanding, ProofLink},
    request::ResendProofError,
};
use crate::{
    Fault,
    context::Context,
    timeline::{Origin, record},
};

/// The lifetime of the link, the code and the cookie.
pub const PROOF_LIFETIME: Duration = Duration::from_hours(24);
/// How long a browser waits before it may ask for another mail.
pub const RESEND_PAUSE: Duration = Duration::from_mins(1);
/// Wrong codes after which a proof accepts no code.
const TRIES: u32 = 10;
/// The most attempts of a transaction that conflicts with another one.
const ATTEMPTS: u32 = 5;

pub(crate) const PURPOSE: TokenPurpose = TokenPurpose::ProveAddress;

/// Identifies the browser that asked for a proof: 128 random bits; does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ProofCookie(String);

/// The hash of a browser's cookie, as the store keeps it.
#[derive(Clone, Copy)]
pub(crate) struct BrowserHash(pub(crate) [u8; 32]);

/// The link and the code of a mail.
pub(crate) struct ProofSecrets {
    pub(crate) token: Token,
    pub(crate) code: ConfirmationCode,
}

impl ProofCookie {
    pub(crate) fn generate() -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>()))
    }

    /// The value, for the cookie alone.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> BrowserHash {
        BrowserHash::of(&self.0)
    }
}

impl fmt::Debug for ProofCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofCookie(…)")
    }
}

impl BrowserHash {
    pub(crate) fn of(cookie: &str) -> Self {
        Self(Sha256::digest(cookie.as_bytes()).into())
    }

    /// A random hash, which no cookie has.
    pub(crate) fn unusable() -> Self {
        Self(random::bytes())
    }
}

impl ProofSecrets {
    /// Random secrets, which no mail contains.
    pub(crate) fn unusable() -> Self {
        Self { token: Token::generate(), code: ConfirmationCode::generate() }
    }
}

impl Context {
    /// The secrets of the mail with this id.
    pub(crate) fn proof_secrets(&self, mail_id: MailId) -> ProofSecrets {
        let (token, code) = (self.link_key.token(mail_id), self.link_key.code(mail_id));
        ProofSecrets { token, code }
    }

    /// The proof of the address by these secrets: for the user, or for a sign-up without an
    /// account.
    pub(crate) fn new_proof(
        &self,
        email: &EmailAddress,
        user_id: Option<UserId>,
        ProofSecrets { token, code }: &ProofSecrets,
        (browser, mail_id): (BrowserHash, Option<MailId>),
        now: Timestamp,
    ) -> AddressProof {
        AddressProof {
            token_hash: token.hash(PURPOSE),
            browser_hash: browser.0,
            user_id,
            purpose: ProofPurpose::SignUp,
            email: email.clone(),
            code_mac: self.code_key.sign(&[email.as_str().as_bytes(), code.as_bytes()]),
            tries_left: TRIES,
            mail_id,
            created_at: now,
            expires_at: now + PROOF_LIFETIME,
            used_at: None,
        }
    }

    /// Whether the proof is one of a sign-up and the code is that of its mail.
    pub(crate) fn is_code_of(&self, proof: &AddressProof, code: &ConfirmationCode) -> bool {
        let parts = [proof.email.as_str().as_bytes(), code.as_bytes()];
        proof.purpose == ProofPurpose::SignUp && self.code_key.verify(&parts, &proof.code_mac)
    }
}

/// Confirms the user's address, and returns `false` if it was confirmed already. Every other proof
/// of it is spent from then on.
pub(crate) async fn confirm(
    tx: &WriteTx,
    user_id: UserId,
    origin: Origin<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    tx.address_proofs().spend_of_user(user_id, ProofPurpose::SignUp, now).await?;
    let is_new = tx.users().set_confirmed(user_id, now).await?;
    if is_new {
        record(tx, user_id, SecurityEvent::AddressConfirmed, origin, now).await?;
    }
    Ok(is_new)
}

/// Runs `attempt` again, up to [`ATTEMPTS`] times, while it ends with [`StoreError::Conflict`].
pub(crate) async fn retry_on_conflict<T, F>(attempt: impl Fn() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, StoreError>>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(StoreError::Conflict(_)) => {}
            other => return Ok(other?),
        }
    }
    Ok(attempt().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LGG-06.
    #[test]
    fn a_proof_cookie_has_128_bits_and_does_not_print_itself() {
        let cookie = ProofCookie::generate();

        assert_eq!(cookie.expose().len(), 22);
        assert_ne!(cookie, ProofCookie::generate());
        assert_eq!(format!("{cookie:?}"), "ProofCookie(…)");
    }
}
