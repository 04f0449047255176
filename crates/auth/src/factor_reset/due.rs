//! The steps of a wait: a notice each day, and at its end the removal of the factors.

use std::time::Duration;

use domain::{Timestamp, UserId};

use crate::{Fault, services::Operations, timeline::Origin};

/// How often due steps are looked for.
pub(crate) const INTERVAL: Duration = Duration::from_mins(5);
/// Most accounts of one pass; the next goes on.
const MAX: u64 = 1_000;

impl Operations<'_> {
    /// Takes every step that is due, and returns how many. A failure of one does not stop the
    /// others; it is tried again at the next pass.
    pub async fn continue_factor_resets(self) -> Result<u64, Fault> {
        let now = self.0.clock.now();
        let mut taken = 0;
        for user_id in self.0.store.users().list_factor_resets(now, MAX).await? {
            match self.continue_factor_reset(user_id, now).await {
                Ok(is_taken) => taken += u64::from(is_taken),
                Err(fault) => tracing::error!(%user_id, %fault, "a factor reset could not go on"),
            }
        }
        if taken > 0 {
            self.0.outbox.wake();
        }
        Ok(taken)
    }

    /// It may have been stopped, or continued by another server, since it was found.
    async fn continue_factor_reset(self, user_id: UserId, now: Timestamp) -> Result<bool, Fault> {
        let tx = self.0.store.begin().await?;
        let Some(user) = tx.users().lock_enabled(user_id).await? else { return Ok(false) };
        let step = tx.users().find_factor_reset_step(user_id).await?;
        let (Some(at), Some(step)) = (user.factor_reset_at, step) else { return Ok(false) };
        if step > now {
            return Ok(false);
        }
        if at <= now {
            self.0.reset_factors(&tx, &user, Origin::ABSENT_OWNER, now).await?;
        } else {
            self.0.tell_of_wait(&tx, &user, at, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}
