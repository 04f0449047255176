//! Keys for message authentication. Each is derived from the one configured secret for one purpose,
//! so that a signature for one purpose is invalid for any other (NIST SP 800-108, with HMAC in
//! place of a block cipher).

use std::fmt;

use domain::Brand;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Fewest bytes of a secret.
pub const MIN_SECRET_BYTES: usize = 32;

/// The configured secret from which all keys come.
#[derive(Clone)]
pub struct SecretKey {
    bytes: Zeroizing<Vec<u8>>,
    product: &'static str,
    previous: Option<Zeroizing<Vec<u8>>>,
}

/// A secret of fewer than 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret key has at least {MIN_SECRET_BYTES} bytes")]
pub struct SecretTooShort;

/// The purpose of a derived key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPurpose {
    /// The proof that a form came from a page of ours.
    Csrf,
    /// The cookie that carries a flash to the next page.
    Flash,
    /// The cookie of a browser that asked for a link to a new password.
    ResetRequest,
    /// The cookie of a browser that logged in before.
    Device,
    /// The codes in mails that prove an address.
    ConfirmationCode,
    /// The names of throttled clients and accounts.
    Throttle,
    /// The names of sessions on the pages of their user.
    Session,
    /// The keys of forms that wait for their senders.
    SavedSubmission,
    /// The secrets of second factors, in the database and in forms.
    Sealing,
    /// The links in mails.
    MailLink,
    /// The operator's questions about what a request looks like behind the proxy.
    ProxyProbe,
}

/// A key that signs for one purpose.
#[derive(Clone)]
pub struct MacKey(Hmac<Sha256>);

/// A signature: HMAC-SHA-256.
pub type Signature = [u8; 32];

impl SecretKey {
    /// Takes the configured secret.
    pub fn new(bytes: Vec<u8>) -> Result<Self, SecretTooShort> {
        let bytes = Zeroizing::new(bytes);
        if bytes.len() < MIN_SECRET_BYTES {
            return Err(SecretTooShort);
        }
        Ok(Self { bytes, product: Brand::EXAMPLE.slug, previous: None })
    }

    /// The same secret, whose keys are for the product with this slug alone.
    #[must_use]
    pub fn of_product(self, product: &'static str) -> Self {
        Self { product, ..self }
    }

    /// The same secret, which has taken the place of `previous`: that still opens what it sealed.
    #[must_use]
    pub fn after(self, previous: Self) -> Self {
        Self { previous: Some(previous.bytes), ..self }
    }

    /// The key for `purpose`.
    pub fn derive(&self, purpose: KeyPurpose) -> MacKey {
        self.derive_from(&self.bytes, purpose)
    }

    /// The key for `purpose` of the secret before this one, if it is configured. It opens and
    /// checks; nothing new is made with it.
    pub fn derive_previous(&self, purpose: KeyPurpose) -> Option<MacKey> {
        self.previous.as_ref().map(|bytes| self.derive_from(bytes, purpose))
    }

    /// Whether the secret before this one is configured.
    pub fn has_previous(&self) -> bool {
        self.previous.is_some()
    }

    fn derive_from(&self, bytes: &[u8], purpose: KeyPurpose) -> MacKey {
        let purpose = match purpose {
            KeyPurpose::Csrf => "csrf",
            KeyPurpose::Flash => "flash",
            KeyPurpose::ResetRequest => "reset request",
            KeyPurpose::Device => "device",
            KeyPurpose::ConfirmationCode => "confirmation code",
            KeyPurpose::Throttle => "throttle",
            KeyPurpose::Session => "session",
            KeyPurpose::SavedSubmission => "held form",
            KeyPurpose::Sealing => "sealing",
            KeyPurpose::MailLink => "mail link",
            KeyPurpose::ProxyProbe => "proxy probe",
        };
        let label = format!("{} {purpose} v1", self.product);
        let derived: Zeroizing<Signature> =
            Zeroizing::new(mac(bytes).chain_update(label).finalize().into_bytes().into());
        MacKey(mac(derived.as_slice()))
    }
}

impl MacKey {
    /// Signs the parts, each with its length, so that no other parts have the same
    /// signature.
    pub fn sign(&self, parts: &[&[u8]]) -> Signature {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Whether `signature` is that of the parts, in constant time.
    pub fn verify(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.sign(parts).ct_eq(signature).into()
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
fn mac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_good_for_one_product() {
        let secret = || SecretKey::new(vec![1; 32]).unwrap();
        let own = secret().of_product("acme").derive(KeyPurpose::Csrf);
        let other = secret().of_product("acme-notes").derive(KeyPurpose::Csrf);

        assert!(own.verify(&[b"a"], &own.sign(&[b"a"])));
        assert!(!own.verify(&[b"a"], &other.sign(&[b"a"])));
    }

    #[test]
    fn a_signature_is_good_for_its_parts_and_its_purpose_alone() {
        let secret = SecretKey::new(vec![1; 32]).unwrap();
        let csrf = secret.derive(KeyPurpose::Csrf);
        let signature = csrf.sign(&[b"ab", b"c"]);

        assert!(csrf.verify(&[b"ab", b"c"], &signature));
        assert!(!csrf.verify(&[b"a", b"bc"], &signature));
        assert!(!csrf.verify(&[b"ab", b"c"], &signature[..31]));
        assert!(!secret.derive(KeyPurpose::Flash).verify(&[b"ab", b"c"], &signature));
    }

    /// HDR-04, LGG-06.
    #[test]
    fn a_short_secret_is_refused_and_none_prints_itself() {
        assert_eq!(SecretKey::new(vec![1; 31]).unwrap_err(), SecretTooShort);
        assert_eq!(format!("{:?}", SecretKey::new(vec![1; 32]).unwrap()), "SecretKey(…)");
    }
}
