//! Mails the link and the code that confirm the address of an account.

use std::time::Duration;

use domain::{EmailAddress, Principal, Timestamp, User, UserId};
use store::{AddressProof, ProofPurpose, StoreError, WriteTx};

use super::{BrowserHash, PROOF_LIFETIME, ProofCookie, RESEND_PAUSE, retry_on_conflict};
use crate::{
    Fault,
    context::Context,
    mail::messages,
    services::Registration,
    throttle::{self, Refused},
};

/// The reason why no mail was sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResendProofError {
    /// The account does not exist, is disabled, or has a confirmed address.
    #[error("there is nothing to prove")]
    NoProof,
    /// The last mail was sent less than a minute ago, or this address got too many.
    #[error("too soon")]
    TooSoon {
        /// How long to wait before the next request.
        retry_after: Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

pub(crate) type Resent = Result<(), ResendProofError>;

impl Registration<'_> {
    /// Mails the principal a proof of address. The returned cookie binds it to this browser.
    pub async fn send_proof(self, principal: &Principal) -> Result<ProofCookie, ResendProofError> {
        let (id, email) = (principal.user_id, &principal.email);
        let cookie = ProofCookie::generate();
        retry_on_conflict(|| self.0.try_send_proof((id, email), cookie.hash())).await??;
        self.0.outbox.wake();
        Ok(cookie)
    }
}

impl Context {
    /// Binds the proof of the user's address to this browser, after a correct password. Mails
    /// another proof unless the last one is less than a minute old or a limit is reached.
    pub(crate) async fn wait_for_proof(&self, user: &User) -> Result<ProofCookie, Fault> {
        let cookie = ProofCookie::generate();
        let wait = || self.try_send_proof((user.id, &user.email), cookie.hash());
        match retry_on_conflict(wait).await? {
            Ok(()) | Err(ResendProofError::NoProof) => {}
            Err(ResendProofError::TooSoon { .. }) => {
                self.rebind(user.id, cookie.hash()).await?;
            }
            Err(ResendProofError::Fault(fault)) => return Err(fault),
        }
        self.outbox.wake();
        Ok(cookie)
    }

    /// Binds the user's latest proof to this browser instead of the browser that requested it.
    async fn rebind(&self, user_id: UserId, browser: BrowserHash) -> Result<(), StoreError> {
        let (tx, now) = (self.store.begin().await?, self.clock.now());
        let proofs = tx.address_proofs();
        if let Some(last) = proofs.find_of_user(user_id, ProofPurpose::SignUp, now).await? {
            proofs.rebind(&last.token_hash, browser.0).await?;
        }
        tx.commit().await
    }

    async fn try_send_proof(
        &self,
        (user_id, email): (UserId, &EmailAddress),
        browser: BrowserHash,
    ) -> Result<Resent, StoreError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let last = tx.address_proofs().find_of_user(user_id, ProofPurpose::SignUp, now).await?;
        // Locks the count before the account, like all requests for a proof, to prevent deadlocks.
        let taken = match &last {
            Some(last) => self.take_resend(&tx, last, now).await?,
            None => throttle::take(&tx, &[self.throttle.proof_of_address(email)], now).await?,
        };
        let found = tx.users().lock_by_email(email).await?.map(|(user, _)| user);
        let is_own = |user: &User| user.id == user_id && needs_proof(user);
        let Some(user) = found.filter(is_own) else { return Ok(Err(ResendProofError::NoProof)) };
        if let Err(Refused { retry_after }) = taken {
            tx.commit().await?;
            return Ok(Err(ResendProofError::TooSoon { retry_after }));
        }
        self.queue_proof(&tx, &user, browser, now).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Stores a new proof for the unconfirmed user and queues the mail with its link and its code.
    pub(crate) async fn queue_proof(
        &self,
        tx: &WriteTx,
        user: &User,
        browser: BrowserHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let of = self.envelope(PROOF_LIFETIME, now);
        let secrets = self.proof_secrets(of.id);
        let mail = messages::confirm_address(&of, user, &secrets.code);
        let mail_id = Some(tx.outbox().insert(mail, now).await?);
        let to = (browser, mail_id);
        let proof = self.new_proof(&user.email, Some(user.id), &secrets, to, now);
        tx.address_proofs().insert(proof).await
    }

    /// Counts another mail to the address. Refuses it if the last one was sent less than a minute
    /// ago, or if there were too many.
    pub(crate) async fn take_resend(
        &self,
        tx: &WriteTx,
        last: &AddressProof,
        now: Timestamp,
    ) -> Result<Result<(), Refused>, StoreError> {
        let age = now - last.created_at;
        if let Some(rest) = RESEND_PAUSE.checked_sub(age).filter(|rest| !rest.is_zero()) {
            return Ok(Err(Refused { retry_after: rest }));
        }
        throttle::take(tx, &[self.throttle.proof_of_address(&last.email)], now).await
    }
}

/// Returns whether the user may be mailed a proof of address. A disabled account gets none, because
/// the proof would become valid when the account is enabled again (LOG-06).
pub(crate) const fn needs_proof(user: &User) -> bool {
    user.confirmed_at.is_none() && user.disabled_at.is_none()
}
