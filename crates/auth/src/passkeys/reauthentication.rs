//! A passkey in place of the password within a session: it proves two factors at once, so nothing
//! else is asked for (OWASP ASVS 5.0, 7.5.1).

use domain::{Principal, RefusalReason};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{
    ceremony::{CeremonyPurpose, PasskeyAnswer, PasskeyCeremony},
    proof::SpentCeremony,
};
use crate::{
    Client,
    refusal_notes::{Attempt, Refusal},
    services::Sessions,
    sudo::{ConfirmPasswordError, PasskeyUse, PasswordProof},
};

impl Sessions<'_> {
    /// Asks for a passkey of the principal, for the form with this token. Writes nothing. `None` if
    /// the account has none, or where browsers have none.
    pub fn begin_passkey_again(
        self,
        principal: &Principal,
        form_token: &str,
    ) -> Option<PasskeyCeremony> {
        if !principal.keys.has_passkey {
            return None;
        }
        let purpose = CeremonyPurpose::Reauthentication(principal.user_id);
        self.0.begin_passkey_use(purpose, &[], form_token)
    }

    /// Whether the principal has used a passkey just now. Records the use.
    pub async fn prove_passkey_again(
        self,
        principal: &Principal,
        answer: PasskeyAnswer,
        client: &Client,
    ) -> Result<PasswordProof, ConfirmPasswordError> {
        let user_id = principal.user_id;
        let purpose = CeremonyPurpose::Reauthentication(user_id);
        let bucket = self.0.throttle.login_of_client(client);
        let state = match self.0.spend_ceremony(&answer, purpose, bucket).await? {
            SpentCeremony::<DiscoverableAuthentication>::Fresh(state) => state,
            SpentCeremony::Expired => return Err(ConfirmPasswordError::PasskeyExpired),
            SpentCeremony::Throttled(refused) => {
                let reason = RefusalReason::ThrottledClient;
                let refusal =
                    Refusal { attempt: Attempt::InSession, user_id: Some(user_id), reason };
                self.0.note_refusal(refusal, client);
                let retry_after = refused.retry_after;
                return Err(ConfirmPasswordError::Throttled { retry_after });
            }
        };
        let credential = answer.parse::<PublicKeyCredential>();
        let credential = credential.ok_or(ConfirmPasswordError::WrongPasskey)?;
        let (tx, now) = (self.0.store.begin().await?, self.0.clock.now());
        match self.0.prove_passkey(&tx, (state, &credential), Some(user_id), now).await? {
            Ok(proven) => {
                tx.commit().await?;
                Ok(PasswordProof::by_passkey(PasskeyUse { user_id, passkey: proven.passkey.id }))
            }
            Err(refusal) => {
                self.0.refuse_passkey(tx, (Attempt::InSession, refusal), client).await?;
                Err(ConfirmPasswordError::WrongPasskey)
            }
        }
    }
}
