//! An account with an unproven address must not keep the address from the owner of the mailbox: a
//! stranger could otherwise block an address by signing up with it.
//!
//! It is removed, with its sessions, as it would be once its time to be confirmed is over.

use domain::{Role, Timestamp, Token, TokenPurpose, User, UserId};
use store::{ProofPurpose, SessionEnding, StoreError, WriteTx};

use crate::services::OwnAccount;

/// Whether the account gives the address up. A disabled account does not, because the operator
/// knows it.
pub(super) fn may_be_removed(user: &User) -> bool {
    user.confirmed_at.is_none() && user.disabled_at.is_none() && user.role == Role::USER
}

impl OwnAccount<'_> {
    /// Removes the account that has the address of the token, if it gives way to the user;
    /// says which that was. Both users are locked, in one order wherever there are two.
    pub(super) async fn remove_unconfirmed_holder(
        self,
        tx: &WriteTx,
        user_id: UserId,
        token: &Token,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let hash = token.hash(TokenPurpose::ProveAddress);
        let proof = tx.address_proofs().find(&hash, now).await?;
        let proof = proof.filter(|proof| proof.purpose == ProofPurpose::EmailChange);
        let Some(proof) = proof else { return Ok(None) };
        let found = tx.users().find_by_email(&proof.email).await?;
        let Some((found, _)) = found.filter(|(found, _)| found.id != user_id) else {
            return Ok(None);
        };
        let mut both = [user_id, found.id];
        both.sort_unstable_by_key(|id| *id.as_bytes());
        for id in both {
            tx.users().lock(id).await?;
        }
        // As it is by now: it may have been confirmed, or have left the address.
        let holder = tx.users().find(found.id).await?;
        let gives = |holder: &User| holder.email == proof.email && may_be_removed(holder);
        let Some(holder) = holder.filter(gives) else { return Ok(None) };
        tx.sessions().delete_of_user(holder.id, SessionEnding::All).await?;
        tx.users().delete_unconfirmed(holder.id).await?;
        Ok(Some(holder.id))
    }
}
