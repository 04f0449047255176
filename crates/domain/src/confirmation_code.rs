//! The short code that confirms an address. It is mailed beside the link, for people who read
//! their mail on another device than the one on which they sign up.
//!
//! Guards against guessing together with a limit of tries, which this module does not count.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use crate::symbols;

/// Length of a code without the hyphen, in characters. It holds 40 bits, and a browser has ten
/// tries.
const LENGTH: usize = 8;

/// A random code of eight characters (40 bits), shown as `7KQ2-M9XD`. Its memory is wiped on
/// drop, and its `Debug` output hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfirmationCode(Zeroizing<[u8; LENGTH]>);

/// A text that cannot be a [`ConfirmationCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the code is malformed")]
pub struct InvalidConfirmationCode;

impl ConfirmationCode {
    /// Generates a random code.
    pub fn generate() -> Self {
        Self(symbols::generate())
    }

    /// Returns the code of these bytes, random or a MAC. Each of the first eight bytes chooses a
    /// character by its lower five bits.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(symbols::of_bytes(bytes))
    }

    /// Returns the eight ASCII characters without the hyphen, as input for a signature.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Returns the code as it is mailed: two groups of four characters, joined by a hyphen.
    pub fn expose(&self) -> Zeroizing<String> {
        symbols::grouped(self.0.as_slice())
    }
}

impl FromStr for ConfirmationCode {
    type Err = InvalidConfirmationCode;

    /// Parses a code in every spelling that a person may type. Case does not matter. Full-width
    /// letters and digits of Arabic script are accepted. O counts as zero, I and L count as one.
    /// Dashes, dots, spaces and other characters that are neither letters nor digits are ignored.
    fn from_str(text: &str) -> Result<Self, InvalidConfirmationCode> {
        symbols::parse(text).map(Self).ok_or(InvalidConfirmationCode)
    }
}

impl fmt::Debug for ConfirmationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConfirmationCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = ConfirmationCode::generate();
        let shown = code.expose();

        assert_eq!((shown.len(), shown.find('-')), (9, Some(4)));
        for typed in [
            shown.to_string(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " "),
            format!(" {} ", shown.replace('-', "\u{a0}")),
            shown.replace('0', "o").replace('1', "l"),
            shown.replace('1', "ı"),
            shown.to_lowercase().replace('1', "İ"),
            format!("\u{feff}„{}.“", shown.replace('-', "\u{200b}")),
            shown.chars().map(full_width).collect(),
            shown.chars().map(arabic).collect(),
        ] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for sign in
            "‐‑‒–—―−－﹣~.·•。，,_/|:  \u{a0}\u{2009}\u{3000}\t\r\n\u{200b}\u{2060}\u{ad}\u{3164}"
                .chars()
        {
            let typed = shown.replace('-', &sign.to_string());
            assert_eq!(typed.parse(), Ok(code.clone()), "{sign:?}");
        }
        assert_ne!(ConfirmationCode::generate(), code);
    }

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        for wrong in
            ["", "7KQ2M9X", "7KQ2M9XDD", "7KQ2-M9XU", "7KQ2-M9XÉÉ", "7KQ2-M9XЖ", "7KQ2-M9X①①"]
        {
            assert_eq!(wrong.parse::<ConfirmationCode>(), Err(InvalidConfirmationCode), "{wrong}");
        }
    }

    /// INP-06.
    #[test]
    fn a_text_that_is_much_longer_than_a_code_is_refused_unread() {
        assert_eq!("-".repeat(300).parse::<ConfirmationCode>(), Err(InvalidConfirmationCode));
    }

    fn full_width(c: char) -> char {
        char::from_u32(u32::from(c) + 0xfee0).unwrap()
    }

    fn arabic(c: char) -> char {
        c.to_digit(10).map_or(c, |digit| char::from_u32(0x660 + digit).unwrap())
    }

    /// LGG-06.
    #[test]
    fn a_code_does_not_print_itself() {
        assert_eq!(format!("{:?}", ConfirmationCode::generate()), "ConfirmationCode(…)");
    }
}
