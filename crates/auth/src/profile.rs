//! The display name of a user, and the language of the mails.

use std::time::Duration;

use domain::{DisplayName, Language, Principal, SecurityEvent};

use crate::{
    Client, Fault,
    fault::ending_in_fault,
    services::OwnAccount,
    throttle::{self, Refused},
    timeline::{Origin, record},
};

/// Why the name stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeNameError {
    /// It was changed too often.
    #[error("too many changes")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ChangeNameError);

impl OwnAccount<'_> {
    /// Calls the principal by another name, everywhere and from the next page on. The
    /// name that they have is no change.
    pub async fn change_name(
        self,
        principal: &Principal,
        name: &DisplayName,
        client: &Client,
    ) -> Result<(), ChangeNameError> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let changed = tx.users().set_name(user_id, name).await?;
        if changed {
            let bucket = self.0.throttle.name_change_of_account(user_id);
            if let Err(Refused { retry_after }) = throttle::take(&tx, &[bucket], now).await? {
                tracing::info!(%user_id, "change of name throttled");
                return Err(ChangeNameError::Throttled { retry_after });
            }
            record(&tx, user_id, SecurityEvent::NameChanged, Origin::owner(client), now).await?;
        }
        tx.commit().await?;
        tracing::info!(%user_id, changed, "name changed");
        Ok(())
    }

    /// Sets the language of the principal's mails. Writes nothing and takes no lock if it is
    /// already set.
    pub async fn change_language(
        self,
        principal: &Principal,
        language: Language,
    ) -> Result<(), Fault> {
        let user = self.0.store.users().find(principal.user_id).await?;
        if user.is_none_or(|user| user.language == language) {
            return Ok(());
        }
        let tx = self.0.store.begin().await?;
        tx.users().set_language(principal.user_id, language).await?;
        Ok(tx.commit().await?)
    }
}
