//! The section `mail` of the configuration: the mail server and the sender.

use std::{fmt, str::FromStr};

use domain::Brand;
use lettre::message::Mailbox;
use serde::{Deserialize, Deserializer, de};

use super::{
    ca_file::CaFile,
    mail_url::{Encryption, MailUrl},
};

/// How mails leave this server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// The server that takes them.
    pub url: MailUrl,
    /// The sender of every mail.
    pub from: Sender,
    /// A private CA that is trusted besides the public ones.
    pub ca_file: Option<CaFile>,
    /// Whether mails may go to a remote server without encryption in production, because only trusted
    /// machines are in the network.
    pub trusted_network: bool,
    /// Most mails on their way at once, 1 to 64.
    #[serde(deserialize_with = "concurrency")]
    pub max_concurrent: usize,
}

/// The upper bound of `max_concurrent`.
const MAX_CONCURRENT: usize = 64;

/// Why settings do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMailSettings {
    /// `ca_file` is set, and `url` has no TLS.
    #[error(
        "mail.ca_file is of no use with `smtp://`; set mail.url to `smtps://…` or `smtp+starttls://…`"
    )]
    CaWithoutTls,
}

impl MailSettings {
    /// Checks the values that are valid only together.
    pub fn validate(&self) -> Result<(), InvalidMailSettings> {
        let is_clear = self.url.encryption() == Encryption::None;
        if self.ca_file.is_some() && is_clear {
            return Err(InvalidMailSettings::CaWithoutTls);
        }
        Ok(())
    }

    /// Whether mails would cross a network in the clear that is not trusted.
    pub fn is_plaintext_to_remote(&self) -> bool {
        self.url.is_plaintext_to_remote() && !self.trusted_network
    }
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            url: MailUrl::default(),
            from: Sender::default(),
            ca_file: None,
            trusted_network: false,
            max_concurrent: 4,
        }
    }
}

fn concurrency<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let count = usize::deserialize(deserializer)?;
    if (1..=MAX_CONCURRENT).contains(&count) {
        Ok(count)
    } else {
        Err(de::Error::custom("is no number from 1 to 64"))
    }
}

/// The sender of mails: an address, with or without a name.
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

    /// The sender until one is configured: the product at this machine.
    pub fn of(brand: &Brand) -> Self {
        let address = lettre::Address::new_dangerous("no-reply", "localhost");
        Self(Mailbox::new(Some(brand.name.to_owned()), address))
    }

    pub(super) const fn mailbox(&self) -> &Mailbox {
        &self.0
    }
}

impl Default for Sender {
    fn default() -> Self {
        Self::of(&Brand::EXAMPLE)
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
    use crate::mail::testing::pem;

    fn settings(json: &str) -> Result<MailSettings, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let settings = settings("{}").unwrap();

        assert_eq!(settings.url.to_string(), "smtp://127.0.0.1:1025");
        assert_eq!(settings.from.to_string(), "Example <no-reply@localhost>");
        assert_eq!(settings.from.to_string().parse(), Ok(Sender::default()));
    }

    /// MAI-05.
    #[test]
    fn a_private_ca_is_read_with_the_settings_and_has_to_be_of_use() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let key = rcgen::KeyPair::generate().unwrap();
        let ca = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        let ca = pem("CERTIFICATE", ca.der());
        let of = |path: &str, url: &str| {
            settings(&format!(r#"{{"ca_file": "{path}", "url": "{url}"}}"#))
        };

        let two = of(&write("two.pem", &format!("{ca}{ca}")), "smtps://mail.test").unwrap();
        assert_eq!(two.ca_file.as_ref().unwrap().certificates().count(), 2);
        assert_eq!(two.validate(), Ok(()));
        let clear = of(&write("one.pem", &ca), "smtp://mail.test").unwrap();
        assert_eq!(clear.validate(), Err(InvalidMailSettings::CaWithoutTls));
        let broken = pem("CERTIFICATE", b"none");
        for path in [
            folder.path().join("none.pem").display().to_string(),
            write("empty.pem", ""),
            write("key.pem", &pem("PRIVATE KEY", &key.serialize_der())),
            write("broken.pem", &broken),
            write("half.pem", &format!("{ca}{broken}")),
        ] {
            assert!(of(&path, "smtps://mail.test").is_err(), "{path}");
        }
    }

    #[test]
    fn mails_on_their_way_are_counted_within_bounds() {
        assert_eq!(settings("{}").unwrap().max_concurrent, 4);
        assert_eq!(settings(r#"{"max_concurrent": 64}"#).unwrap().max_concurrent, 64);
        for count in ["0", "65", "-1", "\"many\""] {
            assert!(settings(&format!(r#"{{"max_concurrent": {count}}}"#)).is_err(), "{count}");
        }
    }

    /// MAI-05.
    #[test]
    fn a_network_is_trusted_only_where_a_setting_says_so() {
        let of =
            |trust: &str| settings(&format!(r#"{{"url": "smtp://mail.test"{trust}}}"#)).unwrap();

        assert!(of("").is_plaintext_to_remote());
        assert!(!of(r#", "trusted_network": true"#).is_plaintext_to_remote());
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(settings(r#"{"sender": "a@b.test"}"#).is_err());
    }

    #[test]
    fn senders_have_an_address_with_a_name_or_without() {
        for (text, domain) in [
            ("Müller & Söhne <post@mueller.test>", "mueller.test"),
            ("\"Example, Inc.\" <post@app.test>", "app.test"),
            (" post@localhost ", "localhost"),
        ] {
            assert_eq!(text.parse::<Sender>().unwrap().domain(), domain, "{text}");
        }
    }

    /// REG-11.
    #[test]
    fn what_would_break_a_header_is_no_sender() {
        for text in ["", "Example", "a@", "a <b@c.test>\r\nBcc: d@e.test", "a\0 <b@c.test>"] {
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
