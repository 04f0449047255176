//! The page that waits for a mail: where the mail is, and how to ask for another. A decoy proof,
//! which has no user, behaves the same.

use std::time::Duration;

use domain::{EmailAddress, Principal, Timestamp, User};
use store::{AddressProof, MailState, StoreError, WriteTx};

use super::{
    Addressee, BrowserHash, NewAccount, ProofCookie, RESEND_PAUSE, retried, submission::returning,
};
use crate::{
    Client, Fault,
    context::Context,
    mail,
    pace::in_step,
    services::Registration,
    throttle::{self, Refused},
};

/// The mail that a browser waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingMailbox {
    /// Where the mail goes.
    pub email: EmailAddress,
    /// Where the mail is.
    pub mail: MailProgress,
}

/// Where a mail is, as far as its recipient cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailProgress {
    /// It is about to be sent.
    Queued,
    /// It could not be sent yet and is tried again.
    Delayed(DelayReason),
    /// The mail server has it.
    Sent,
    /// It will never be sent.
    Failed,
    /// There were too many to this address, so there was none.
    Withheld,
}

/// Why a mail is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelayReason {
    /// The mail server cannot be reached.
    Unreachable,
    /// The mail server does not take it now.
    Refused,
}

/// Why no other mail was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResendProofError {
    /// There is nothing to prove.
    #[error("there is nothing to prove")]
    NoProof,
    /// The last mail is too young, or there were too many to this address.
    #[error("too soon")]
    TooSoon {
        /// When to ask again.
        retry_after: Duration,
    },
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

pub(super) type Resent = Result<(), ResendProofError>;

impl MailProgress {
    /// Whether nothing more will become of the mail.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Withheld)
    }
}

impl From<MailState> for MailProgress {
    fn from(state: MailState) -> Self {
        match state {
            MailState::Queued => Self::Queued,
            MailState::Sent => Self::Sent,
            MailState::Failed { .. } => Self::Failed,
            MailState::Delayed { error } if mail::is_reply(&error) => {
                Self::Delayed(DelayReason::Refused)
            }
            MailState::Delayed { .. } => Self::Delayed(DelayReason::Unreachable),
        }
    }
}

impl Registration<'_> {
    /// Finds the mail that the browser with this cookie waits for.
    pub async fn find_waiting_mailbox(self, cookie: &str) -> Result<Option<WaitingMailbox>, Fault> {
        let (browser, now) = (BrowserHash::of(cookie), self.0.clock.now());
        let proofs = self.0.store.address_proofs();
        let Some(proof) = proofs.find_of_browser(&browser.0, now).await? else { return Ok(None) };
        let mail = match proof.mail_id {
            None => MailProgress::Withheld,
            Some(id) => {
                let state = self.0.store.outbox().find_state(id).await?;
                state.map_or(MailProgress::Sent, MailProgress::from)
            }
        };
        Ok(Some(WaitingMailbox { email: proof.email, mail }))
    }

    /// Sends the browser with this cookie another mail; link and code of the one
    /// before are void. A minute has to lie between two.
    pub async fn resend_proof(self, cookie: &str, client: &Client) -> Resent {
        let browser = BrowserHash::of(cookie);
        in_step(retried(|| self.try_resend(browser, client))).await??;
        self.0.outbox.wake();
        Ok(())
    }

    async fn try_resend(self, browser: BrowserHash, client: &Client) -> Result<Resent, StoreError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let Some(proof) = tx.address_proofs().find_of_browser(&browser.0, now).await? else {
            return Ok(Err(ResendProofError::NoProof));
        };
        let resent = self.resend(&tx, proof, browser, (client, now)).await?;
        tx.commit().await?;
        Ok(resent)
    }

    /// Queues another mail of the same wish, unless the last is too young.
    pub(super) async fn resend(
        self,
        tx: &WriteTx,
        proof: AddressProof,
        browser: BrowserHash,
        (client, now): (&Client, Timestamp),
    ) -> Result<Resent, StoreError> {
        if let Err(Refused { retry_after }) = self.0.take_resend(tx, &proof, now).await? {
            return Ok(Err(ResendProofError::TooSoon { retry_after }));
        }
        // Read for every address: the time of the answer must not tell them apart.
        let returning = returning(tx, &proof.email, now).await?;
        match (still_unproven(tx, &proof).await?, proof) {
            (Some((user, _)), AddressProof { pending, .. }) => {
                self.0.queue_proof(tx, Addressee::Unproven(&user, pending), browser, now).await?;
            }
            (None, AddressProof { user_id: None, email, pending: Some(pending), .. }) => {
                let new = NewAccount { email, pending };
                let found = tx.users().lock_by_email(&new.email).await?.map(|(user, _)| user);
                let found = found.or(returning);
                self.0.reapply_sign_up(tx, &new, found, browser, (client, now)).await?;
            }
            (None, _) => return Ok(Err(ResendProofError::NoProof)),
        }
        Ok(Ok(()))
    }

    /// Sends the principal a mail to prove the address with, for this browser.
    pub async fn send_proof(self, principal: &Principal) -> Result<ProofCookie, ResendProofError> {
        let cookie = ProofCookie::generate();
        retried(|| self.try_send_proof(principal, cookie.hash())).await??;
        self.0.outbox.wake();
        Ok(cookie)
    }

    async fn try_send_proof(
        self,
        principal: &Principal,
        browser: BrowserHash,
    ) -> Result<Resent, StoreError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let email = &principal.email;
        let last = tx.address_proofs().find_of_sign_up(email, now).await?;
        let last = last.filter(|last| last.user_id == Some(principal.user_id));
        // The count before the account, as everywhere: else two wait for each other.
        let taken = match &last {
            Some(last) => self.0.take_resend(&tx, last, now).await?,
            None => throttle::take(&tx, &[self.0.throttle.proof_of_address(email)], now).await?,
        };
        let found = tx.users().lock_by_email(email).await?.map(|(user, _)| user);
        let is_own = |user: &User| user.id == principal.user_id && owes_proof(user);
        let Some(user) = found.filter(is_own) else { return Ok(Err(ResendProofError::NoProof)) };
        if let Err(Refused { retry_after }) = taken {
            tx.commit().await?;
            return Ok(Err(ResendProofError::TooSoon { retry_after }));
        }
        self.0.queue_proof(&tx, Addressee::Unproven(&user, None), browser, now).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }
}

impl Context {
    /// Counts a mail to the address, unless the last is too young or there were too many.
    pub(super) async fn take_resend(
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

/// The account that the proof is for, if it still has to be confirmed.
pub(super) async fn still_unproven(
    tx: &WriteTx,
    proof: &AddressProof,
) -> Result<Option<(User, String)>, StoreError> {
    let Some(user_id) = proof.user_id else { return Ok(None) };
    let found = tx.users().lock_by_email(&proof.email).await?;
    Ok(found.filter(|(user, _)| user.id == user_id && owes_proof(user)))
}

/// Whether a proof of the address is to be mailed: one to an account that is disabled
/// would be good once it is enabled (LOG-06).
pub(super) const fn owes_proof(user: &User) -> bool {
    user.confirmed_at.is_none() && user.disabled_at.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_mail_has_a_reason_that_a_visitor_understands() {
        let reason = |error: &str| MailProgress::from(MailState::Delayed { error: error.into() });

        assert_eq!(
            reason("the mail server replied 451"),
            MailProgress::Delayed(DelayReason::Refused)
        );
        for error in ["the mail server took too long", "Connection error"] {
            assert_eq!(reason(error), MailProgress::Delayed(DelayReason::Unreachable));
        }
    }
}
