//! Giving the password again within a session (sudo mode), and the second factor of an account that
//! has one, or using a passkey in place of both. Sensitive actions require it when it was given too long ago, so that an open browser is
//! not an open account.

use std::{fmt, time::Duration};

use domain::{
    Assurance, FactorId, Password, Principal, RefusalReason, SecondFactorCode, SecurityEvent,
    Timestamp, Token, User, UserId,
};
use store::WriteTx;

use crate::{
    Client, Fault, SavedSubmission,
    credential_check::GivenCredentials,
    credentials::{CredentialsError, Proven},
    factor_code::ProvenCode,
    fault::ending_in_fault,
    refusal_notes::Attempt,
    services::Sessions,
    session::{RenewedSession, SessionId},
    throttle::Refused,
    timeline::{Origin, record},
};

/// A session in which the user has just given the password.
#[derive(Clone, Debug)]
pub struct PasswordConfirmed {
    /// The session, under its new id.
    pub session: RenewedSession,
    /// The form that waited for it.
    pub form: Option<SavedSubmission>,
}

/// What the user of a session gives again.
#[derive(Clone, Debug)]
pub struct Reauthenticate {
    /// The password.
    pub password: Password,
    /// The code of a second factor, where one is asked for.
    pub code: Option<SecondFactorCode>,
}

/// The proof that the principal's password was given, and a code where one is asked for. Does not
/// print itself.
pub struct PasswordProof(Proof);

/// A passkey that was just used in a session.
#[derive(Clone, Copy)]
pub(crate) struct PasskeyUse {
    pub(crate) user_id: UserId,
    pub(crate) passkey: FactorId,
}

/// What was given again.
enum Proof {
    Password(Box<GivenPassword>),
    Passkey(PasskeyUse),
}

/// A password, and a code where one is asked for.
struct GivenPassword {
    proven: Proven,
    code: Option<ProvenCode>,
}

/// Why the session is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmPasswordError {
    /// The password is another.
    #[error("wrong password")]
    WrongPassword,
    /// The password is right, and the code is wrong, was used, or is missing.
    #[error("wrong code")]
    WrongCode,
    /// The answer of the passkey is wrong, or it is another account's.
    #[error("wrong passkey")]
    WrongPasskey,
    /// The challenge of the passkey is too old, was answered before, or is of another form.
    #[error("the challenge has expired")]
    PasskeyExpired,
    /// Too many tries for this account or from this network.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// The session has ended, or goes on under another id.
    #[error("the session has ended")]
    Ended,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ConfirmPasswordError);

impl From<CredentialsError> for ConfirmPasswordError {
    fn from(error: CredentialsError) -> Self {
        match error {
            CredentialsError::Wrong => Self::WrongPassword,
            CredentialsError::Throttled { retry_after } => Self::Throttled { retry_after },
            CredentialsError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl fmt::Debug for PasswordProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordProof(…)")
    }
}

impl PasswordProof {
    fn of(proven: Proven, code: Option<ProvenCode>) -> Self {
        Self(Proof::Password(Box::new(GivenPassword { proven, code })))
    }

    pub(crate) const fn by_passkey(used: PasskeyUse) -> Self {
        Self(Proof::Passkey(used))
    }
}

impl Proof {
    /// The strength of the factor that was given, if one was.
    fn factor(&self) -> Option<Assurance> {
        match self {
            Self::Password(given) => given.code.as_ref().map(|_| Assurance::PasswordAndCode),
            Self::Passkey(_) => Some(Assurance::Passkey),
        }
    }
}

impl Sessions<'_> {
    /// Whether the principal gave the password a short while ago, as the setting
    /// `session.sudo_lifetime` has it, and a factor if the account has one.
    pub fn is_recent(self, principal: &Principal) -> bool {
        self.is_fresh(principal.authenticated_at) && !self.asks_for_code(principal)
    }

    /// Whether the principal has to give a code of a second factor with the password: the account
    /// has a factor, and none was given a short while ago.
    pub fn asks_for_code(self, principal: &Principal) -> bool {
        let is_fresh = principal.factor_at.is_some_and(|at| self.is_fresh(at));
        principal.second_factor_since.is_some() && !is_fresh
    }

    fn is_fresh(self, moment: Timestamp) -> bool {
        self.0.clock.now() - moment < self.0.settings.session.sudo_lifetime
    }

