//! Deletion of an account by its owner: request, cancellation, execution.
//!
//! The deletion takes place `accounts.deletion_grace` after the request. The request logs the user
//! out everywhere and mails the date until which the account can be kept. Meanwhile a log-in leads
//! to nothing but that choice, and links of earlier notices stay valid. Then all personal data is
//! deleted, and the timeline no longer names the account.

use domain::{Principal, SecurityEvent, Timestamp, User, UserId};
use store::{SessionEnding, StoreError, WriteTx};

use crate::{
    Client, Fault, PersonalData,
    fault::ending_in_fault,
    mail::deletion as mails,
    mail::notices::NOTICE_LIFETIME,
    revocation::{RevocationReason, revoke},
    services::{Operations, OwnAccount},
    timeline::{Origin, record},
};

/// Most accounts that one sweep deletes; the next goes on.
const MAX_DELETED: u64 = 10_000;

/// Why the account is not going to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestDeletionError {
    /// The last active admin cannot be deleted.
    #[error("the last admin stays one")]
    LastAdmin,
    /// The session that asks was ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(RequestDeletionError);

/// Why the account is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CancelDeletionError {
    /// The session that asks was ended meanwhile, or the account is gone.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(CancelDeletionError);

impl OwnAccount<'_> {
    /// Requests the deletion of the principal's account. Every session ends, every token is void,
    /// and a mail says until when the account can be kept.
    pub async fn request_deletion(
        self,
        principal: &Principal,
        client: &Client,
    ) -> Result<(), RequestDeletionError> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let delete_after = now + self.0.settings.accounts.deletion_grace;
        let tx = self.0.store.begin().await?;
        let is_last = tx.users().is_last_admin(user_id).await?;
        let open = self.0.lock_sessions(&tx, principal).await?;
        open.ok_or(RequestDeletionError::SessionEnded)?;
        if is_last {
            return Err(RequestDeletionError::LastAdmin);
        }
        let user = tx.users().find(user_id).await?.ok_or(RequestDeletionError::SessionEnded)?;
        tx.users().set_delete_after(user_id, Some(delete_after)).await?;
        revoke(&tx, user_id, RevocationReason::DeletionRequested).await?;
        let event = SecurityEvent::DeletionRequested;
        record(&tx, user_id, event, Origin::owner(client), now).await?;
        let of = self.0.notice_of_act(&tx, &user, now).await?;
        let mail = mails::requested(&of, &user, delete_after);
        self.0.queue_notice(&tx, &user, mail, now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(%user_id, "deletion of the account requested");
        Ok(())
    }

    /// Keeps the principal's account after all, and mails a notice. One that is not to
    /// be deleted stays as it is.
    pub async fn cancel_deletion(
        self,
        principal: &Principal,
        client: &Client,
    ) -> Result<(), CancelDeletionError> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let open = self.0.lock_sessions(&tx, principal).await?;
        open.ok_or(CancelDeletionError::SessionEnded)?;
        let user = tx.users().find(user_id).await?.ok_or(CancelDeletionError::SessionEnded)?;
        if !keep(&tx, user_id, Origin::owner(client), now).await? {
            return Ok(());
        }
        let of = self.0.notice_with_link(&tx, &user, now).await?;
        let mail = mails::cancelled(&of, &user);
        self.0.queue_notice(&tx, &user, mail, now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(%user_id, "deletion of the account taken back");
        Ok(())
    }
}

impl Operations<'_> {
    /// Deletes the accounts that are overdue and returns how many. A failure of one does not stop
    /// the others.
    pub(crate) async fn delete_overdue(self) -> Result<u64, Fault> {
        let now = self.0.clock.now();
        let overdue = self.0.store.users().list_to_delete(now, MAX_DELETED).await?;
        let mut deleted = 0;
        for user_id in overdue {
            match self.delete_if_overdue(user_id, now).await {
                Ok(is_deleted) => deleted += u64::from(is_deleted),
                Err(fault) => tracing::error!(%user_id, %fault, "an account was not deleted"),
            }
        }
        if deleted > 0 {
            self.0.outbox.wake();
        }
        Ok(deleted)
    }

    /// It may have been taken back, or deleted by another server, since it was found.
    async fn delete_if_overdue(self, user_id: UserId, now: Timestamp) -> Result<bool, Fault> {
        let tx = self.0.store.begin().await?;
        let Some(user) = tx.users().lock_to_delete(user_id).await? else { return Ok(false) };
        if user.delete_after.is_none_or(|moment| moment > now) {
            return Ok(false);
        }
        let own = self.0.settings.personal_data.as_deref();
        delete(&tx, &user, own, Origin::ABSENT_OWNER, now).await?;
        let mail = mails::done(&self.0.envelope(NOTICE_LIFETIME, now), &user);
        tx.outbox().insert(mail, now).await?;
        tx.commit().await?;
        tracing::info!(%user_id, "account deleted");
        Ok(true)
    }
}

/// Cancels the deletion of the user, whose row is locked. Returns `false` if no deletion was
/// pending.
pub(crate) async fn keep(
    tx: &WriteTx,
    user_id: UserId,
    origin: Origin<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if !tx.users().set_delete_after(user_id, None).await? {
        return Ok(false);
    }
    record(tx, user_id, SecurityEvent::DeletionCancelled, origin, now).await?;
    Ok(true)
}

/// Deletes the account and all personal data, those that the product holds (`own`) too, and records that an account was deleted, without
/// naming it. [`store::Users::lock_to_delete`] has locked the user.
pub(crate) async fn delete(
    tx: &WriteTx,
    user: &User,
    own: Option<&dyn PersonalData>,
    origin: Origin<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(own) = own {
        own.erase(tx, user.id).await?;
    }
    record(tx, user.id, SecurityEvent::Deleted, origin, now).await?;
    tx.security_events().anonymize(user.id).await?;
    tx.security_events().forget_actor(user.id).await?;
    tx.address_proofs().delete_of_address(&user.email).await?;
    tx.invitations().delete_of_address(&user.email).await?;
    tx.sessions().delete_of_user(user.id, SessionEnding::All).await?;
    tx.users().delete(user.id).await.map(drop)
}
