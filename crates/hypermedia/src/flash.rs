//! The sentence shown once, on the page after the one that caused it.
//!
//! It travels in a signed cookie, so that no other site can put a sentence on a page. It may name the
//! person or the address that something was done about, or a moment. The next page shows it and removes the
//! cookie.

use std::borrow::Cow;

use auth::keys::MacKey;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{EmailAddress, Timestamp};

use crate::ui::{Message, Moment, Texts};

/// A sentence about what was just done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    text: Cow<'static, str>,
    email: Option<EmailAddress>,
    moment: Option<Timestamp>,
}

impl Flash {
    /// A sentence in the visitor's language, of at most a few hundred bytes: a cookie holds it.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), email: None, moment: None }
    }

    /// The same sentence, and the address that the log-in page fills in.
    #[must_use]
    pub fn with_email(self, email: EmailAddress) -> Self {
        Self { email: Some(email), ..self }
    }

    /// A sentence that is made with the moment, which is an element in it.
    pub fn about(moment: Moment, sentence: fn(&str) -> String) -> Self {
        Self { moment: Some(moment.at), ..Self::new(sentence(&moment.text())) }
    }

    /// The sentence as a page shows it.
    pub fn message(&self, texts: &'static Texts) -> Message {
        let message = Message::from(self.text.clone().into_owned());
        match self.moment {
            Some(at) => message.with_moment(Moment { texts, at }),
            None => message,
        }
    }

    /// The sentence.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The address to fill in on the log-in page.
    pub fn email(&self) -> Option<&EmailAddress> {
        self.email.as_ref()
    }

    /// The value of the cookie.
    pub fn encode(&self, key: &MacKey) -> String {
        let email = self.email().map_or("", EmailAddress::as_str);
        let moment = self.moment.map_or_else(String::new, |at| at.as_millis().to_string());
        let content = [self.text.as_bytes(), email.as_bytes(), moment.as_bytes()];
        let signature = key.sign(&content);
        let [text, email, moment] = content;
        let parts = [text, email, moment, &signature[..]];
        parts.map(|part| BASE64_URL_SAFE_NO_PAD.encode(part)).join(".")
    }

    /// Reads the value of the cookie; `None` when this site did not sign it.
    pub fn decode(value: &str, key: &MacKey) -> Option<Self> {
        let parts = value.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
        let parts: Vec<Vec<u8>> = parts.collect::<Option<_>>()?;
        let [text, email, moment, signature] = parts.try_into().ok()?;
        if !key.verify(&[&text, &email, &moment], &signature) {
            return None;
        }
        let moment = String::from_utf8(moment).ok()?.parse().ok().map(Timestamp::from_millis);
        let flash = Self { moment, ..Self::new(String::from_utf8(text).ok()?) };
        let email = String::from_utf8(email).ok().filter(|email| !email.is_empty());
        Some(match email {
            Some(email) => flash.with_email(EmailAddress::parse(&email).ok()?),
            None => flash,
        })
    }
}

#[cfg(test)]
mod tests {
    use auth::keys::{KeyPurpose, SecretKey};
    use domain::Language;

    use super::*;

    #[test]
    fn a_flash_survives_the_way_through_its_cookie_and_no_forgery_does() {
        let key = SecretKey::new(vec![7; 32]).unwrap().derive(KeyPurpose::Flash);
        let plain = Flash::new("Your name has been changed.");
        let email = EmailAddress::parse("mia@example.org").unwrap();
        let with_email = Flash::new("Größe, ✓").with_email(email);
        let texts = Texts::of(Language::English);
        let at = Timestamp::from_millis(1_800_000_059_999);
        let with_moment = Flash::about(Moment { texts, at }, |at| format!("Wait until {at}."));

        for flash in [&plain, &with_email, &with_moment] {
            assert_eq!(Flash::decode(&flash.encode(&key), &key).as_ref(), Some(flash));
        }
        let value = with_email.encode(&key);
        let (_, rest) = value.split_once('.').unwrap();
        let forged = format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode("Call 0900 1234."));
        for wrong in ["", "a.b", "YQ..", forged.as_str(), &format!("{value}.YQ")] {
            assert_eq!(Flash::decode(wrong, &key), None, "{wrong}");
        }
    }
}
