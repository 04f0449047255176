//! The URL of the mail server, which also says whether the connection is encrypted.
//!
//! Encryption is required or absent, never opportunistic: an attacker on the network could strip
//! the offer. Neither the URL nor its errors print the password.

use std::{fmt, net::Ipv4Addr, str::FromStr};

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::{Host, Url};
use zeroize::Zeroizing;

/// `smtp://`, `smtp+starttls://` or `smtps://`, then `USER:PASSWORD@` if the server
/// wants them, a host and a port (without one: 25, 587 or 465).
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MailUrl {
    encryption: Encryption,
    host: Host,
    port: u16,
    login: Option<Login>,
}

/// How the line to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Not at all.
    None,
    /// By TLS from the second command on; refused where the server has none.
    StartTls,
    /// By TLS from the first byte on.
    Tls,
}

/// The credentials of this server at the mail server.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: Zeroizing<String>,
}

/// Why a text is no [`MailUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMailUrl {
    /// Not a URL of one of the three schemes.
    #[error(
        "is not the URL of a mail server; write `smtps://USER:PASSWORD@HOST:PORT`, or with `smtp+starttls://` or `smtp://`"
    )]
    Malformed,
    /// No host, or something that cannot be one.
    #[error("names no host; write `smtps://USER:PASSWORD@HOST:PORT`")]
    Host,
    /// More than host and port.
    #[error(
        "goes on after host and port; end it there, and percent-encode special characters of user and password"
    )]
    Trailing,
    /// A user without a password or the reverse, or one that is not UTF-8.
    #[error("needs both user and password, percent-encoded, or neither")]
    Login,
}

impl Encryption {
    const fn scheme(self) -> &'static str {
        match self {
            Self::None => "smtp",
            Self::StartTls => "smtp+starttls",
            Self::Tls => "smtps",
        }
    }

    /// The port of RFC 5321, RFC 6409 and RFC 8314.
    const fn default_port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::StartTls => 587,
            Self::Tls => 465,
        }
    }
}

impl MailUrl {
    /// The host, an IPv6 address without brackets.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        }
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether mails, and the links in them, would cross a network in the clear.
    pub fn is_plaintext_to_remote(&self) -> bool {
        let loopback = match &self.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        };
        self.encryption == Encryption::None && !loopback
    }

    pub(super) const fn encryption(&self) -> Encryption {
        self.encryption
    }

    pub(super) const fn login(&self) -> Option<&Login> {
        self.login.as_ref()
    }
}

impl Default for MailUrl {
    fn default() -> Self {
        Self {
            encryption: Encryption::None,
            host: Host::Ipv4(Ipv4Addr::LOCALHOST),
            port: 1025,
            login: None,
        }
    }
}

impl FromStr for MailUrl {
    type Err = InvalidMailUrl;

    fn from_str(text: &str) -> Result<Self, InvalidMailUrl> {
        // The parser silently removes these, from a password too.
        if text.trim() != text || text.chars().any(char::is_control) {
            return Err(InvalidMailUrl::Malformed);
        }
        let url = Url::parse(text).map_err(|_| InvalidMailUrl::Malformed)?;
        let encryption = [Encryption::None, Encryption::StartTls, Encryption::Tls]
            .into_iter()
            .find(|encryption| encryption.scheme() == url.scheme())
            .ok_or(InvalidMailUrl::Malformed)?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidMailUrl::Trailing);
        }
        let port = url.port().unwrap_or_else(|| encryption.default_port());
        Ok(Self { encryption, host: parse_host(&url)?, port, login: parse_login(&url)? })
    }
}

impl TryFrom<String> for MailUrl {
    type Error = InvalidMailUrl;

    fn try_from(text: String) -> Result<Self, InvalidMailUrl> {
        Zeroizing::new(text).parse()
    }
}

impl fmt::Display for MailUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = if self.login.is_some() { "…@" } else { "" };
        write!(f, "{}://{login}{}:{}", self.encryption.scheme(), self.host, self.port)
    }
}

impl fmt::Debug for MailUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The URL parser does not know the scheme, so the host is parsed separately.
fn parse_host(url: &Url) -> Result<Host, InvalidMailUrl> {
    match url.host() {
        Some(Host::Ipv6(ip)) => Ok(Host::Ipv6(ip)),
        Some(Host::Ipv4(ip)) => Ok(Host::Ipv4(ip)),
        Some(Host::Domain(name)) if !name.is_empty() => {
            Host::parse(name).map_err(|_| InvalidMailUrl::Host)
        }
        Some(Host::Domain(_)) | None => Err(InvalidMailUrl::Host),
    }
}