    /// Whether the principal knows the password, and has the factor where one is asked for. Changes
    /// nothing but the counts of tries. `device` is what the browser's device cookie holds.
    pub async fn prove_password(
        self,
        principal: &Principal,
        Reauthenticate { password, code }: Reauthenticate,
        device: Option<&str>,
        client: &Client,
    ) -> Result<PasswordProof, ConfirmPasswordError> {
        let credentials = GivenCredentials { email: principal.email.clone(), password };
        let proven = self.0.check_credentials(credentials, device, client).await?;
        if !self.asks_for_code(principal) {
            return Ok(PasswordProof::of(proven, None));
        }
        let code = code.ok_or(ConfirmPasswordError::WrongCode)?;
        let user_id = principal.user_id;
        let bucket = self.0.throttle.code_of_account(user_id);
        if let Err(Refused { retry_after }) = self.0.take(&[bucket]).await? {
            let (reason, attempt) = (RefusalReason::ThrottledCode, Attempt::InSession);
            self.0.note_code_refusal(user_id, reason, attempt, client);
            return Err(ConfirmPasswordError::Throttled { retry_after });
        }
        let code = self.0.check_code(user_id, &code).await?;
        if code.is_none() {
            self.0.refuse_code((user_id, Attempt::InSession), client).await?;
            return Err(ConfirmPasswordError::WrongCode);
        }
        Ok(PasswordProof::of(proven, code))
    }

    /// Notes the proof. The session gets a new id (ASVS 7.2.4), and the old one is invalid at once.
    /// The submission that was saved under the token is returned.
    pub async fn confirm_password(
        self,
        principal: &Principal,
        PasswordProof(proof): &PasswordProof,
        form: Option<&Token>,
        client: &Client,
    ) -> Result<PasswordConfirmed, ConfirmPasswordError> {
        let (id, now) = (SessionId::generate(), self.0.clock.now());
        let (user_id, new) = (principal.user_id, id.key());
        let tx = self.0.store.begin().await?;
        let (user, code) = match proof {
            Proof::Password(given) => {
                (self.lock_by_password(&tx, principal, given).await?, given.code.as_ref())
            }
            Proof::Passkey(used) => (self.lock_by_passkey(&tx, principal, *used).await?, None),
        };
        if !tx.sessions().set_authenticated(&principal.session_key, &new, now).await? {
            return Err(ConfirmPasswordError::Ended);
        }
        if let Some(code) = code {
            if !self.0.spend_code(&tx, &user, code, client).await? {
                drop(tx);
                self.0.refuse_code((user_id, Attempt::InSession), client).await?;
                return Err(ConfirmPasswordError::WrongCode);
            }
            self.0.give_back_code_try(&tx, user_id).await?;
        }
        let mut principal = Principal {
            session_key: new,
            authenticated_at: now,
            second_factor_since: user.second_factor_since,
            ..Principal::clone(principal)
        };
        if let Some(given) = proof.factor() {
            let assurance = principal.assurance.max(given);
            tx.sessions().set_factor(&new, &new, assurance, now).await?;
            self.0.stop_factor_reset(&tx, &user, Origin::owner(client), now).await?;
            let (factor_at, factor_reset_at) = (Some(now), None);
            principal = Principal { assurance, factor_at, factor_reset_at, ..principal };
        }
        record(&tx, user_id, SecurityEvent::Reauthenticated, Origin::owner(client), now).await?;
        let form = match form {
            Some(token) => self.take_saved_submission(&tx, user_id, token).await?,
            None => None,
        };
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(%user_id, "password or passkey given again");
        // The note of its last use was made under the old id.
        self.0.last_seen.note(new, now);
        Ok(PasswordConfirmed { session: RenewedSession { principal, id }, form })
    }
    /// Locks the account, unless the password has changed since it was checked. Another account may
    /// have the address by now.
    async fn lock_by_password(
        self,
        tx: &WriteTx,
        principal: &Principal,
        GivenPassword { proven, code }: &GivenPassword,
    ) -> Result<User, ConfirmPasswordError> {
        let current = tx.users().lock_credentials(principal.user_id).await?;
        let current = current
            .filter(|(user, hash)| user.id == proven.user.id && hash == proven.hash.as_str());
        let (user, _) = current.ok_or(ConfirmPasswordError::WrongPassword)?;
        // The account may have got a factor since the password was checked.
        let second_factor_since = user.second_factor_since;
        let now_has = Principal { second_factor_since, ..Principal::clone(principal) };
        if code.is_none() && self.asks_for_code(&now_has) {
            return Err(ConfirmPasswordError::WrongCode);
        }
        Ok(user)
    }

    /// Locks the account, unless the passkey has been removed since it was checked.
    async fn lock_by_passkey(
        self,
        tx: &WriteTx,
        principal: &Principal,
        PasskeyUse { user_id, passkey }: PasskeyUse,
    ) -> Result<User, ConfirmPasswordError> {
        let user = tx.users().lock_enabled(user_id).await?;
        let user = user.filter(|user| user.id == principal.user_id);
        let user = user.ok_or(ConfirmPasswordError::Ended)?;
        let is_there = tx.factors().list(user_id).await?.iter().any(|it| it.id == passkey);
        if is_there { Ok(user) } else { Err(ConfirmPasswordError::WrongPasskey) }
    }
}
