//! The passkeys that an account accepts, by which authenticators forget those that were removed.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::Principal;
use serde_json::json;

use crate::{Fault, services::Credentials};

impl Credentials<'_> {
    /// The credential ids of the principal's passkeys, as JSON for `signalAllAcceptedCredentials`.
    /// `None` where browsers have no passkeys.
    pub async fn list_accepted_passkeys(
        self,
        principal: &Principal,
    ) -> Result<Option<String>, Fault> {
        let Some(relying_party) = &self.0.relying_party else { return Ok(None) };
        let stored = self.0.store.passkeys().list(principal.user_id).await?;
        let ids = stored.iter().map(|it| BASE64_URL_SAFE_NO_PAD.encode(&it.credential_id));
        let accepted = json!({
            "rpId": relying_party.id(),
            "userId": BASE64_URL_SAFE_NO_PAD.encode(principal.user_id.as_bytes()),
            "allAcceptedCredentialIds": ids.collect::<Vec<_>>(),
        });
        Ok(Some(accepted.to_string()))
    }
}
