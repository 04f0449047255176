//! This site as a relying party: the options for authenticators, and the check of their answers.
//!
//! The id is the host of the public URL, and the one origin that is accepted is the public URL
//! itself: no subdomain, no other port and no other scheme. User verification is required
//! everywhere, so that a passkey counts for two factors (PSK-01).

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Aaguid, User, UserId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{AuthenticatorState, StoredPasskey};
use url::{Host, Url};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder,
    WebauthnError,
};

/// How long an authenticator waits for its user, by the clock of the browser.
const TIMEOUT: Duration = Duration::from_mins(5);
/// Where the AAGUID begins, after the hash of the relying party's id, the flags and the counter.
const AAGUID_OFFSET: usize = 32 + 1 + 4;

/// The ways to reach an authenticator that are kept, as hints for later.
const TRANSPORTS: [&str; 5] = ["usb", "nfc", "ble", "internal", "hybrid"];

/// The relying party of this site.
#[derive(Clone, Debug)]
pub(crate) struct RelyingParty {
    webauthn: Webauthn,
    id: String,
}

/// A challenge: the options for the browser as JSON, and the state that checks the answer.
pub(crate) struct Challenge<S> {
    pub(crate) options: String,
    pub(crate) state: S,
}

/// A new passkey, after its answer was checked.
pub(crate) struct RegisteredCredential {
    pub(crate) id: Vec<u8>,
    pub(crate) credential: String,
    pub(crate) state: AuthenticatorState,
    pub(crate) aaguid: Aaguid,
    pub(crate) is_discoverable: Option<bool>,
    pub(crate) transports: String,
}

/// A use of a passkey, after its signature was checked.
pub(crate) struct VerifiedUse {
    pub(crate) credential: String,
    pub(crate) state: AuthenticatorState,
}

/// The reason for a refused answer.
#[derive(Debug)]
pub(crate) enum InvalidAnswer {
    /// The signature is right, but the authenticator counts fewer uses than before: a copy of the
    /// private key is in use.
    Copied,
    /// It is not what was asked for.
    Wrong(WebauthnError),
    /// The stored passkey cannot be read.
    Unreadable,
}

impl RelyingParty {
    /// The relying party at `public_url`. `None` where browsers have no passkeys: on an IP address,
    /// and without https except on localhost.
    pub(crate) fn new(public_url: &Url, name: &str) -> Option<Self> {
        let Some(Host::Domain(host)) = public_url.host() else { return None };
        let is_local = host == "localhost" || host.ends_with(".localhost");
        if public_url.scheme() != "https" && !is_local {
            return None;
        }
        let builder = WebauthnBuilder::new(host, public_url).ok()?;
        let webauthn = builder.rp_name(name).timeout(TIMEOUT).build().ok()?;
        Some(Self { webauthn, id: host.to_owned() })
    }

    /// The id: the host of this site.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Asks for a new passkey of the user, in an authenticator that has none of `known`.
    pub(crate) fn ask_for_registration(
        &self,
        user: &User,
        known: &[StoredPasskey],
    ) -> Option<Challenge<PasskeyRegistration>> {
        let (options, state) = self
            .webauthn
            .start_passkey_registration(
                Uuid::from_bytes(*user.id.as_bytes()),
                user.email.as_str(),
                user.name.as_str(),
                None,
            )
            .ok()?;
        let mut options = public_key(serde_json::to_value(options).ok()?)?;
        // The library discourages it, and authenticators then make passkeys that autofill and the
        // button on the log-in page cannot find.
        let selection = options.get_mut("authenticatorSelection")?.as_object_mut()?;
        selection.insert("residentKey".to_owned(), json!("preferred"));
        let known: Vec<_> = known.iter().map(descriptor).collect();
        options.as_object_mut()?.insert("excludeCredentials".to_owned(), Value::Array(known));
        Some(Challenge { options: options.to_string(), state })
    }

    /// Asks for the use of a passkey: one of `known`, or any that the authenticator finds.
    pub(crate) fn ask_for_use(
        &self,
        known: &[StoredPasskey],
    ) -> Option<Challenge<DiscoverableAuthentication>> {
        let (options, state) = self.webauthn.start_discoverable_authentication().ok()?;
        let mut options = public_key(serde_json::to_value(options).ok()?)?;
        let known: Vec<_> = known.iter().map(descriptor).collect();
        options.as_object_mut()?.insert("allowCredentials".to_owned(), Value::Array(known));
        Some(Challenge { options: options.to_string(), state })
    }

