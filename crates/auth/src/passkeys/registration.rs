//! Adding a passkey to an account, in a session with a recent log-in.
//!
//! Only an account with a confirmed address gets one: a person who signed up with another's
//! address must not keep a way in that the owner does not know of (REG-12).

use domain::{DisplayName, FactorId, FactorKind, Principal, User};
use store::{NewPasskey, WriteTx};
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

use super::{
    ceremony::{CeremonyPurpose, PasskeyAnswer, PasskeyCeremony},
    proof::SpentCeremony,
    providers,
    relying_party::{InvalidAnswer, RegisteredCredential},
};
use crate::{
    Client, Fault,
    factors::{Factor, FactorAdded, FactorAddition},
    fault::ending_in_fault,
    services::Credentials,
};

/// Most passkeys of an account.
const MAX_PASSKEYS: usize = 20;

/// The command: add a passkey.
#[derive(Clone, Debug)]
pub struct AddPasskey {
    /// The answer of the authenticator.
    pub answer: PasskeyAnswer,
    /// The name, unless the authenticator is one with a known name.
    pub fallback_name: DisplayName,
    /// Whether all other sessions of the user end.
    pub end_other_sessions: bool,
}

/// The reason for which no passkey was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddPasskeyError {
    /// The challenge is too old, was answered before, or is of another form.
    #[error("the challenge has expired")]
    Expired,
    /// The answer is not what was asked for.
    #[error("the passkey is refused")]
    Refused,
    /// An account has this passkey already.
    #[error("the passkey is known")]
    Known,
    /// The account has as many passkeys as it may have.
    #[error("too many passkeys")]
    TooMany,
    /// The address of the account is not confirmed.
    #[error("the address is not confirmed")]
    Unconfirmed,
    /// The session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(AddPasskeyError);

impl Credentials<'_> {
    /// Asks for a new passkey, for the form with this token. Writes nothing. `None` where browsers
    /// have no passkeys, or if the account is gone.
    pub async fn begin_passkey(
        self,
        principal: &Principal,
        form_token: &str,
    ) -> Result<Option<PasskeyCeremony>, Fault> {
        let user_id = principal.user_id;
        let Some(relying_party) = &self.0.relying_party else { return Ok(None) };
        let Some(user) = self.0.store.users().find(user_id).await? else { return Ok(None) };
        let known = self.0.store.passkeys().list(user_id).await?;
        let Some(challenge) = relying_party.ask_for_registration(&user, &known) else {
            return Ok(None);
        };
        let purpose = CeremonyPurpose::Registration(user_id);
        let now = self.0.clock.now();
        Ok(purpose.seal(&self.0.sealing, form_token, challenge, now))
    }

    /// Adds the passkey of the answer to the account of the principal, whose owner is told. The
    /// session goes on under a new id, as one in which a passkey was used.
    pub async fn add_passkey(
        self,
        principal: &Principal,
        add: AddPasskey,
        client: &Client,
    ) -> Result<FactorAdded, AddPasskeyError> {
        let AddPasskey { answer, fallback_name, end_other_sessions } = add;
        let purpose = CeremonyPurpose::Registration(principal.user_id);
        let state: PasskeyRegistration = match self.0.spend_ceremony(&answer, purpose, None).await?
        {
            SpentCeremony::Fresh(state) => state,
            SpentCeremony::Expired | SpentCeremony::Throttled(_) => {
                return Err(AddPasskeyError::Expired);
            }
        };
        let registered = self.check_registration(&answer, &state)?;
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(principal.user_id).await?;
        let user = user.ok_or(AddPasskeyError::SessionEnded)?;
        if user.confirmed_at.is_none() {
            return Err(AddPasskeyError::Unconfirmed);
        }
        if tx.passkeys().list(user.id).await?.len() >= MAX_PASSKEYS {
            return Err(AddPasskeyError::TooMany);
        }
        let name = self.insert_passkey(&tx, &user, registered, fallback_name).await?;
        let factor = Factor { kind: FactorKind::Passkey, name: &name };
        let addition = FactorAddition { factor, end_other_sessions };
        let added = self.0.factor_added(&tx, (principal, &user), addition, client).await?;
        let added = added.ok_or(AddPasskeyError::SessionEnded)?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "passkey added");
        Ok(added)
    }

    fn check_registration(
        self,
        answer: &PasskeyAnswer,
        state: &PasskeyRegistration,
    ) -> Result<RegisteredCredential, AddPasskeyError> {
        let relying_party = self.0.relying_party.as_ref().ok_or(AddPasskeyError::Refused)?;
        let credential = answer.parse::<RegisterPublicKeyCredential>();
        let credential = credential.ok_or(AddPasskeyError::Refused)?;
        relying_party.register(&credential, state).map_err(|error| {
            if let InvalidAnswer::Wrong(error) = error {
                tracing::info!(%error, "a new passkey is refused");
            }
            AddPasskeyError::Refused
        })
    }

    async fn insert_passkey(
        self,
        tx: &WriteTx,
        user: &User,
        registered: RegisteredCredential,
        fallback_name: DisplayName,
    ) -> Result<DisplayName, AddPasskeyError> {
        let now = self.0.clock.now();
        let known_name = providers::name_of(registered.aaguid);
        let name = known_name.and_then(|name| DisplayName::parse(name).ok());
        let name = name.unwrap_or(fallback_name);
        let new = NewPasskey {
            id: FactorId::generate(),
            user_id: user.id,
            credential_id: registered.id,
            credential: registered.credential,
            name: name.clone(),
            aaguid: registered.aaguid,
            state: registered.state,
            is_discoverable: registered.is_discoverable,
            transports: registered.transports,
        };
        if !tx.passkeys().insert(new, now).await? {
            return Err(AddPasskeyError::Known);
        }
        Ok(name)
    }
}
