//! Stored password hashes: their text form, and the checks before any of it is used. Only Argon2id
//! version 19 within the bounds of `cost` is usable; any other content of the column is not
//! computed.

use std::fmt;

use argon2::{
    ARGON2ID_IDENT, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash as Phc, Salt},
};

use super::cost::Cost;

/// Bytes of salt (RFC 9106 §3.1).
pub(super) const SALT_LENGTH: usize = 16;
/// Bytes of a new hash.
pub(super) const OUTPUT_LENGTH: usize = 32;
/// Shortest hash that is believed, in bytes.
const MIN_OUTPUT_LENGTH: usize = 16;

/// Stands in place of a hash where no password was set.
const NO_PASSWORD: &str = "!";

/// The hash of a password as the store keeps it, in PHC form; does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash as it was stored; any text is taken, a malformed one verifies nothing.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Stands for no password at all: none matches it, and nothing is wrong with it.
    pub fn unusable() -> Self {
        Self(NO_PASSWORD.to_owned())
    }

    /// Whether there is no password.
    pub(crate) fn is_unusable(&self) -> bool {
        self.0 == NO_PASSWORD
    }

    /// The hash for the store: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash for the store, by value.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// The parts of a usable hash.
pub(super) struct ParsedHash {
    pub(super) cost: Cost,
    pub(super) salt: Vec<u8>,
    pub(super) output: Vec<u8>,
}

impl ParsedHash {
    /// Reads a stored hash; `None` where it is malformed, of another algorithm or
    /// out of bounds.
    pub(super) fn parse(hash: &PasswordHash) -> Option<Self> {
        let phc = Phc::new(&hash.0).ok()?;
        let params = Params::try_from(&phc.params).ok()?;
        let cost = Cost {
            memory_kib: params.m_cost(),
            iterations: params.t_cost(),
            parallelism: params.p_cost(),
        };
        let output = phc.hash?;
        let is_usable = phc.algorithm == ARGON2ID_IDENT
            && phc.version == Some(Version::V0x13.into())
            && params.keyid().is_empty()
            && params.data().is_empty()
            && cost.params().is_some()
            && output.len() >= MIN_OUTPUT_LENGTH;
        let salt: Vec<u8> = phc.salt?.as_ref().to_vec();
        is_usable.then(|| Self { cost, salt, output: output.as_bytes().to_vec() })
    }

    /// A hash of `cost` that no known password has.
    pub(super) fn dummy(cost: Cost) -> Self {
        Self {
            cost,
            salt: domain::random::bytes::<SALT_LENGTH>().to_vec(),
            output: domain::random::bytes::<OUTPUT_LENGTH>().to_vec(),
        }
    }

    /// The text form.
    pub(super) fn format(&self) -> Option<PasswordHash> {
        let phc = Phc {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.cost.params()?).ok()?,
            salt: Some(Salt::new(&self.salt).ok()?),
            hash: Some(Output::new(&self.output).ok()?),
        };
        Some(PasswordHash(phc.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT_AND_HASH: &str =
        "AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn is_usable(prefix: &str) -> bool {
        let text = format!("{prefix}${SALT_AND_HASH}");
        ParsedHash::parse(&PasswordHash::from_stored(text)).is_some()
    }

    /// LOG-10.
    #[test]
    fn only_bounded_argon2id_is_usable() {
        assert!(is_usable("$argon2id$v=19$m=19456,t=2,p=1"));
        assert!(is_usable("$argon2id$v=19$m=8,t=1,p=1"));
        for prefix in [
            "$argon2d$v=19$m=19456,t=2,p=1",
            "$argon2i$v=19$m=19456,t=2,p=1",
            "$argon2id$v=16$m=19456,t=2,p=1",
            "$argon2id$m=19456,t=2,p=1",
            "$argon2id$v=19$m=4294967295,t=2,p=1",
            "$argon2id$v=19$m=262145,t=1,p=1",
            "$argon2id$v=19$m=19456,t=17,p=1",
            "$argon2id$v=19$m=19456,t=2,p=17",
            "$argon2id$v=19$m=19456,t=2,p=1,data=AAEC",
            "$scrypt$ln=17,r=8,p=1",
        ] {
            assert!(!is_usable(prefix), "{prefix}");
        }
    }

    /// LOG-08.
    #[test]
    fn malformed_and_truncated_hashes_are_not_usable() {
        for text in [
            "",
            "!",
            "*",
            "$argon2id$",
            "$argon2id$v=19$m=19456,t=2,p=1",
            "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw",
            "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQ",
            "$2b$12$abcdefghijklmnopqrstuv",
        ] {
            assert!(ParsedHash::parse(&PasswordHash::from_stored(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn a_hash_survives_its_text_form() {
        let dummy = ParsedHash::dummy(Cost::FLOOR);

        let text = dummy.format().unwrap();
        let parsed = ParsedHash::parse(&text).unwrap();

        assert!(text.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", text.as_str());
        assert_eq!(parsed.cost, dummy.cost);
        assert_eq!(parsed.salt, dummy.salt);
        assert_eq!(parsed.output, dummy.output);
    }

    /// LGG-06.
    #[test]
    fn a_hash_does_not_print_itself() {
        let hash = PasswordHash::from_stored("$argon2id$v=19$…");
        assert_eq!(format!("{hash:?}"), "PasswordHash(…)");
    }
}