    /// Checks the answer to [`Self::ask_for_registration`].
    pub(crate) fn register(
        &self,
        answer: &RegisterPublicKeyCredential,
        state: &PasskeyRegistration,
    ) -> Result<RegisteredCredential, InvalidAnswer> {
        let passkey = self
            .webauthn
            .finish_passkey_registration(answer, state)
            .map_err(InvalidAnswer::Wrong)?;
        let transports = answer.response.transports.iter().flatten().map(ToString::to_string);
        let transports = transports.filter(|name| TRANSPORTS.contains(&name.as_str()));
        let credential = Credential::of(&passkey)?;
        Ok(RegisteredCredential {
            id: passkey.cred_id().clone(),
            state: credential.state,
            credential: credential.text,
            aaguid: self.aaguid(&answer.response.attestation_object),
            is_discoverable: answer.extensions.cred_props.as_ref().and_then(|props| props.rk),
            transports: transports.collect::<Vec<_>>().join(","),
        })
    }

    /// Checks the answer to [`Self::ask_for_use`] by the stored passkey, and returns its new state.
    pub(crate) fn verify(
        &self,
        answer: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        stored: &StoredPasskey,
    ) -> Result<VerifiedUse, InvalidAnswer> {
        let mut passkey: Passkey =
            serde_json::from_str(&stored.credential).map_err(|_| InvalidAnswer::Unreadable)?;
        let result = self
            .webauthn
            .finish_discoverable_authentication_v2(answer, state, &passkey)
            .map_err(|error| match error {
            WebauthnError::CredentialPossibleCompromise => InvalidAnswer::Copied,
            error => InvalidAnswer::Wrong(error),
        })?;
        if !result.user_verified() || passkey.update_credential(&result).is_none() {
            return Err(InvalidAnswer::Wrong(WebauthnError::UserNotVerified));
        }
        let credential = serde_json::to_string(&passkey).map_err(|_| InvalidAnswer::Unreadable)?;
        Ok(VerifiedUse { credential, state: state_of(&result) })
    }

    /// The AAGUID in the data that the authenticator signed, which begin with the hash of our id.
    /// All zeros where there is none.
    fn aaguid(&self, attestation: &[u8]) -> Aaguid {
        let hash = Sha256::digest(self.id.as_bytes());
        let begin = attestation.windows(hash.len()).position(|bytes| bytes == hash.as_slice());
        let bytes = begin.and_then(|begin| attestation.get(begin + AAGUID_OFFSET..));
        let aaguid = bytes.and_then(|bytes| bytes.first_chunk::<16>());
        Aaguid::from_bytes(aaguid.copied().unwrap_or_default())
    }
}

/// A credential as it is stored, and the state of its authenticator.
struct Credential {
    text: String,
    state: AuthenticatorState,
}

impl Credential {
    fn of(passkey: &Passkey) -> Result<Self, InvalidAnswer> {
        let value = serde_json::to_value(passkey).map_err(|_| InvalidAnswer::Unreadable)?;
        let flag = |name| value.pointer(name).and_then(Value::as_bool).unwrap_or_default();
        let counter = value.pointer("/cred/counter").and_then(Value::as_u64).unwrap_or_default();
        let state = AuthenticatorState {
            counter: u32::try_from(counter).unwrap_or(u32::MAX),
            is_backup_eligible: flag("/cred/backup_eligible"),
            is_backed_up: flag("/cred/backup_state"),
        };
        Ok(Self { text: value.to_string(), state })
    }
}

fn state_of(result: &AuthenticationResult) -> AuthenticatorState {
    AuthenticatorState {
        counter: result.counter(),
        is_backup_eligible: result.backup_eligible(),
        is_backed_up: result.backup_state(),
    }
}

fn public_key(mut options: Value) -> Option<Value> {
    options.get_mut("publicKey").map(Value::take)
}

fn descriptor(stored: &StoredPasskey) -> Value {
    let id = BASE64_URL_SAFE_NO_PAD.encode(&stored.credential_id);
    let transports: Vec<_> = stored.transports.split(',').filter(|it| !it.is_empty()).collect();
    json!({ "type": "public-key", "id": id, "transports": transports })
}

/// The user that an answer names, if it names one.
pub(crate) fn user_handle(answer: &PublicKeyCredential) -> Option<UserId> {
    let handle = answer.get_user_unique_id()?;
    handle.try_into().ok().map(UserId::from_bytes)
}
