//! Email addresses, in the one spelling that identifies an account.
//!
//! An address is normalised once and then validated, so that no later step can turn one address
//! into another (GHSA-7rqj-j65f-68wh, CVE-2019-19844). The local part is lower-case ASCII, the
//! domain is lower-case ASCII after IDNA (UTS #46). The mailer accepts every address that this
//! module accepts. Quoted local parts and IP literals are refused.

use std::fmt;

use crate::text;

/// Longest address in bytes (RFC 5321 §4.5.3.1.3, without the angle brackets).
const MAX_LENGTH: usize = 254;
/// Longest local part in bytes (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL_LENGTH: usize = 64;
/// Longest input that is parsed, in bytes: a Unicode domain can be longer than its ASCII form.
const MAX_INPUT_LENGTH: usize = 1024;

/// An address of at most 254 bytes that can have an account and can receive mail. Two spellings
/// of one mailbox that differ in case or in the form of the domain are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// The reason why a text is not an [`EmailAddress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailAddressError {
    /// The text is empty, or has only invisible characters.
    #[error("the address is empty")]
    Empty,
    /// The address has more than 254 bytes, or more than 64 before the `@`.
    #[error("the address is too long")]
    TooLong,
    /// The address is not of the form `local@domain.tld`, or has a character that is not accepted.
    #[error("the address is malformed")]
    Malformed,
}

impl EmailAddress {
    /// Parses an address. White space and invisible characters around it are ignored.
    pub fn parse(input: &str) -> Result<Self, EmailAddressError> {
        if input.len() > MAX_INPUT_LENGTH {
            return Err(EmailAddressError::TooLong);
        }
        let input = text::trim(input);
        if input.is_empty() {
            return Err(EmailAddressError::Empty);
        }
        let (local, domain) = input.rsplit_once('@').ok_or(EmailAddressError::Malformed)?;
        let local = parse_local(local)?;
        let domain = parse_domain(domain)?;
        let address = format!("{local}@{domain}");
        if address.len() > MAX_LENGTH {
            return Err(EmailAddressError::TooLong);
        }
        Ok(Self(address))
    }

    /// Returns the whole address in ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part before the `@`.
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// Returns the whole address with its domain in Unicode, for people to read (UTS #46 §4.3).
    pub fn to_unicode(&self) -> String {
        let (domain, _) = idna::domain_to_unicode(self.domain());
        format!("{}@{domain}", self.local())
    }

    /// Returns the part after the `@`, in ASCII.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Parses a `dot-atom` (RFC 5322 §3.2.3). A leading hyphen is refused, because some mail
/// programs read it as an option.
fn parse_local(local: &str) -> Result<String, EmailAddressError> {
    if local.len() > MAX_LOCAL_LENGTH {
        return Err(EmailAddressError::TooLong);
    }
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atext);
    if local.starts_with('-') || !local.split('.').all(is_atom) {
        return Err(EmailAddressError::Malformed);
    }
    Ok(local.to_ascii_lowercase())
}

fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// Parses a host name of at least two labels, the last of which is not a number.
fn parse_domain(domain: &str) -> Result<String, EmailAddressError> {
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| EmailAddressError::Malformed)?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let top = labels.last().copied().unwrap_or_default();
    if labels.len() < 2 || top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(EmailAddressError::Malformed);
    }
    Ok(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(input: &str) -> Result<String, EmailAddressError> {
        EmailAddress::parse(input).map(|address| address.as_str().to_owned())
    }

    #[test]
    fn spellings_of_one_mailbox_are_one_address() {
        assert_eq!(parse(" Mia.Muster@Example.ORG ").as_deref(), Ok("mia.muster@example.org"));
        assert_eq!(parse("mia@BÜCHER.example").as_deref(), Ok("mia@xn--bcher-kva.example"));
        assert_eq!(parse("mia@bu\u{308}cher.example"), parse("mia@xn--bcher-kva.example"));
    }

    /// Invisible characters that were copied along with an address are not part of it.
    #[test]
    fn invisible_characters_around_an_address_are_forgiven() {
        for blank in
            ["\u{a0}", "\u{200b}", "\u{feff}", "\u{2060}", "\u{200e}", "\u{3000}", "\u{ad}"]
        {
            let typed = format!("{blank} mia@example.org{blank}\r\n");
            assert_eq!(parse(&typed).as_deref(), Ok("mia@example.org"), "{blank:?}");
            assert_eq!(parse(blank), Err(EmailAddressError::Empty), "{blank:?}");
            let within = format!("mi{blank}a@example.org");
            assert_eq!(parse(&within), Err(EmailAddressError::Malformed), "{blank:?}");
        }
    }

    #[test]
    fn a_domain_can_be_shown_as_people_write_it() {
        let address = EmailAddress::parse("mia@BÜCHER.example").unwrap();
        assert_eq!(address.to_unicode(), "mia@bücher.example");
    }

    /// REG-09, REG-10, INP-07.
    #[test]
    fn look_alikes_lists_and_policy_breakers_are_refused() {
        for input in [
            "victim\u{ff20}x.test",
            "a@b@c.test",
            "a@x.test,b@y.test",
            "m\u{131}ke@x.test",
            "a b@x.test",
            "\"a b\"@x.test",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@localhost",
            "-oQ@x.test",
            "a..b@x.test",
            ".a@x.test",
            "a@x.test\u{0}",
            "a@x.test\u{202e}",
            "a@x.test\u{2028}",
            "victim\u{fe6b}x.test",
            "ｍia@x.test",
            "a@x.test\r\nBcc: b@y.test",
            "a@x%0a.test",
            "@x.test",
            "a@",
            "a@-x.test",
            "a@x..test",
            "a@x.test.",
        ] {
            assert_eq!(parse(input), Err(EmailAddressError::Malformed), "{input:?}");
        }
    }

    #[test]
    fn lengths_are_bounded() {
        let local = "a".repeat(64);
        assert!(parse(&format!("{local}@x.test")).is_ok());
        assert_eq!(parse(&format!("{local}a@x.test")), Err(EmailAddressError::TooLong));
        assert_eq!(parse(&"a".repeat(5_000)), Err(EmailAddressError::TooLong));
        assert_eq!(parse("  "), Err(EmailAddressError::Empty));
    }
}
