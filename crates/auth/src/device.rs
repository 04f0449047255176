//! The device cookie: the proof that a browser has logged in to an account before.
//!
//! Such a browser has its own count of tries, so that strangers who use up the account's count
//! cannot lock the owner out (OWASP, "device cookies"). The cookie alone opens nothing. Its value
//! is `NONCE.SIGNATURE`. The signature covers the account, its address and its
//! `device_generation`, which each new password increases: a new password invalidates the cookies
//! of all browsers (RTL-09).

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{EmailAddress, Timestamp, User, random};

use crate::{Fault, context::Context};

/// The value of the device cookie; does not print itself.
#[derive(Clone)]
pub struct DeviceCookie(String);

impl DeviceCookie {
    /// Returns the value. Only the cookie may contain it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DeviceCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCookie(…)")
    }
}

/// The key under which the tries of a known browser are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownDevice(pub(crate) String);

impl Context {
    /// Returns a new cookie for a browser that logged in to this account.
    pub(crate) fn device_cookie(&self, user: &User) -> DeviceCookie {
        let nonce = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>());
        let parts = signed(&nonce, user);
        let signature = self.device_key.sign(&parts.each_ref().map(Vec::as_slice));
        DeviceCookie(format!("{nonce}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Returns the browser if this site signed the cookie for the account that has this address,
    /// and if its password has not changed since. Runs the same query for every address.
    pub(crate) async fn known_device(
        &self,
        cookie: Option<&str>,
        email: &EmailAddress,
    ) -> Result<Option<KnownDevice>, Fault> {
        let Some((nonce, signature)) = cookie.and_then(|cookie| cookie.split_once('.')) else {
            return Ok(None);
        };
        let Ok(signature) = BASE64_URL_SAFE_NO_PAD.decode(signature) else { return Ok(None) };
        let found = self.store.users().find_by_email(email).await?;
        let is_of = |user: &User| {
            let parts = signed(nonce, user);
            self.device_key.verify(&parts.each_ref().map(Vec::as_slice), &signature)
        };
        let owner = found.map(|(user, _)| user).filter(is_of);
        let Some(owner) = owner else { return Ok(None) };
        // After `user unthrottle` the browser gets a new key: its old tries no longer count.
        let cleared_at = self.store.users().find_limits_cleared_at(owner.id).await?;
        let cleared_at = cleared_at.map_or(0, Timestamp::as_millis);
        Ok(Some(KnownDevice(format!("{nonce}.{cleared_at}"))))
    }
}

/// Returns the signed parts: the nonce of the browser, and the state of the account that the cookie
/// is bound to.
fn signed(nonce: &str, user: &User) -> [Vec<u8>; 4] {
    let generation = user.device_generation.to_le_bytes();
    [nonce.as_bytes(), user.email.as_str().as_bytes(), user.id.as_bytes(), &generation]
        .map(<[u8]>::to_vec)
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
