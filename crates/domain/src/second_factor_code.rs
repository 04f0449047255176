//! The codes of a second factor as a person types them: the six digits of an authentication app, and
//! a recovery code, which replaces a lost factor once.

use std::{fmt, str::FromStr};

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::symbols;

/// Digits of the code of an authentication app.
const DIGITS: usize = 6;
/// Symbols of a recovery code, which hold 80 bits.
const RECOVERY_LENGTH: usize = 16;
/// Symbols that say which of the codes of a user it is. The others are the secret: 70 bits.
const PLACE_LENGTH: usize = 2;
/// Longest text that is parsed, in bytes.
const MAX_INPUT_LENGTH: usize = 256;

/// The code that an authentication app shows. Its `Debug` output hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct AppCode(Zeroizing<String>);

/// A recovery code of 16 characters, shown in four groups. Its memory is wiped on drop, and its
/// `Debug` output hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<[u8; RECOVERY_LENGTH]>);

/// A code that proves a second factor, or replaces one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactorCode {
    /// The code of an authentication app.
    App(AppCode),
    /// A recovery code.
    Recovery(RecoveryCode),
}

/// A text that cannot be a [`SecondFactorCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the code is malformed")]
pub struct InvalidSecondFactorCode;

impl AppCode {
    /// Returns the six digits.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl RecoveryCode {
    /// Generates a random code.
    pub fn generate() -> Self {
        Self(symbols::generate())
    }

    /// Returns the code in four groups of four characters, joined by hyphens.
    pub fn expose(&self) -> Zeroizing<String> {
        symbols::grouped(self.0.as_slice())
    }

    /// Returns the two characters that say which of the codes of a user it is.
    pub fn place(&self) -> String {
        self.0.iter().take(PLACE_LENGTH).map(|byte| char::from(*byte)).collect()
    }

    /// Returns the 14 characters that are the secret (OWASP ASVS 5.0, 6.5.2).
    pub fn secret(&self) -> Zeroizing<String> {
        let mut secret = Zeroizing::new(String::with_capacity(RECOVERY_LENGTH));
        secret.extend(self.0.iter().skip(PLACE_LENGTH).map(|byte| char::from(*byte)));
        secret
    }
}

impl FromStr for AppCode {
    type Err = InvalidSecondFactorCode;

    /// Parses six digits, with spaces and dashes between them. Full-width digits and those of Arabic
    /// script are accepted.
    fn from_str(text: &str) -> Result<Self, InvalidSecondFactorCode> {
        if text.len() > MAX_INPUT_LENGTH {
            return Err(InvalidSecondFactorCode);
        }
        let mut digits = Zeroizing::new(String::with_capacity(DIGITS));
        for typed in text.nfkd().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '·')) {
            let digit = symbols::latin_digit(typed);
            if !digit.is_ascii_digit() || digits.len() == DIGITS {
                return Err(InvalidSecondFactorCode);
            }
            digits.push(digit);
        }
        if digits.len() == DIGITS { Ok(Self(digits)) } else { Err(InvalidSecondFactorCode) }
    }
}

impl FromStr for RecoveryCode {
    type Err = InvalidSecondFactorCode;

    /// Parses a code in every spelling that a person may type, as the codes in mails.
    fn from_str(text: &str) -> Result<Self, InvalidSecondFactorCode> {
        symbols::parse(text).map(Self).ok_or(InvalidSecondFactorCode)
    }
}

impl FromStr for SecondFactorCode {
    type Err = InvalidSecondFactorCode;

    /// Parses either of them; their lengths tell them apart.
    fn from_str(text: &str) -> Result<Self, InvalidSecondFactorCode> {
        text.parse().map(Self::App).or_else(|_| text.parse().map(Self::Recovery))
    }
}

impl fmt::Debug for AppCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppCode(…)")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_the_codes_apart_in_every_spelling() {
        for text in ["123456", " 123 456 ", "12-34-56", "１２３４５６", "١٢٣٤٥٦"] {
            let Ok(SecondFactorCode::App(code)) = text.parse() else { panic!("{text}") };
            assert_eq!(code.expose(), "123456", "{text}");
        }
        let code = RecoveryCode::generate();
        let shown = code.expose();
        for text in [shown.to_lowercase(), shown.replace('-', " "), shown.replace('-', "")] {
            assert_eq!(text.parse(), Ok(SecondFactorCode::Recovery(code.clone())), "{text}");
        }
        for text in
            ["", "12345", "1234567", "12345a", "7KQ2-M9XD", &"1".repeat(17), &"1".repeat(999)]
        {
            assert_eq!(text.parse::<SecondFactorCode>(), Err(InvalidSecondFactorCode), "{text}");
        }
    }

    /// MFA-04: 70 bits of secret, and none of it names the code.
    #[test]
    fn a_recovery_code_has_a_place_and_a_secret() {
        let code: RecoveryCode = "7KQ2-M9XD-0123-4567".parse().unwrap();

        assert_eq!((code.place().as_str(), code.secret().as_str()), ("7K", "Q2M9XD01234567"));
        assert_eq!(code.expose().as_str(), "7KQ2-M9XD-0123-4567");
    }

    /// LGG-06.
    #[test]
    fn codes_do_not_print_themselves() {
        let code = SecondFactorCode::Recovery(RecoveryCode::generate());
        assert_eq!(format!("{code:?}"), "Recovery(RecoveryCode(…))");
        assert_eq!(format!("{:?}", "123456".parse::<AppCode>().unwrap()), "AppCode(…)");
    }
}
