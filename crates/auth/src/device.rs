//! The device cookie: the proof that a browser has logged in to an account before.
//!
//! Such a browser has a count of tries of its own, so that strangers who use up
//! the account's cannot lock the owner out (OWASP, "device cookies"). It opens
//! nothing by itself. `NONCE.SIGNATURE`, bound to the address.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{EmailAddress, random};

use crate::Accounts;

/// What the device cookie holds; does not print itself.
#[derive(Clone)]
pub struct DeviceCookie(String);

impl DeviceCookie {
    /// The value, for the cookie alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DeviceCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCookie(…)")
    }
}

impl Accounts {
    /// A fresh cookie for a browser that logged in to this account.
    pub(crate) fn device_cookie(&self, email: &EmailAddress) -> DeviceCookie {
        let nonce = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>());
        let signature = self.0.device_key.sign(&[nonce.as_bytes(), email.as_str().as_bytes()]);
        DeviceCookie(format!("{nonce}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The browser's name, if the cookie is ours and for this account.
    pub(crate) fn known_device<'a>(
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

#[cfg(test)]
mod tests {
    use super::*;

    /// LGG-06.
    #[test]
    fn a_device_cookie_does_not_print_itself() {
        assert_eq!(format!("{:?}", DeviceCookie("nonce.signature".to_owned())), "DeviceCookie(…)");
    }
}
