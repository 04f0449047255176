//! The section `mail` of the configuration: where mails are handed in, and in
//! whose name.

use std::{fmt, str::FromStr};

use lettre::message::Mailbox;
use serde::Deserialize;

use super::mail_url::MailUrl;

/// How mails leave this server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// The server that takes them.
    pub url: MailUrl,
    /// Whom they are from.
    pub from: Sender,
}

/// Whom mails are from: an address, with a name or without.
///
/// Its domain is also the name by which this server greets the mail server, so that
/// no mail tells the name of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Sender(Mailbox);

/// A text that is no [`Sender`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no sender; write `NAME <ADDRESS>` or an address, the address in ASCII")]
pub struct InvalidSender;

impl Sender {
    /// The part of the address after the `@`.
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }

    pub(super) const fn mailbox(&self) -> &Mailbox {
        &self.0
    }
}

impl Default for Sender {
    fn default() -> Self {
        let address = lettre::Address::new_dangerous("no-reply", "localhost");
        Self(Mailbox::new(Some("Latchkey".to_owned()), address))
    }
}

impl FromStr for Sender {
    type Err = InvalidSender;

    fn from_str(text: &str) -> Result<Self, InvalidSender> {
        // A line break in the name would stop the mailer at the first mail.
        if text.chars().any(char::is_control) {
            return Err(InvalidSender);
        }
        let mailbox: Mailbox = text.trim().parse().map_err(|_| InvalidSender)?;
        if mailbox.email.to_string().is_ascii() { Ok(Self(mailbox)) } else { Err(InvalidSender) }
    }
}

impl TryFrom<String> for Sender {
    type Error = InvalidSender;

    fn try_from(text: String) -> Result<Self, InvalidSender> {
        text.parse()
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(json: &str) -> Result<MailSettings, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let settings = settings("{}").unwrap();

        assert_eq!(settings.url.to_string(), "smtp://127.0.0.1:1025");
        assert_eq!(settings.from.to_string(), "Latchkey <no-reply@localhost>");
        assert_eq!(settings.from.to_string().parse(), Ok(Sender::default()));
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(settings(r#"{"sender": "a@b.test"}"#).is_err());
    }

    #[test]
    fn senders_have_an_address_with_a_name_or_without() {
        for (text, domain) in [
            ("Müller & Söhne <post@mueller.test>", "mueller.test"),
            ("\"Latchkey, Inc.\" <post@latchkey.test>", "latchkey.test"),
            (" post@localhost ", "localhost"),
        ] {
            assert_eq!(text.parse::<Sender>().unwrap().domain(), domain, "{text}");
        }
    }

    /// REG-11.
    #[test]
    fn what_would_break_a_header_is_no_sender() {
        for text in ["", "Latchkey", "a@", "a <b@c.test>\r\nBcc: d@e.test", "a\0 <b@c.test>"] {
            assert_eq!(text.parse::<Sender>(), Err(InvalidSender), "{text:?}");
        }
        assert_eq!("post@müller.test".parse::<Sender>(), Err(InvalidSender));
    }

    #[test]
    fn errors_tell_the_fix() {
        let error = settings(r#"{"from": "nobody"}"#).unwrap_err().to_string();
        assert!(error.contains("write `NAME <ADDRESS>`"), "{error}");
        let error = settings(r#"{"url": "http://mail.test"}"#).unwrap_err().to_string();
        assert!(error.contains("smtps://"), "{error}");
    }
}
