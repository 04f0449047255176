//! What people say of themselves: the name that they are called by, and the language
//! that they read.

use domain::{DisplayName, Language, Principal, SecurityEvent};

use crate::{
    Accounts, Client, Fault,
    timeline::{Origin, record},
};

impl Accounts {
    /// Calls the principal by another name, everywhere and from the next page on. The
    /// name that they have is no change.
    pub async fn change_name(
        &self,
        principal: &Principal,
        name: &DisplayName,
        client: &Client,
    ) -> Result<(), Fault> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let changed = tx.users().set_name(user_id, name).await?;
        if changed {
            record(&tx, user_id, SecurityEvent::NameChanged, Origin::owner(client), now).await?;
        }
        tx.commit().await?;
        tracing::info!(%user_id, changed, "name changed");
        Ok(())
    }

    /// Writes mails to the principal in this language from now on.
    pub async fn change_language(
        &self,
        principal: &Principal,
        language: Language,
    ) -> Result<(), Fault> {
        let tx = self.0.store.begin().await?;
        tx.users().set_language(principal.user_id, language).await?;
        Ok(tx.commit().await?)
    }
}
