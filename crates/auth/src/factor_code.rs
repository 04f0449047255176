//! Checks the code of a second factor, and uses it up: for a log-in, and within a session.
//!
//! A check changes nothing and costs no run of Argon2 for an app, and one for a recovery code,
//! whether there is such a code or not. Spending is a conditional write, so that of many uses of a
//! code at once, anywhere, one succeeds (MFA-01).

use domain::{FactorId, Password, SecondFactorCode, SecurityEvent, User, UserId};
use store::{AuthenticationApp, SealedSecret, StoreError, WriteTx};

use crate::{
    Client, Fault, Seldom,
    authentication_app::AppSecret,
    context::Context,
    mail::FactorNews,
    password::{MatchTime, PasswordHash, PasswordMatch},
    timeline::{Origin, record},
};

/// What the sealed secret of an app is bound to, with the user and the app.
const PURPOSE: &[u8] = b"authentication app";

/// A code that is right and not used up yet. Does not print itself.
pub(crate) enum ProvenCode {
    /// Of an app, at a step.
    App {
        id: FactorId,
        step: i64,
        /// The secret under the present key, if an earlier one sealed it.
        sealed_anew: Option<SealedSecret>,
    },
    /// A recovery code.
    Recovery { place: String, hash: String },
}

impl Context {
    /// Checks the code against the factors of the user. `None` if it is wrong.
    pub(crate) async fn check_code(
        &self,
        user_id: UserId,
        code: &SecondFactorCode,
    ) -> Result<Option<ProvenCode>, Fault> {
        match code {
            SecondFactorCode::App(code) => {
                let apps = self.store.authentication_apps().list(user_id).await?;
                let now = self.clock.now();
                let step = |app: &AuthenticationApp| {
                    let secret = self.open_secret(user_id, app)?;
                    secret.check(code, now).map(|step| (secret, step))
                };
                let found = apps.iter().find_map(|app| step(app).map(|found| (app, found)));
                Ok(found.map(|(app, (secret, step))| {
                    let is_current = app.secret.key_id == self.sealing.current_id();
                    let sealed_anew =
                        (!is_current).then(|| self.seal_secret(user_id, app.id, &secret));
                    ProvenCode::App { id: app.id, step, sealed_anew: sealed_anew.flatten() }
                }))
            }
            SecondFactorCode::Recovery(code) => {
                let place = code.place();
                let hash = self.store.recovery_codes().find_hash(user_id, &place).await?;
                let stored = hash.clone().map(PasswordHash::from_stored);
                let secret = Password::parse(&code.secret()).map_err(|_| Fault::Internal)?;
                let verified = self.hasher.verify(&secret, stored.as_ref(), MatchTime::OfTheHash);
                let is_right = matches!(verified.await?, PasswordMatch::Match { .. });
                let hash = hash.filter(|_| is_right);
                Ok(hash.map(|hash| ProvenCode::Recovery { place, hash }))
            }
        }
    }

    /// Uses the code up, once `tx` commits. `false` if it was used meanwhile. The owner is told of a
    /// recovery code. The caller has locked the user.
    pub(crate) async fn spend_code(
        &self,
        tx: &WriteTx,
        user: &User,
        code: &ProvenCode,
        client: &Client,
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        match code {
            ProvenCode::App { id, step, sealed_anew } => {
                let apps = tx.authentication_apps();
                if !apps.use_step(user.id, *id, *step, now).await? {
                    return Ok(false);
                }
                if let Some(secret) = sealed_anew {
                    apps.set_secret(*id, secret.clone()).await?;
                }
            }
            ProvenCode::Recovery { place, hash } => {
                if !tx.recovery_codes().spend(user.id, place, hash, now).await? {
                    return Ok(false);
                }
                let event = SecurityEvent::RecoveryCodeUsed;
                record(tx, user.id, event, Origin::owner(client), now).await?;
                let codes = tx.recovery_codes().list(user.id).await?;
                let left = codes.iter().filter(|code| code.used_at.is_none()).count();
                self.queue_factor_notice(tx, user, FactorNews::RecoveryCodeUsed { left }).await?;
            }
        }
        Ok(true)
    }

    /// The secret of an app, unless no key that is configured opens it.
    fn open_secret(&self, user_id: UserId, app: &AuthenticationApp) -> Option<AppSecret> {
        let opened =
            self.sealing.open(&[PURPOSE, user_id.as_bytes(), app.id.as_bytes()], &app.secret);
        let secret = opened.as_deref().and_then(|bytes| AppSecret::from_bytes(bytes));
        if secret.is_none() {
            static LOCKED: Seldom = Seldom::new();
            if let Some(left_out) = LOCKED.due() {
                tracing::error!(
                    %user_id,
                    left_out,
                    "no key opens the secret of an authentication app; set secret_key_previous"
                );
            }
        }
        secret
    }

    pub(crate) fn seal_secret(
        &self,
        user_id: UserId,
        id: FactorId,
        secret: &AppSecret,
    ) -> Option<SealedSecret> {
        let parts: [&[u8]; 3] = [PURPOSE, user_id.as_bytes(), id.as_bytes()];
        self.sealing.seal(&parts, secret.as_bytes())
    }
}
