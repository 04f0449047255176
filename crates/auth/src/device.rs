//! The device cookie: the proof that a browser has logged in to an account before.
//!
//! Such a browser has a count of tries of its own, so that strangers who use up
//! the account's cannot lock the owner out (OWASP, "device cookies"). It opens
//! nothing by itself. `NONCE.SIGNATURE`, bound to the address.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{EmailAddress, random};

use crate::Accounts;

impl Accounts {
    /// A fresh cookie for a browser that logged in to this account.
    pub(super) fn device_cookie(&self, email: &EmailAddress) -> String {
        let nonce = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>());
        let signature = self.0.device_key.sign(&[nonce.as_bytes(), email.as_str().as_bytes()]);
        format!("{nonce}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    /// The browser's name, if the cookie is ours and for this account.
    pub(super) fn known_device<'a>(
        &self,
        cookie: &'a str,
        email: &EmailAddress,
    ) -> Option<&'a str> {
        let (nonce, signature) = cookie.split_once('.')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        let parts = [nonce.as_bytes(), email.as_str().as_bytes()];
        self.0.device_key.verify(&parts, &signature).then_some(nonce)
    }
}
