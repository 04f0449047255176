//! Refused passwords: a log line for each, and for log-ins an entry in the timeline of the account.
//!
//! The notes are kept in memory and written down together a moment later, so that an answer
//! takes as long for an address without an account (ENU-01), and a flood of tries causes a
//! few writes. A crash loses the last notes and no more. Log lines name no address.

use domain::UserId;
use store::{NewRefusals, StoreError, WriteTx};

use crate::{
    Client, Fault,
    context::Context,
    refusal_notes::{Attempt, Key, Refusal},
};

impl Context {
    /// Logs the refusal, and notes that of a log-in for the account, if there is one.
    /// One within a session is in the log alone: it changes nothing of the account.
    pub(crate) fn note_refusal(&self, refusal: Refusal, client: &Client) {
        let Refusal { attempt, user_id, reason } = refusal;
        let user = user_id.map(|id| id.to_string());
        let network = client.logged.as_deref();
        match (attempt, reason.is_throttled()) {
            (Attempt::LogIn | Attempt::Confirmation, false) => {
                tracing::info!(user_id = user, %reason, network, "log-in refused");
            }
            (Attempt::LogIn | Attempt::Confirmation, true) => {
                tracing::info!(user_id = user, %reason, network, "log-in throttled");
            }
            (Attempt::InSession, false) => {
                tracing::info!(user_id = user, %reason, network, "password refused");
            }
            (Attempt::InSession, true) => {
                tracing::info!(user_id = user, %reason, network, "password throttled");
            }
        }
        if let (Attempt::LogIn | Attempt::Confirmation, Some(user_id)) = (attempt, user_id) {
            self.refusals.add(user_id, refusal, client, self.clock.now());
        }
    }

    /// Waits until there is something for [`Self::save_refusals`] to do.
    pub(crate) async fn refusal_noted(&self) {
        self.refusals.added().await;
    }

    /// Writes the noted refusals down, one account after the other. Those that cannot be written
    /// are kept for the next time.
    pub(crate) async fn save_refusals(&self) -> Result<(), Fault> {
        for user_id in self.refusals.users() {
            let taken = self.refusals.take(user_id);
            if let Err(error) = self.save_refusals_of(user_id, &taken).await {
                self.refusals.put_back(taken);
                return Err(error.into());
            }
        }
        Ok(())
    }

    async fn save_refusals_of(
        &self,
        user_id: UserId,
        taken: &[(Key, NewRefusals)],
    ) -> Result<(), StoreError> {
        let tx = self.store.begin().await?;
        if tx.users().lock(user_id).await? {
            insert(&tx, user_id, taken).await?;
        }
        tx.commit().await
    }

    /// As [`Self::save_refusals`] for one locked user, when `tx` commits.
    pub(crate) async fn insert_refusals(
        &self,
        tx: &WriteTx,
        user_id: UserId,
    ) -> Result<(), StoreError> {
        let taken = self.refusals.take(user_id);
        insert(tx, user_id, &taken).await.inspect_err(|_| self.refusals.put_back(taken))
    }
}

async fn insert(
    tx: &WriteTx,
    user_id: UserId,
    taken: &[(Key, NewRefusals)],
) -> Result<(), StoreError> {
    for (_, note) in taken {
        tx.security_events().insert_refusals(user_id, note).await?;
    }
    Ok(())
}
