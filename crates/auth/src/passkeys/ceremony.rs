//! A challenge that travels in a form: sealed, bound to one browser and one purpose, and answered
//! once.
//!
//! The state that checks the answer is sealed into a hidden field ([`crate::sealing`]), so that
//! reading a page writes nothing (SES-10). It belongs to the purpose, the user and the token of the
//! form, which is bound to the browser's cookie or session. The time is inside. The answer spends the ceremony
//! in a transaction before it is parsed (MFA-07).

use std::{fmt, time::Duration};

use domain::{Timestamp, UserId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::relying_party::Challenge;
use crate::sealing::SealingKeys;

/// Most characters of an answer: several times the longest of authenticators.
const MAX_ANSWER: usize = 16 * 1024;

/// The purpose of a challenge, which no answer for another one fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CeremonyPurpose {
    /// Logging in, by a button or by the autofill of an address.
    LogIn,
    /// The second step of a log-in.
    SecondStep,
    /// Giving a proof again within the session of this user.
    Reauthentication(UserId),
    /// A new passkey of this user.
    Registration(UserId),
}

/// A challenge for a form.
#[derive(Clone)]
pub struct PasskeyCeremony {
    /// The options for the authenticator: JSON for `parseCreationOptionsFromJSON` or
    /// `parseRequestOptionsFromJSON`.
    pub options: String,
    /// The state, for a hidden field of the form.
    pub sealed: String,
}

/// What a form brought back. Does not print itself.
#[derive(Clone)]
pub struct PasskeyAnswer {
    /// The sealed state.
    pub sealed: String,
    /// The credential as JSON, as `toJSON` writes it.
    pub credential: String,
    /// The token of the form that the challenge was made for.
    pub form_token: String,
}

impl PasskeyAnswer {
    /// Parses what the authenticator signed, which may be anything.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.credential).ok()
    }
}

/// A ceremony that may be answered.
pub(crate) struct OpenCeremony<S> {
    pub(crate) state: S,
    /// The name under which it is spent.
    pub(crate) hash: [u8; 32],
    pub(crate) expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Content<S> {
    begun_at: i64,
    state: S,
}

impl CeremonyPurpose {
    /// How long the challenge may be answered. A log-in page waits in a tab until its user picks a
    /// passkey from the autofill.
    pub(crate) const fn lifetime(self) -> Duration {
        match self {
            Self::LogIn => Duration::from_hours(1),
            Self::SecondStep | Self::Reauthentication(_) | Self::Registration(_) => {
                Duration::from_mins(10)
            }
        }
    }

    /// What the state of a challenge belongs to.
    fn parts<'a>(&'a self, form_token: &'a str) -> [&'a [u8]; 4] {
        let (purpose, user): (&[u8], &[u8]) = match self {
            Self::LogIn => (b"log in", &[]),
            Self::SecondStep => (b"second step", &[]),
            Self::Reauthentication(user_id) => (b"again", user_id.as_bytes()),
            Self::Registration(user_id) => (b"registration", user_id.as_bytes()),
        };
        [b"ceremony", purpose, user, form_token.as_bytes()]
    }

    /// Seals a challenge for the form with this token.
    pub(crate) fn seal<S: Serialize>(
        self,
        keys: &SealingKeys,
        form_token: &str,
        challenge: Challenge<S>,
        now: Timestamp,
    ) -> Option<PasskeyCeremony> {
        let Challenge { options, state } = challenge;
        let content = serde_json::to_vec(&Content { begun_at: now.as_millis(), state }).ok()?;
        let sealed = keys.seal_field(&self.parts(form_token), &content)?;
        Some(PasskeyCeremony { options, sealed })
    }

    /// Opens the ceremony of an answer. `None` if it is of another form, user or purpose, too old,
    /// or no ceremony of ours.
    pub(crate) fn open<S: DeserializeOwned>(
        self,
        keys: &SealingKeys,
        answer: &PasskeyAnswer,
        now: Timestamp,
    ) -> Option<OpenCeremony<S>> {
        if answer.credential.len() > MAX_ANSWER {
            return None;
        }
        let text = keys.open_field(&self.parts(&answer.form_token), &answer.sealed)?;
        let Content { begun_at, state } = serde_json::from_slice(&text).ok()?;
        let expires_at = Timestamp::from_millis(begun_at) + self.lifetime();
        let hash = Sha256::digest(&answer.sealed).into();
        (now < expires_at).then_some(OpenCeremony { state, hash, expires_at })
    }
}

impl fmt::Debug for PasskeyCeremony {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasskeyCeremony(…)")
    }
}

impl fmt::Debug for PasskeyAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasskeyAnswer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SecretKey;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn keys() -> SealingKeys {
        SealingKeys::new(&SecretKey::new(vec![1; 32]).unwrap())
    }

    fn sealed(purpose: CeremonyPurpose) -> String {
        let challenge = Challenge { options: String::new(), state: "challenge" };
        purpose.seal(&keys(), "token", challenge, NOW).unwrap().sealed
    }

    fn opens(purpose: CeremonyPurpose, sealed: &str, form_token: &str, now: Timestamp) -> bool {
        let answer = PasskeyAnswer {
            sealed: sealed.to_owned(),
            credential: String::new(),
            form_token: form_token.to_owned(),
        };
        purpose.open::<String>(&keys(), &answer, now).is_some()
    }

    /// MFA-07: bound to the browser, the user, the purpose and a time.
    #[test]
    fn a_ceremony_is_good_for_its_form_its_user_and_its_purpose_until_it_expires() {
        let [mia, eve] = [UserId::generate(), UserId::generate()];
        let all = [
            CeremonyPurpose::LogIn,
            CeremonyPurpose::SecondStep,
            CeremonyPurpose::Reauthentication(mia),
            CeremonyPurpose::Reauthentication(eve),
            CeremonyPurpose::Registration(mia),
            CeremonyPurpose::Registration(eve),
        ];
        for purpose in all {
            let sealed = sealed(purpose);
            let end = NOW + purpose.lifetime();
            let last = Timestamp::from_millis(end.as_millis() - 1);

            assert!(opens(purpose, &sealed, "token", last), "{purpose:?}");
            assert!(!opens(purpose, &sealed, "token", end), "{purpose:?}");
            assert!(!opens(purpose, &sealed, "other", NOW), "{purpose:?}");
            for other in all.into_iter().filter(|other| *other != purpose) {
                assert!(!opens(other, &sealed, "token", NOW), "{purpose:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_changed_ceremony_is_not_opened() {
        let purpose = CeremonyPurpose::LogIn;
        let sealed = sealed(purpose);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(!opens(purpose, &changed, "token", NOW), "{place}");
            assert!(!opens(purpose, &sealed[..place], "token", NOW), "{place}");
        }
    }
}
