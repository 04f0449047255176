//! Proving an address: by the link in a mail, or by the code beside it in the browser
//! that asked.
//!
//! A visitor who proves an address in another browser may not be the person who set the password:
//! the password and every session end (pre-hijacking, REG-12). Where no answer may tell who has an
//! account, a taken address gets a decoy: a proof without a user that does the same work without
//! confirming anything.

mod code;
mod correction;
mod link;
mod mailbox;
mod submission;
mod waiting;

use std::{fmt, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    ConfirmationCode, EmailAddress, SecurityEvent, Timestamp, Token, TokenPurpose, User, UserId,
    random,
};
use sha2::{Digest, Sha256};
use store::{AddressProof, PendingSignUp, ProofPurpose, StoreError, WriteTx};

pub use self::{
    code::ConfirmByCodeError,
    correction::CorrectAddressError,
    link::{ConfirmByLink, ConfirmByLinkError, Confirmed, LinkStanding},
    mailbox::{DelayReason, MailProgress, ResendProofError, WaitingMailbox},
};
pub(crate) use self::{submission::NewAccount, waiting::Unproven};
use crate::{
    Fault,
    context::Context,
    mail::messages,
    timeline::{Origin, record},
};

/// How long link and code are good for, and the cookie with them.
pub const PROOF_LIFETIME: Duration = Duration::from_hours(24);
/// How long a browser waits before it may ask for another mail.
pub const RESEND_PAUSE: Duration = Duration::from_mins(1);
/// Wrong codes that are heard.
const TRIES: u32 = 10;
/// Tries of a transaction that another one got in the way of.
const ATTEMPTS: u32 = 5;

const PURPOSE: TokenPurpose = TokenPurpose::ProveAddress;

/// Identifies the browser that asked for a proof: 128 random bits; does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ProofCookie(String);

/// The hash of a browser's cookie, as the store keeps it.
#[derive(Clone, Copy)]
pub(crate) struct BrowserHash(pub(crate) [u8; 32]);

/// The recipient that a mail is written for.
pub(crate) enum Addressee<'a> {
    /// The owner of an unconfirmed account, with the pending sign-up if it was for another address.
    Unproven(&'a User, Option<PendingSignUp>),
    /// The owner of an account; a sign-up came with its address.
    Owner(&'a User, Option<PendingSignUp>),
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
}

impl Context {
    /// Queues the mail for a proof and stores the proof.
    pub(crate) async fn queue_proof(
        &self,
        tx: &WriteTx,
        addressee: Addressee<'_>,
        browser: BrowserHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (of, code) = (self.envelope(PROOF_LIFETIME, now), ConfirmationCode::generate());
        let (email, mail) = match &addressee {
            Addressee::Unproven(user, _) => {
                (&user.email, messages::confirm_address(&of, user, &code))
            }
            Addressee::Owner(user, _) => (&user.email, messages::account_exists(&of, user)),
        };
        let email = email.clone();
        let mail_id = Some(tx.outbox().insert(mail, now).await?);
        let (user_id, code_mac, pending) = match addressee {
            Addressee::Unproven(user, pending) => {
                (Some(user.id), self.code_mac(&email, &code), pending)
            }
            Addressee::Owner(_, pending) => (None, random::bytes(), pending),
        };
        let new = new_proof(&email, browser, now);
        let token_hash = self.link_key.token(of.id).hash(PURPOSE);
        let new = AddressProof { token_hash, user_id, code_mac, mail_id, pending, ..new };
        tx.address_proofs().insert(new).await
    }

    fn code_mac(&self, email: &EmailAddress, code: &ConfirmationCode) -> [u8; 32] {
        self.code_key.sign(&[email.as_str().as_bytes(), code.as_bytes()])
    }
}

/// A proof of nothing, of which no mail goes out.
fn new_proof(email: &EmailAddress, browser: BrowserHash, now: Timestamp) -> AddressProof {
    AddressProof {
        token_hash: Token::generate().hash(PURPOSE),
        browser_hash: browser.0,
        user_id: None,
        purpose: ProofPurpose::SignUp,
        email: email.clone(),
        code_mac: random::bytes(),
        tries_left: TRIES,
        mail_id: None,
        created_at: now,
        expires_at: now + PROOF_LIFETIME,
        pending: None,
    }
}

/// Confirms the user's address. Every other proof of the address is void from then on.
pub(crate) async fn confirm(
    tx: &WriteTx,
    user_id: UserId,
    origin: Origin<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.address_proofs().anonymize(user_id).await?;
    if tx.users().set_confirmed(user_id, now).await? {
        record(tx, user_id, SecurityEvent::AddressConfirmed, origin, now).await?;
    }
    Ok(())
}

/// Does it again where another transaction got in the way.
pub(crate) async fn retried<T, F>(attempt: impl Fn() -> F) -> Result<T, Fault>
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
