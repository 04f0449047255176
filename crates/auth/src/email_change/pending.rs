//! The change of address that waits for its link: which one it is, another mail, and cancelling it.
//! Its owner sees the same whether or not another account has the address (ENU-04).

use std::time::Duration;

use domain::{EmailAddress, Principal, SecurityEvent, Timestamp};
use store::ProofPurpose;

use super::RequestEmailChangeError;
use crate::{
    Client, Fault, RESEND_PAUSE,
    fault::ending_in_fault,
    services::OwnAccount,
    timeline::{Origin, record},
};

const PURPOSE: ProofPurpose = ProofPurpose::EmailChange;

/// A change of address that waits for its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEmailChange {
    /// The new address.
    pub email: EmailAddress,
    /// The time of the latest mail.
    pub asked_at: Timestamp,
}

/// Why there is no other mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResendEmailChangeError {
    /// No change is pending.
    #[error("no change is pending")]
    NonePending,
    /// The last mail was sent less than a minute ago.
    #[error("the last mail is too young")]
    TooSoon {
        /// When to try again.
        retry_after: Duration,
    },
    /// The change was refused.
    #[error(transparent)]
    Request(#[from] RequestEmailChangeError),
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ResendEmailChangeError);

impl OwnAccount<'_> {
    /// Returns the change of the principal's address that waits for its link.
    pub async fn find_pending_email_change(
        self,
        principal: &Principal,
    ) -> Result<Option<PendingEmailChange>, Fault> {
        let (proofs, now) = (self.0.store.address_proofs(), self.0.clock.now());
        let found = proofs.find_of_user(principal.user_id, PURPOSE, now).await?;
        Ok(found.map(|proof| PendingEmailChange { email: proof.email, asked_at: proof.created_at }))
    }

    /// Mails another link to the new address, which voids the one before. A minute has to lie
    /// between two.
    pub async fn resend_email_change(
        self,
        principal: &Principal,
        client: &Client,
    ) -> Result<(), ResendEmailChangeError> {
        let pending = self.find_pending_email_change(principal).await?;
        let pending = pending.ok_or(ResendEmailChangeError::NonePending)?;
        let age = self.0.clock.now() - pending.asked_at;
        if let Some(retry_after) = RESEND_PAUSE.checked_sub(age).filter(|rest| !rest.is_zero()) {
            return Err(ResendEmailChangeError::TooSoon { retry_after });
        }
        Ok(self.request_email_change(principal, &pending.email, client).await?)
    }

    /// Voids the link to the new address. A change that is not pending any more is no error.
    pub async fn cancel_email_change(
        self,
        principal: &Principal,
        client: &Client,
    ) -> Result<(), Fault> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let tx = self.0.store.begin().await?;
        tx.users().lock(user_id).await?;
        let pending = tx.address_proofs().find_of_user(user_id, PURPOSE, now).await?;
        let Some(pending) = pending else { return Ok(()) };
        tx.address_proofs().delete_of_user(user_id, PURPOSE).await?;
        if let Some(mail_id) = pending.mail_id {
            tx.outbox().delete_waiting(mail_id).await?;
        }
        let event = SecurityEvent::EmailChangeCancelled;
        record(&tx, user_id, event, Origin::owner(client), now).await?;
        tx.commit().await?;
        tracing::info!(%user_id, "change of address cancelled");
        Ok(())
    }
}
