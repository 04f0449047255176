//! Encrypts small secrets that only this site reads again: in the database, and in forms that travel
//! to a browser and back.
//!
//! Every text has a key of its own, derived from what it belongs to, so that a text of one user or
//! one purpose is opened for no other. After a change of `secret_key` the previous key still opens
//! what it sealed; everything new is sealed with the present one.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, aead::Aead};
use domain::random;
use store::{SealedSecret, Store, StoreError};
use zeroize::Zeroizing;

use crate::keys::{KeyPurpose, MacKey, SecretKey};

const NONCE_BYTES: usize = 24;
/// Longest text in a form, in characters.
const MAX_FORM_TEXT: usize = 8 * 1024;

/// Returns the number of secrets in the database that another key than that of `secret` sealed. With
/// none the key before it can go.
pub async fn count_sealed_otherwise(store: &Store, secret: &SecretKey) -> Result<u64, StoreError> {
    let current_id = SealingKeys::new(secret).current_id();
    store.authentication_apps().count_sealed_otherwise(current_id).await
}

/// The keys that seal and open.
pub(crate) struct SealingKeys {
    current: SealingKey,
    previous: Option<SealingKey>,
}

struct SealingKey {
    /// Tells which key sealed a text. It is derived from the key and tells nothing of it.
    id: [u8; 8],
    key: MacKey,
}

impl SealingKeys {
    pub(crate) fn new(secret: &SecretKey) -> Self {
        let current = SealingKey::of(secret.derive(KeyPurpose::Sealing));
        let previous = secret.derive_previous(KeyPurpose::Sealing).map(SealingKey::of);
        Self { current, previous }
    }

    /// The id of the key that seals.
    pub(crate) fn current_id(&self) -> [u8; 8] {
        self.current.id
    }

    /// Seals a text that belongs to `parts`. `None` where the cipher fails, which it does for no
    /// text of ours.
    pub(crate) fn seal(&self, parts: &[&[u8]], text: &[u8]) -> Option<SealedSecret> {
        let sealed = self.current.seal(parts, text)?;
        Some(SealedSecret { key_id: self.current.id, sealed })
    }

    /// Opens a text; `None` unless it was sealed here for the same parts.
    pub(crate) fn open(&self, parts: &[&[u8]], text: &SealedSecret) -> Option<Zeroizing<Vec<u8>>> {
        let key = self.keys().find(|key| key.id == text.key_id)?;
        key.open(parts, &text.sealed)
    }

    /// Seals a text for a hidden field.
    pub(crate) fn seal_field(&self, parts: &[&[u8]], text: &[u8]) -> Option<String> {
        self.current.seal(parts, text).map(|sealed| BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what came back in a hidden field.
    pub(crate) fn open_field(&self, parts: &[&[u8]], field: &str) -> Option<Zeroizing<Vec<u8>>> {
        if field.len() > MAX_FORM_TEXT {
            return None;
        }
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(field).ok()?;
        self.keys().find_map(|key| key.open(parts, &sealed))
    }

    fn keys(&self) -> impl Iterator<Item = &SealingKey> {
        [&self.current].into_iter().chain(&self.previous)
    }
}

impl SealingKey {
    fn of(key: MacKey) -> Self {
        let signature = key.sign(&[b"id"]);
        let id = signature.first_chunk().copied().unwrap_or_default();
        Self { id, key }
    }

    fn cipher(&self, parts: &[&[u8]]) -> XChaCha20Poly1305 {
        let parts: Vec<&[u8]> = [&b"text"[..]].into_iter().chain(parts.iter().copied()).collect();
        let key = Zeroizing::new(self.key.sign(&parts));
        XChaCha20Poly1305::new(&(*key).into())
    }

    fn seal(&self, parts: &[&[u8]], text: &[u8]) -> Option<Vec<u8>> {
        let nonce = random::bytes::<NONCE_BYTES>();
        let sealed = self.cipher(parts).encrypt(&nonce.into(), text).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, parts: &[&[u8]], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        self.cipher(parts).decrypt(&(*nonce).into(), sealed).ok().map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(byte: u8) -> SecretKey {
        SecretKey::new(vec![byte; 32]).unwrap()
    }

    /// MFA-04.
    #[test]
    fn a_text_is_opened_for_what_it_was_sealed_for_and_unchanged() {
        let keys = SealingKeys::new(&secret(1));
        let sealed = keys.seal(&[b"app", b"mia"], b"goose").unwrap();

        let open = |parts: &[&[u8]], sealed: &SealedSecret| {
            keys.open(parts, sealed).map(|text| text.to_vec())
        };
        assert_eq!(open(&[b"app", b"mia"], &sealed).as_deref(), Some(&b"goose"[..]));
        assert_eq!(open(&[b"app", b"eve"], &sealed), None);
        assert_eq!(open(&[b"appmia"], &sealed), None);
        assert!(!sealed.sealed.windows(5).any(|bytes| bytes == b"goose"));
        for place in 0..sealed.sealed.len() {
            let mut changed = sealed.clone();
            changed.sealed[place] ^= 1;
            assert_eq!(open(&[b"app", b"mia"], &changed), None, "{place}");
        }
        let field = keys.seal_field(&[b"mia"], b"goose").unwrap();
        assert_eq!(keys.open_field(&[b"mia"], &field).unwrap().as_slice(), b"goose");
        for wrong in ["", "!", &field[1..], &"A".repeat(9_000)] {
            assert!(keys.open_field(&[b"mia"], wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_previous_key_opens_and_no_longer_seals() {
        let old = SealingKeys::new(&secret(1));
        let sealed = old.seal(&[b"mia"], b"goose").unwrap();
        let field = old.seal_field(&[b"mia"], b"goose").unwrap();
        let new = SealingKeys::new(&secret(2).after(secret(1)));

        assert!(new.open(&[b"mia"], &sealed).is_some());
        assert!(new.open_field(&[b"mia"], &field).is_some());
        let again = new.seal(&[b"mia"], b"goose").unwrap();
        assert_eq!((again.key_id, sealed.key_id), (new.current_id(), old.current_id()));
        assert!(old.open(&[b"mia"], &again).is_none());
        assert!(SealingKeys::new(&secret(2)).open(&[b"mia"], &sealed).is_none());
    }
}
