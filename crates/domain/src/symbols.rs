//! The symbols of codes that people type: Crockford's base 32, five bits each.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::random;

/// The symbols. They omit I, L and O, which look like digits and are read as those digits, and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Longest text that is parsed, in bytes. It leaves room for other text around the code.
const MAX_INPUT_LENGTH: usize = 256;

/// Draws random symbols, 32 at most.
pub(crate) fn generate<const N: usize>() -> Zeroizing<[u8; N]> {
    of_bytes(&random::bytes())
}

/// Returns `N` symbols, 32 at most. Each byte chooses one by its lower five bits.
pub(crate) fn of_bytes<const N: usize>(bytes: &[u8; 32]) -> Zeroizing<[u8; N]> {
    let mut code = Zeroizing::new([0; N]);
    for (place, byte) in code.iter_mut().zip(bytes) {
        *place = ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or_default();
    }
    code
}

/// Reads `N` symbols in every spelling that a person may type. Case does not matter. Full-width
/// letters and digits of Arabic script are accepted. O counts as zero, I and L count as one. Dashes,
/// dots, spaces and other characters that are neither letters nor digits are ignored.
pub(crate) fn parse<const N: usize>(text: &str) -> Option<Zeroizing<[u8; N]>> {
    if text.len() > MAX_INPUT_LENGTH {
        return None;
    }
    let mut code = Zeroizing::new([0; N]);
    let mut places = code.iter_mut();
    for typed in text.nfkd().filter(|c| c.is_alphanumeric() && !is_filler(*c)) {
        let symbol = match latin_digit(typed).to_ascii_uppercase() {
            'O' => b'0',
            // The Turkish keyboard has a dotless i.
            'I' | 'L' | 'ı' => b'1',
            other => u8::try_from(other).ok()?,
        };
        if !ALPHABET.contains(&symbol) {
            return None;
        }
        *places.next()? = symbol;
    }
    if places.next().is_some() {
        return None;
    }
    Some(code)
}

/// Returns the code in groups of four symbols, joined by hyphens.
pub(crate) fn grouped(code: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(code.len() + code.len() / 4));
    for (index, byte) in code.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(*byte));
    }
    text
}

/// Converts a digit of the Arabic or the Persian script to the ASCII digit of the same value.
pub(crate) fn latin_digit(c: char) -> char {
    let value = match c {
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(c) - 0x6f0,
        _ => return c,
    };
    char::from_digit(value, 10).unwrap_or(c)
}

/// Returns whether `c` is a Hangul filler: Unicode counts it as a letter, but it is invisible.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}
