//! A log-in that the address is not proven for yet: it leads to the mail.

use domain::{EmailAddress, UserId};
use store::{AddressProof, StoreError};

use super::{
    Addressee, BrowserHash, NewAccount, ProofCookie, mailbox::owes_proof, new_proof, retried,
    submission::returning,
};
use crate::{Client, Fault, context::Context, pace::in_step, throttle};

/// A log-in with a right password before the address is confirmed.
#[derive(Clone, Debug)]
pub(crate) struct Unproven {
    pub(crate) email: EmailAddress,
    /// The account; none for a sign-up with the address of another account.
    pub(crate) user_id: Option<UserId>,
}

impl Context {
    /// Lets this browser wait for the proof after a right password. Another mail goes out only if
    /// the last one is at least a minute old.
    pub(crate) async fn wait_for_proof(
        &self,
        unproven: &Unproven,
        client: &Client,
    ) -> Result<ProofCookie, Fault> {
        let cookie = ProofCookie::generate();
        in_step(retried(|| self.try_wait(unproven, cookie.hash(), client))).await?;
        self.outbox.wake();
        Ok(cookie)
    }

    async fn try_wait(
        &self,
        unproven: &Unproven,
        browser: BrowserHash,
        client: &Client,
    ) -> Result<(), StoreError> {
        let (Unproven { email, user_id }, now) = (unproven, self.clock.now());
        let tx = self.store.begin().await?;
        let proofs = tx.address_proofs();
        let last = proofs.find_of_sign_up(email, now).await?;
        let last = last.filter(|last| last.user_id == *user_id);
        let taken = match &last {
            Some(last) => self.take_resend(&tx, last, now).await?,
            None => throttle::take(&tx, &[self.throttle.proof_of_address(email)], now).await?,
        };
        let returning = returning(&tx, email, now).await?;
        let found = tx.users().lock_by_email(email).await?.map(|(user, _)| user);
        let user = found.clone().filter(|user| Some(user.id) == *user_id && owes_proof(user));
        match (taken, last, user) {
            (Err(_), Some(last), _) => proofs.rebind(&last.token_hash, browser.0).await?,
            (Ok(()), _, Some(user)) => {
                self.queue_proof(&tx, Addressee::Unproven(&user, None), browser, now).await?;
            }
            (Ok(()), Some(AddressProof { pending: Some(pending), .. }), None) => {
                let new = NewAccount { email: email.clone(), pending };
                let found = found.or(returning);
                self.reapply_sign_up(&tx, &new, found, browser, (client, now)).await?;
            }
            _ => proofs.insert(new_proof(email, browser, now)).await?,
        }
        tx.commit().await
    }
}
