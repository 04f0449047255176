//! Display names: what a person wants to be called, as safe to print in a page,
//! a mail header or a log as any other text. Guards against header injection and
//! against text that hides or reorders what follows it.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Longest name, in characters.
const MAX_CHARS: usize = 80;

/// A name of 1 to 80 characters on one line, in Unicode form NFC.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DisplayName(String);

/// Why a text is no [`DisplayName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisplayNameError {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// More than 80 characters.
    #[error("the name is too long")]
    TooLong,
    /// A control, line-breaking, direction-changing or invisible character.
    #[error("the name has a character that cannot be shown")]
    Unprintable,
}

impl DisplayName {
    /// Reads a name, with white space around it forgiven.
    pub fn parse(input: &str) -> Result<Self, DisplayNameError> {
        // Four bytes is the longest character: the cap comes before the costly normalisation.
        if input.len() > MAX_CHARS * 4 * 2 {
            return Err(DisplayNameError::TooLong);
        }
        if input.chars().any(is_unprintable) {
            return Err(DisplayNameError::Unprintable);
        }
        let name: String = input.trim().nfc().collect();
        match name.chars().count() {
            0 => Err(DisplayNameError::Empty),
            1..=MAX_CHARS => Ok(Self(name)),
            _ => Err(DisplayNameError::TooLong),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_world_are_accepted_and_composed() {
        for name in ["Zoë", "Zoe\u{308}", "陳大文", "O’Neill-Ångström", "أمل", "👩‍🚀 Ada"]
        {
            assert!(DisplayName::parse(name).is_ok(), "{name}");
        }
        assert_eq!(DisplayName::parse("Zoe\u{308}"), DisplayName::parse(" Zoë "));
    }

    /// REG-11, INP-01.
    #[test]
    fn header_breaks_and_hidden_characters_are_refused() {
        for name in ["a\r\nBcc: b", "a\0", "a\u{202e}b", "a\u{2028}b", "a\u{fffd}", "a\u{200b}"] {
            assert_eq!(DisplayName::parse(name), Err(DisplayNameError::Unprintable), "{name:?}");
        }
    }

    /// INP-06.
    #[test]
    fn the_length_is_counted_in_characters_and_capped_before_normalising() {
        assert!(DisplayName::parse(&"é".repeat(80)).is_ok());
        assert_eq!(DisplayName::parse(&"é".repeat(81)), Err(DisplayNameError::TooLong));
        assert_eq!(DisplayName::parse(&"\u{301}".repeat(32_768)), Err(DisplayNameError::TooLong));
        assert_eq!(DisplayName::parse(" \u{3000}"), Err(DisplayNameError::Empty));
    }
}
