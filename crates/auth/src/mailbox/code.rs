//! Proving an address by the code in the mail, typed into the browser that asked.

use domain::{ConfirmationCode, EmailAddress, Timestamp, Token, UserId};
use store::{AddressProof, StoreError, WriteTx};

use crate::{
    Client, Fault,
    address_proof::{BrowserHash, PURPOSE, confirm},
    fault::ending_in_fault,
    services::Registration,
    timeline::Origin,
};

/// The result of a right code.
#[derive(Clone, Debug)]
pub enum CodeAccepted {
    /// The account has this address, which is confirmed.
    Confirmed(EmailAddress),
    /// The token that makes the account of the sign-up, as the link of the mail does.
    SignUp(Token),
}

/// Why a code proved nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmByCodeError {
    /// The browser asked for no proof, or too long ago.
    #[error("there is nothing to prove")]
    NoProof,
    /// The address was confirmed already.
    #[error("the address is confirmed already")]
    Used,
    /// It is another code, or that of an account that is disabled.
    #[error("the code is wrong")]
    Wrong,
    /// There were ten wrong ones; it takes another mail.
    #[error("too many wrong codes")]
    NoTryLeft,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ConfirmByCodeError);

impl Registration<'_> {
    /// Proves the address that the browser with this cookie asked to prove. Every try is counted
    /// before it is checked; there are ten.
    pub async fn confirm_by_code(
        self,
        cookie: &str,
        code: &ConfirmationCode,
        client: &Client,
    ) -> Result<CodeAccepted, ConfirmByCodeError> {
        let (browser, now) = (BrowserHash::of(cookie), self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let owner = find_current(&tx, browser, now).await?.user_id;
        // Locks the account before its proof, in the order of every other use case: otherwise two
        // transactions could wait for each other.
        if let Some(owner) = owner {
            tx.users().lock(owner).await?;
        }
        let Some(proof) = tx.address_proofs().take_try(&browser.0, now).await? else {
            find_current(&tx, browser, now).await?;
            return Err(ConfirmByCodeError::NoTryLeft);
        };
        let is_right = owner == proof.user_id && self.0.is_code_of(&proof, code);
        let accepted = match (is_right, proof.user_id) {
            (false, _) => None,
            (true, None) => Some(CodeAccepted::SignUp(new_link(&tx, &proof).await?)),
            (true, Some(id)) => confirm_user(&tx, id, &proof, client, now).await?,
        };
        tx.commit().await?;
        accepted.ok_or_else(|| {
            tracing::info!("a wrong confirmation code");
            if proof.tries_left == 0 {
                ConfirmByCodeError::NoTryLeft
            } else {
                ConfirmByCodeError::Wrong
            }
        })
    }
}

async fn find_current(
    tx: &WriteTx,
    browser: BrowserHash,
    now: Timestamp,
) -> Result<AddressProof, ConfirmByCodeError> {
    let found = tx.address_proofs().find_of_browser(&browser.0, now).await?;
    let found = found.ok_or(ConfirmByCodeError::NoProof)?;
    if found.used_at.is_some() {
        return Err(ConfirmByCodeError::Used);
    }
    Ok(found)
}

/// A link beside that of the mail, which stays valid: the mail may be open on another device too.
async fn new_link(tx: &WriteTx, proof: &AddressProof) -> Result<Token, StoreError> {
    let token = Token::generate();
    let beside = AddressProof {
        token_hash: token.hash(PURPOSE),
        browser_hash: BrowserHash::unusable().0,
        tries_left: 0,
        ..proof.clone()
    };
    tx.address_proofs().insert(beside).await?;
    tracing::info!("sign-up confirmed by code");
    Ok(token)
}

/// Confirms the address of the account, unless it is disabled.
async fn confirm_user(
    tx: &WriteTx,
    user_id: UserId,
    proof: &AddressProof,
    client: &Client,
    now: Timestamp,
) -> Result<Option<CodeAccepted>, StoreError> {
    if tx.users().lock_enabled(user_id).await?.is_none() {
        return Ok(None);
    }
    confirm(tx, user_id, Origin::owner(client), now).await?;
    tracing::info!(%user_id, "address confirmed by code");
    Ok(Some(CodeAccepted::Confirmed(proof.email.clone())))
}
