//! A passkey in place of the password within a session: it proves two factors at once, so nothing
//! else is asked for (OWASP ASVS 5.0, 7.5.1).

use domain::{Assurance, Principal, RefusalReason, SecurityEvent, Token};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{
    ceremony::{CeremonyPurpose, PasskeyAnswer, PasskeyCeremony},
    proof::SpentCeremony,
};
use crate::{
    Client,
    refusal_notes::{Attempt, Refusal},
    services::Sessions,
    session::{RenewedSession, SessionId},
    sudo::{ConfirmPasswordError, PasskeyUse, PasswordConfirmed, PasswordProof},
    timeline::{Origin, record},
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

    /// Notes the use of the passkey, as [`Self::confirm_password`] does for a password.
    pub(crate) async fn confirm_passkey(
        self,
        principal: &Principal,
        PasskeyUse { user_id, passkey }: PasskeyUse,
        form: Option<&Token>,
        client: &Client,
    ) -> Result<PasswordConfirmed, ConfirmPasswordError> {
        let (id, now) = (SessionId::generate(), self.0.clock.now());
        let new = id.key();
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(user_id).await?;
        let user = user.filter(|user| user.id == principal.user_id);
        let user = user.ok_or(ConfirmPasswordError::Ended)?;
        // It may have been removed since.
        let is_there =
            tx.passkeys().list(user_id).await?.iter().any(|stored| stored.passkey.id == passkey);
        if !is_there {
            return Err(ConfirmPasswordError::WrongPasskey);
        }
        if !tx.sessions().set_authenticated(&principal.session_key, &new, now).await? {
            return Err(ConfirmPasswordError::Ended);
        }
        tx.sessions().set_factor(&new, &new, Assurance::Passkey, now).await?;
        self.0.stop_factor_reset(&tx, &user, Origin::owner(client), now).await?;
        record(&tx, user_id, SecurityEvent::Reauthenticated, Origin::owner(client), now).await?;
        let form = match form {
            Some(token) => self.take_saved_submission(&tx, user_id, token).await?,
            None => None,
        };
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(%user_id, "passkey used again");
        // The note of its last use was made under the old id.
        self.0.last_seen.note(new, now);
        let principal = Principal {
            session_key: new,
            authenticated_at: now,
            assurance: Assurance::Passkey,
            factor_at: Some(now),
            second_factor_since: user.second_factor_since,
            factor_reset_at: None,
            ..Principal::clone(principal)
        };
        Ok(PasswordConfirmed { session: RenewedSession { principal, id }, form })
    }
}