fn parse_login(url: &Url) -> Result<Option<Login>, InvalidMailUrl> {
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err(InvalidMailUrl::Login),
        (user, Some(password)) => {
            Ok(Some(Login { user: decode(user)?, password: Zeroizing::new(decode(password)?) }))
        }
    }
}

fn decode(text: &str) -> Result<String, InvalidMailUrl> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| InvalidMailUrl::Login)?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> MailUrl {
        text.parse().unwrap()
    }

    #[test]
    fn the_scheme_decides_on_encryption_and_the_port_left_out() {
        for (text, encryption, port) in [
            ("smtp://mail.test", Encryption::None, 25),
            ("smtp+starttls://mail.test", Encryption::StartTls, 587),
            ("smtps://mail.test/", Encryption::Tls, 465),
            ("smtps://mail.test:2465", Encryption::Tls, 2465),
        ] {
            let url = url(text);
            assert_eq!((url.encryption, url.port), (encryption, port), "{text}");
            assert_eq!(url.host(), "mail.test");
        }
    }

    #[test]
    fn hosts_are_names_and_addresses() {
        assert_eq!(url("smtp://[::1]:1025").host(), "::1");
        assert_eq!(url("smtp://[::1]:1025").to_string(), "smtp://[::1]:1025");
        assert_eq!(url("smtp://127.0.0.1:1025"), MailUrl::default());
        assert_eq!(url("smtps://Bücher.test").host(), "xn--bcher-kva.test");
    }

    #[test]
    fn user_and_password_are_percent_decoded() {
        let url = url("smtps://mia%40mail.test:p%2Fs%20s%25@mail.test");

        let login = url.login().unwrap();
        assert_eq!(login.user, "mia@mail.test");
        assert_eq!(login.password.as_str(), "p/s s%");
    }

    /// LGG-01.
    #[test]
    fn neither_the_url_nor_an_error_prints_the_password() {
        let good = url("smtps://mia:s3cret@mail.test");
        assert_eq!(format!("{good} {good:?}"), "smtps://…@mail.test:465 smtps://…@mail.test:465");
        for (text, expected) in [
            ("smtps://mia:s3cret#x@mail.test", InvalidMailUrl::Malformed),
            ("smtps://mia:s3cret@mail.test/x", InvalidMailUrl::Trailing),
            ("http://mia:s3cret@mail.test", InvalidMailUrl::Malformed),
            ("smtps://mia:42#s3cret@mail.test", InvalidMailUrl::Trailing),
            ("smtps://mia:42/s3cret@mail.test", InvalidMailUrl::Trailing),
            ("smtps://mia:42?s3cret@mail.test", InvalidMailUrl::Trailing),
            ("smtps://mia:s3c\nret@mail.test", InvalidMailUrl::Malformed),
            ("smtps://mia:s3cret@mail.test ", InvalidMailUrl::Malformed),
            ("smtps://:s3cret@mail.test", InvalidMailUrl::Login),
        ] {
            let error = text.parse::<MailUrl>().unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("s3c") && !error.to_string().contains("42"));
        }
    }

    #[test]
    fn what_names_no_mail_server_is_refused() {
        for (text, expected) in [
            ("", InvalidMailUrl::Malformed),
            ("mail.test:25", InvalidMailUrl::Malformed),
            ("smtp:", InvalidMailUrl::Host),
            ("smtp:///", InvalidMailUrl::Host),
            ("smtp://mail.test:99999", InvalidMailUrl::Malformed),
            ("smtp://mail.test?tls=required", InvalidMailUrl::Trailing),
            ("smtp://mia@mail.test", InvalidMailUrl::Login),
            ("smtp://mia:%ff@mail.test", InvalidMailUrl::Login),
        ] {
            assert_eq!(text.parse::<MailUrl>(), Err(expected), "{text}");
        }
    }

    #[test]
    fn only_a_remote_server_without_encryption_counts_as_plaintext() {
        assert!(url("smtp://mail.test").is_plaintext_to_remote());
        assert!(url("smtp://10.0.0.1").is_plaintext_to_remote());
        for safe in
            ["smtp://localhost", "smtp://127.0.0.9", "smtp://[::1]", "smtp+starttls://mail.test"]
        {
            assert!(!url(safe).is_plaintext_to_remote(), "{safe}");
        }
    }
}
