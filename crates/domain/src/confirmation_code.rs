//! The short secret that proves an address by being typed: for people who read
//! their mail on another device than the one they are signing up on.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use crate::random;

/// Digits and letters of Crockford's base 32: none is mistaken for another, because
/// those that could be are read as the one that is there.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Length without the hyphen; 40 bits, for ten tries of one browser.
const LENGTH: usize = 8;

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

    /// Reads what somebody typed: in capitals or not, with hyphens and spaces
    /// wherever they like, and with O for zero and I or L for one.
    fn from_str(text: &str) -> Result<Self, InvalidConfirmationCode> {
        let mut code = Zeroizing::new([0; LENGTH]);
        let mut places = code.iter_mut();
        for typed in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let symbol = match typed.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
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
        ] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        assert_ne!(ConfirmationCode::generate(), code);
    }

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        for wrong in ["", "7KQ2M9X", "7KQ2M9XDD", "7KQ2-M9XU", "7KQ2-M9X\u{ff13}", "7KQ2.M9XD"] {
            assert_eq!(wrong.parse::<ConfirmationCode>(), Err(InvalidConfirmationCode), "{wrong}");
        }
    }

    /// LGG-06.
    #[test]
    fn a_code_does_not_print_itself() {
        assert_eq!(format!("{:?}", ConfirmationCode::generate()), "ConfirmationCode(…)");
    }
}
