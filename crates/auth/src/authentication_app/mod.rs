//! Authentication apps: time-based one-time passwords (TOTP, RFC 6238) of six digits every 30
//! seconds, by a secret of 160 bits.
//!
//! SHA-1, six digits and 30 seconds are what every app understands; several ignore anything else in
//! silence. HMAC-SHA-1 is not weakened by collisions of SHA-1 (RFC 4226, appendix B.2). The step
//! before and the one after the present are accepted as well, for clocks that are off and people who
//! are slow: a code is good for 90 seconds at most, and once.

mod enrolment;

use std::fmt;

use domain::{AppCode, Brand, EmailAddress, Timestamp, random};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

pub use self::enrolment::{AddApp, AddAppError, AppEnrolment, NoEnrolment};

/// Bytes of a secret: as many as HMAC-SHA-1 gives (RFC 4226, section 4, R6).
const SECRET_BYTES: usize = 20;
/// Seconds of a step.
const STEP_SECONDS: u64 = 30;
/// The alphabet of RFC 4648, section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Everything but what RFC 3986 calls unreserved.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The secret that an app shares with the site. Its memory is wiped, and it does not print itself.
#[derive(Clone)]
pub(crate) struct AppSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl AppSecret {
    pub(crate) fn generate() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The step that this is the code of, among the present one and its neighbours.
    pub(crate) fn check(&self, code: &AppCode, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.as_seconds()).ok()?;
        let step = self.totp().check(code.expose(), seconds)?;
        i64::try_from(step).ok()
    }

    fn totp(&self) -> Totp {
        Builder::new().with_secret(*self.0).with_step_duration(STEP_SECONDS).build_noncompliant()
    }

    /// The secret in base 32, for an app.
    fn base32(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SECRET_BYTES * 8 / 5));
        let (mut bits, mut held) = (0_u32, 0_u32);
        for byte in self.0.iter() {
            bits = (bits << 8) | u32::from(*byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                let place = (bits >> held) & 31;
                let symbol = usize::try_from(place).ok().and_then(|place| BASE32.get(place));
                text.push(char::from(symbol.copied().unwrap_or_default()));
            }
            bits &= (1 << held) - 1;
        }
        text
    }

    /// The address that sets an app up: `otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=…`.
    fn uri(&self, brand: &Brand, email: &EmailAddress) -> Zeroizing<String> {
        // A colon would end the name of the issuer.
        let issuer = brand.name.replace(':', " ");
        let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
        let (issuer, account) = (escaped(issuer.trim()), escaped(email.as_str()));
        let secret = self.base32();
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
            secret.as_str()
        ))
    }
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(bytes: &[u8]) -> AppSecret {
        AppSecret::from_bytes(bytes).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    /// MFA-06: the vectors of RFC 6238, appendix B, to six digits.
    #[test]
    fn codes_are_those_of_the_rfc_within_one_step() {
        let secret = secret(b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let code: AppCode = code.parse().unwrap();
            let step = seconds / 30;
            for (now, expected) in [
                (seconds, Some(step)),
                ((step + 2) * 30 - 1, Some(step)),
                ((step + 2) * 30, None),
                ((step - 1) * 30, Some(step)),
                ((step - 1) * 30 - 1, None),
            ] {
                assert_eq!(secret.check(&code, at(now)), expected, "{seconds} {now}");
            }
        }
    }

    /// MFA-04 (CVE-2024-8796): 160 bits.
    #[test]
    fn a_secret_has_160_bits_and_is_written_in_base_32() {
        assert_eq!(AppSecret::generate().as_bytes().len() * 8, 160);
        assert!(AppSecret::from_bytes(&[1; 15]).is_none());
        let secret = secret(b"12345678901234567890");
        assert_eq!(secret.base32().as_str(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let brand = Brand { name: "A: B", ..Brand::EXAMPLE };
        let email = EmailAddress::parse("mia+x@example.org").unwrap();
        assert_eq!(
            secret.uri(&brand, &email).as_str(),
            "otpauth://totp/A%20%20B:mia%2Bx%40example.org\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=A%20%20B"
        );
    }
}
