//! Proving an address by the code in the mail, typed into the browser that asked.

use domain::{ConfirmationCode, User, UserId};
use store::{AddressProof, ProofPurpose};

use super::{BrowserHash, confirm};
use crate::{Client, Fault, fault::ending_in_fault, services::Registration, timeline::Origin};

/// Why a code proved nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmByCodeError {
    /// The browser asked for no proof, or too long ago.
    #[error("there is nothing to prove")]
    NoProof,
    /// It is another code, or that of an account that is disabled.
    #[error("the code is wrong")]
    Wrong,
    /// There were ten wrong ones; it takes another mail.
    #[error("too many wrong codes")]
    NoTryLeft,
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ConfirmByCodeError);

impl Registration<'_> {
    /// Confirms the address that the browser with this cookie asked to prove. Every try is counted
    /// before it is checked; there are ten.
    pub async fn confirm_by_code(
        self,
        cookie: &str,
        code: &ConfirmationCode,
        client: &Client,
    ) -> Result<UserId, ConfirmByCodeError> {
        let (browser, now) = (BrowserHash::of(cookie), self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let proofs = tx.address_proofs();
        let found = proofs.find_of_browser(&browser.0, now).await?;
        let owner = found.and_then(|proof| proof.user_id);
        // Locks the account before its proof, in the order of every other use case: otherwise two
        // transactions could wait for each other. Without an account a random id is locked, so that
        // the time is the same.
        let locked = tx.users().lock(owner.unwrap_or_else(UserId::generate)).await;
        locked?;
        let Some(proof) = proofs.take_try(&browser.0, now).await? else {
            let found = proofs.find_of_browser(&browser.0, now).await?;
            return Err(match found {
                Some(_) => ConfirmByCodeError::NoTryLeft,
                None => ConfirmByCodeError::NoProof,
            });
        };
        let proven = match self.proven_user(&proof, code).filter(|id| owner == Some(*id)) {
            Some(user_id) => tx.users().lock_enabled(user_id).await?,
            None => None,
        };
        let Some(User { id: user_id, .. }) = proven else {
            tx.commit().await?;
            tracing::info!("a wrong confirmation code");
            return Err(match proof.tries_left {
                0 => ConfirmByCodeError::NoTryLeft,
                _ => ConfirmByCodeError::Wrong,
            });
        };
        proofs.spend(&proof.token_hash, now).await?;
        confirm(&tx, user_id, Origin::owner(client), now).await?;
        tx.commit().await?;
        tracing::info!(%user_id, "address confirmed by code");
        Ok(user_id)
    }

    fn proven_user(self, proof: &AddressProof, code: &ConfirmationCode) -> Option<UserId> {
        let parts = [proof.email.as_str().as_bytes(), code.as_bytes()];
        let is_right = self.0.code_key.verify(&parts, &proof.code_mac);
        proof.user_id.filter(|_| is_right && proof.purpose == ProofPurpose::SignUp)
    }
}
