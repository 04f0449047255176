//! The passkeys of an account: listed, renamed and removed by their owner.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{DisplayName, FactorId, FactorKind, Passkey, Principal};
use serde_json::json;

use crate::{
    Client, Fault,
    factors::{Factor, RemoveFactorError},
    services::Credentials,
};

/// The passkeys of a user.
#[derive(Clone, Debug)]
pub struct OwnPasskeys {
    /// The passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
    /// The credential ids that are valid, as JSON for `signalAllAcceptedCredentials`, by which
    /// authenticators forget the others. `None` where browsers have no passkeys.
    pub accepted: Option<String>,
}

impl Credentials<'_> {
    /// Returns the passkeys of the principal.
    pub async fn list_passkeys(self, principal: &Principal) -> Result<OwnPasskeys, Fault> {
        let stored = self.0.store.passkeys().list(principal.user_id).await?;
        let accepted = self.0.relying_party.as_ref().map(|relying_party| {
            let ids = stored.iter().map(|it| BASE64_URL_SAFE_NO_PAD.encode(&it.credential_id));
            json!({
                "rpId": relying_party.id(),
                "userId": BASE64_URL_SAFE_NO_PAD.encode(principal.user_id.as_bytes()),
                "allAcceptedCredentialIds": ids.collect::<Vec<_>>(),
            })
            .to_string()
        });
        let passkeys = stored.into_iter().map(|stored| stored.passkey).collect();
        Ok(OwnPasskeys { passkeys, accepted })
    }

    /// Renames a passkey of the principal. Returns `false` if there is no such passkey.
    pub async fn rename_passkey(
        self,
        principal: &Principal,
        id: FactorId,
        name: &DisplayName,
    ) -> Result<bool, Fault> {
        let tx = self.0.store.begin().await?;
        let renamed = tx.passkeys().set_name(principal.user_id, id, name).await?;
        tx.commit().await?;
        Ok(renamed)
    }

    /// Removes a passkey of the principal. Every other session ends.
    pub async fn remove_passkey(
        self,
        principal: &Principal,
        id: FactorId,
        client: &Client,
    ) -> Result<(), RemoveFactorError> {
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(principal.user_id).await?;
        let user = user.ok_or(RemoveFactorError::SessionEnded)?;
        let open = self.0.lock_sessions(&tx, principal).await?;
        open.ok_or(RemoveFactorError::SessionEnded)?;
        let removed = tx.passkeys().delete(user.id, id).await?;
        let removed = removed.ok_or(RemoveFactorError::NoSuchFactor)?;
        if !self.0.keeps_a_way_in(&tx, user.id).await? {
            return Err(RemoveFactorError::LastWayIn);
        }
        let factor = Factor { kind: FactorKind::Passkey, name: &removed.passkey.name };
        self.0.factor_removed(&tx, &user, (factor, principal.session_key), client).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "passkey removed");
        Ok(())
    }
}
