//! The link to a new password that a browser asked for: for which address, and when.
//!
//! It travels in a signed cookie, so that the page that waits for the mail shows the address again
//! after a reload. No row, no address of a page and no line of the log has it, and it is the same
//! whether or not the address has an account.

use auth::keys::MacKey;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{EmailAddress, Timestamp};

/// The link to a new password that a browser asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetRequest {
    /// The address.
    pub email: EmailAddress,
    /// The time of the latest request.
    pub asked_at: Timestamp,
}

impl ResetRequest {
    /// The value of the cookie.
    pub fn encode(&self, key: &MacKey) -> String {
        let (email, asked_at) = (self.email.as_str().as_bytes(), self.asked_at.as_millis());
        let asked_at = asked_at.to_be_bytes();
        let signature = key.sign(&[email, &asked_at]);
        [email, &asked_at, &signature].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part)).join(".")
    }

    /// Reads the value of the cookie; `None` when this site did not sign it.
    pub fn decode(value: &str, key: &MacKey) -> Option<Self> {
        let parts = value.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
        let parts: Vec<Vec<u8>> = parts.collect::<Option<_>>()?;
        let [email, asked_at, signature] = parts.try_into().ok()?;
        if !key.verify(&[&email, &asked_at], &signature) {
            return None;
        }
        Some(Self {
            email: EmailAddress::parse(&String::from_utf8(email).ok()?).ok()?,
            asked_at: Timestamp::from_millis(i64::from_be_bytes(asked_at.try_into().ok()?)),
        })
    }
}

#[cfg(test)]
mod tests {
    use auth::keys::{KeyPurpose, SecretKey};

    use super::*;

    #[test]
    fn a_request_survives_the_way_through_its_cookie_and_no_forgery_does() {
        let secret = SecretKey::new(vec![7; 32]).unwrap();
        let key = secret.derive(KeyPurpose::ResetRequest);
        let email = EmailAddress::parse("mia@example.org").unwrap();
        let asked_at = Timestamp::from_millis(1_767_225_600_000);
        let request = ResetRequest { email, asked_at };
        let value = request.encode(&key);
        assert_eq!(ResetRequest::decode(&value, &key), Some(request.clone()));

        let (_, rest) = value.split_once('.').unwrap();
        let forged = format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode("leo@example.org"));
        let other = request.encode(&secret.derive(KeyPurpose::Flash));
        for wrong in ["", "a.b", "YQ..", forged.as_str(), &other, &format!("{value}.YQ")] {
            assert_eq!(ResetRequest::decode(wrong, &key), None, "{wrong}");
        }
    }
}
