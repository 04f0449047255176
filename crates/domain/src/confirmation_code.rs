//! The short secret that proves an address by being typed: for people who read
//! their mail on another device than the one they are signing up on.

use std::{fmt, str::FromStr};

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::random;

/// Digits and letters of Crockford's base 32: none is mistaken for another, because
/// those that could be are read as the one that is there.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Length without the hyphen; 40 bits, for ten tries of one browser.
const LENGTH: usize = 8;
/// Longest text that is looked at, in bytes: a code with much around it.
const MAX_INPUT_LENGTH: usize = 256;

/// Eight characters, shown as `7KQ2-M9XD`.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfirmationCode(Zeroizing<[u8; LENGTH]>);

/// A text that cannot be a [`ConfirmationCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the code is malformed")]
pub struct InvalidConfirmationCode;

impl ConfirmationCode {
    /// A fresh code.
    pub fn generate() -> Self {
        let symbol = |byte| ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or_default();
        Self(Zeroizing::new(random::bytes::<LENGTH>().map(symbol)))
    }

    /// The characters, to be signed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The code as it is mailed: two groups of four.
    pub fn expose(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + 1));
        for (index, byte) in self.0.iter().enumerate() {
            if index == LENGTH / 2 {
                text.push('-');
            }
            text.push(char::from(*byte));
        }
        text
    }
}

impl FromStr for ConfirmationCode {
    type Err = InvalidConfirmationCode;

    /// Reads a code however it is written: in capitals or not, in letters of full width
    /// or digits of Arabic script, with O for zero and I or L for one, and with any
    /// dashes, dots, spaces or other signs in it and around it.
    fn from_str(text: &str) -> Result<Self, InvalidConfirmationCode> {
        if text.len() > MAX_INPUT_LENGTH {
            return Err(InvalidConfirmationCode);
        }
        let mut code = Zeroizing::new([0; LENGTH]);
        let mut places = code.iter_mut();
        for typed in text.nfkd().filter(|c| c.is_alphanumeric() && !is_filler(*c)) {
            let symbol = match latin_digit(typed).to_ascii_uppercase() {
                'O' => b'0',
                // A keyboard for Turkish has an I without a dot.
                'I' | 'L' | 'ı' => b'1',
                other => u8::try_from(other).map_err(|_| InvalidConfirmationCode)?,
            };
            if !ALPHABET.contains(&symbol) {
                return Err(InvalidConfirmationCode);
            }
            *places.next().ok_or(InvalidConfirmationCode)? = symbol;
        }
        if places.next().is_some() {
            return Err(InvalidConfirmationCode);
        }
        Ok(Self(code))
    }
}

/// A digit of Arabic or Persian script as the one that it is.
fn latin_digit(c: char) -> char {
    let value = match c {
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(c) - 0x6f0,
        _ => return c,
    };
    char::from_digit(value, 10).unwrap_or(c)
}

/// The invisible letters of Hangul.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
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
