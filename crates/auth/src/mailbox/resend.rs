//! Another mail for the browser that waits for one. Link and code of the one before are void.

use domain::{Timestamp, User};
use store::{AddressProof, StoreError, WriteTx};

use crate::{
    Client, SignupMode,
    address_proof::{BrowserHash, ResendProofError, Resent, needs_proof, retry_on_conflict},
    services::Registration,
    throttle::Refused,
};

impl Registration<'_> {
    /// Sends the browser with this cookie another mail. A minute has to lie between two.
    pub async fn resend_proof(self, cookie: &str, client: &Client) -> Resent {
        let browser = BrowserHash::of(cookie);
        retry_on_conflict(|| self.try_resend(browser, client)).await??;
        self.0.outbox.wake();
        Ok(())
    }

    async fn try_resend(self, browser: BrowserHash, client: &Client) -> Result<Resent, StoreError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let Some(proof) = tx.address_proofs().find_of_browser(&browser.0, now).await? else {
            return Ok(Err(ResendProofError::NoProof));
        };
        let resent = self.resend(&tx, &proof, browser, (client, now)).await?;
        tx.commit().await?;
        Ok(resent)
    }

    /// Queues another mail of the same wish, unless the last is too young.
    pub(super) async fn resend(
        self,
        tx: &WriteTx,
        proof: &AddressProof,
        browser: BrowserHash,
        (client, now): (&Client, Timestamp),
    ) -> Result<Resent, StoreError> {
        if proof.used_at.is_some() {
            return Ok(Err(ResendProofError::NoProof));
        }
        if let Err(Refused { retry_after }) = self.0.take_resend(tx, proof, now).await? {
            return Ok(Err(ResendProofError::TooSoon { retry_after }));
        }
        if proof.user_id.is_some() {
            let Some(user) = still_unproven(tx, proof).await? else {
                return Ok(Err(ResendProofError::NoProof));
            };
            self.0.queue_proof(tx, &user, browser, now).await?;
        } else if self.0.settings.accounts.signup == SignupMode::Closed {
            return Ok(Err(ResendProofError::NoProof));
        } else {
            self.0.queue_sign_up(tx, &proof.email, browser, (client, now)).await?;
        }
        Ok(Ok(()))
    }
}

/// The account that the proof is for, if it still has to be confirmed.
pub(super) async fn still_unproven(
    tx: &WriteTx,
    proof: &AddressProof,
) -> Result<Option<User>, StoreError> {
    let found = tx.users().lock_by_email(&proof.email).await?.map(|(user, _)| user);
    Ok(found.filter(|user| Some(user.id) == proof.user_id && needs_proof(user)))
}
