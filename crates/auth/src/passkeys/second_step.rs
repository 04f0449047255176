//! A passkey as the second step of a log-in.
//!
//! A try is counted with those of codes, though a passkey cannot be guessed: no kind of factor is a
//! way around the count of another (MFA-02), and the owner is told of wrong ones alike (MFA-12).

use domain::UserId;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{
    ceremony::{CeremonyPurpose, PasskeyAnswer, PasskeyCeremony},
    proof::{PasskeyRefusal, SpentCeremony},
};
use crate::{
    Client, Fault,
    pending_log_in::{Finish, FinishedLogIn, PendingKey, SecondStep},
    refusal_notes::{Attempt, Refusal},
    second_step::SecondStepError,
    services::Sessions,
    ways_in::WayIn,
};

/// The command: finish a pending log-in by a passkey.
#[derive(Clone, Debug)]
pub struct LogInByPasskey<'a> {
    /// The value of the cookie of the pending log-in.
    pub cookie: &'a str,
    /// The answer of the authenticator.
    pub answer: PasskeyAnswer,
    /// The value of the browser's device cookie.
    pub device: Option<&'a str>,
}

impl Sessions<'_> {
    /// Asks for a passkey of the user who gave the right password, for the form with this token.
    /// Writes nothing. `None` where browsers have no passkeys.
    pub async fn begin_passkey_step(
        self,
        step: &SecondStep,
        form_token: &str,
    ) -> Result<Option<PasskeyCeremony>, Fault> {
        let known = self.0.store.passkeys().list(step.user_id).await?;
        Ok(self.0.begin_passkey_use(CeremonyPurpose::SecondStep, &known, form_token))
    }

    /// Finishes a pending log-in with a passkey of its user.
    pub async fn log_in_by_passkey(
        self,
        step: LogInByPasskey<'_>,
        client: &Client,
    ) -> Result<FinishedLogIn, SecondStepError> {
        let result = Box::pin(self.try_passkey(step, client)).await;
        self.0.count_second_step(&result);
        result
    }

    async fn try_passkey(
        self,
        step: LogInByPasskey<'_>,
        client: &Client,
    ) -> Result<FinishedLogIn, SecondStepError> {
        let key = PendingKey::of(step.cookie);
        let user_id = self.0.take_second_step_try(key, client).await?;
        let spent = self.0.spend_ceremony(&step.answer, CeremonyPurpose::SecondStep, None).await?;
        let SpentCeremony::<DiscoverableAuthentication>::Fresh(state) = spent else {
            return Err(SecondStepError::PasskeyExpired);
        };
        let Some(credential) = step.answer.parse::<PublicKeyCredential>() else {
            return self.refuse_step(user_id, PasskeyRefusal::wrong(Some(user_id)), client).await;
        };
        let device = self.known_device_of_passkey(&credential, step.device).await?;
        let (tx, now) = (self.0.store.begin().await?, self.0.clock.now());
        let proven = self.0.prove_passkey(&tx, (state, &credential), Some(user_id), now).await?;
        let user = match proven {
            Ok(proven) => proven.user,
            Err(refusal) => {
                // The notice of a copied passkey is in it.
                tx.commit().await?;
                return self.refuse_step(user_id, refusal, client).await;
            }
        };
        let finish = Finish { way: WayIn::PasskeyAsSecondStep, remember_browser: false, device };
        let finished = self.0.finish_pending(&tx, (key, user), finish, client).await?;
        let finished = finished.ok_or(SecondStepError::NoPendingLogIn)?;
        self.0.give_back_code_try(&tx, user_id).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        Ok(finished)
    }

    /// Notes the refusal, and counts a wrong factor of the user who gave the right password.
    async fn refuse_step(
        self,
        user_id: UserId,
        refusal: PasskeyRefusal,
        client: &Client,
    ) -> Result<FinishedLogIn, SecondStepError> {
        let PasskeyRefusal { user_id: of_passkey, reason } = refusal;
        let noted = Refusal { attempt: Attempt::LogIn, user_id: of_passkey, reason };
        self.0.note_refusal(noted, client);
        self.0.count_wrong_factor(user_id, client).await?;
        Err(SecondStepError::WrongPasskey)
    }
}
