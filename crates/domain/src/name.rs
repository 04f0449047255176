//! Display names: the names by which people want to be called, safe to print in a page, a mail
//! header or a log.
//!
//! Guards against header injection, against characters that hide, reorder or overprint the text
//! beside them, and against web addresses in a name (spam by the greeting of a mail). Does not
//! check whether a name is real or unique.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::text;

/// Longest name, in characters.
const MAX_CHARS: usize = 80;
/// Longest input that is parsed, in bytes: a character has at most four bytes, and composition
/// turns two characters into one.
const MAX_BYTES: usize = MAX_CHARS * 4 * 2;

/// A name of 1 to 80 characters on one line, in Unicode form NFC.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DisplayName(String);

/// The reason why a text is not a [`DisplayName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisplayNameError {
    /// The name is empty, or has only invisible characters.
    #[error("the name is empty")]
    Empty,
    /// The name has more than 80 characters after normalisation, or more than 640 bytes.
    #[error("the name is too long")]
    TooLong,
    /// The name has a control, line-breaking, direction-changing or invisible character.
    #[error("the name has a character that cannot be shown")]
    Unprintable,
    /// A letter has more than four marks or the same mark twice, or a mark has no letter
    /// (UTS #39 §5.4).
    #[error("the name has too many marks on one letter")]
    StackedMarks,
    /// The name has a web address or an `@`.
    #[error("the name holds a web address or an @")]
    Link,
}

impl DisplayName {
    /// Parses a name that a person typed. Invisible characters around it are ignored. Every
    /// other kind of space becomes U+0020 (RFC 8266 §2.1).
    pub fn parse(input: &str) -> Result<Self, DisplayNameError> {
        // Checked first, because normalisation is expensive.
        if input.len() > MAX_BYTES {
            return Err(DisplayNameError::TooLong);
        }
        let typed = text::trim(input);
        if typed.is_empty() {
            return Err(DisplayNameError::Empty);
        }
        if !text::is_visible(typed) {
            return Err(DisplayNameError::Unprintable);
        }
        if text::has_stacked_marks(typed) {
            return Err(DisplayNameError::StackedMarks);
        }
        if text::holds_link(typed) {
            return Err(DisplayNameError::Link);
        }
        let spaced = typed.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
        Self::capped(spaced.nfc().collect())
    }

    /// Reads a name from the database. Accepts every name of 1 to 80 characters that is safe to
    /// print, so that names accepted by an older rule stay valid.
    pub fn from_stored(text: &str) -> Result<Self, DisplayNameError> {
        if text.is_empty() {
            return Err(DisplayNameError::Empty);
        }
        if text.chars().any(text::is_unsafe) {
            return Err(DisplayNameError::Unprintable);
        }
        Self::capped(text.to_owned())
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn capped(name: String) -> Result<Self, DisplayNameError> {
        if name.chars().count() > MAX_CHARS {
            return Err(DisplayNameError::TooLong);
        }
        Ok(Self(name))
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
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
        for name in [
            "葛\u{e0100}城",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} Mia",
            "علی\u{200c}رضا",
            "Nguyễn Thị Hậu",
        ] {
            assert_eq!(DisplayName::parse(name).unwrap().as_str(), name);
        }
        assert_eq!(DisplayName::parse("Zoe\u{308}"), DisplayName::parse(" Zoë "));
    }

    /// REG-11, INP-01.
    #[test]
    fn header_breaks_and_hidden_characters_are_refused() {
        for name in ["a\r\nBcc: b", "a\0", "a\u{202e}b", "a\u{2028}b", "a\u{fffd}", "a\u{200b}b"] {
            assert_eq!(DisplayName::parse(name), Err(DisplayNameError::Unprintable), "{name:?}");
        }
    }

    #[test]
    fn spaces_of_every_kind_are_the_plain_one_and_none_are_around() {
        for name in ["山田\u{3000}太郎", "\u{feff}山田 太郎\u{200b}", "山田\u{a0}太郎\r\n"]
        {
            assert_eq!(DisplayName::parse(name).unwrap().as_str(), "山田 太郎", "{name:?}");
        }
    }

    #[test]
    fn an_invisible_name_is_empty() {
        for name in [
            "\u{3164}",
            "\u{115f}\u{1160}",
            "\u{ffa0}",
            "\u{2800}\u{2800}",
            "\u{200b}",
            "\u{ad}",
            "\u{34f}",
        ] {
            assert_eq!(DisplayName::parse(name), Err(DisplayNameError::Empty), "{name:?}");
        }
        for name in ["\u{fe0f}", "\u{e0100}", "\u{e007f}", "\u{e000}", "\u{378}", "Mi\u{3164}a"] {
            assert_eq!(DisplayName::parse(name), Err(DisplayNameError::Unprintable), "{name:?}");
        }
    }

    /// TXT-02: UTS #39 §5.4.
    #[test]
    fn marks_in_heaps_are_refused() {
        let heap = format!("Z{}", "\u{30d}\u{30e}".repeat(39));
        assert_eq!(DisplayName::parse(&heap), Err(DisplayNameError::StackedMarks));
        assert_eq!(DisplayName::parse("\u{301}Mia"), Err(DisplayNameError::StackedMarks));
    }

    #[test]
    fn a_name_leads_nowhere() {
        for name in ["evil.test/x", "You won, see http://evil.test", "bit.ly/abc", "mia@x.test"] {
            assert_eq!(DisplayName::parse(name), Err(DisplayNameError::Link), "{name}");
        }
        assert!(DisplayName::parse("Dr. No").is_ok());
    }

    /// A name that an older rule accepted stays valid.
    #[test]
    fn a_stored_name_is_read_by_a_laxer_rule_than_a_new_one() {
        for name in
            ["evil.test/x", "\u{3164}", "a\u{200d}b", "Z\u{301}\u{301}", " Mia  M", "\u{378}"]
        {
            assert_eq!(DisplayName::from_stored(name).unwrap().as_str(), name);
        }
        for name in ["a\r\nb", "a\0", "a\u{202e}b", "a\u{2028}b"] {
            assert_eq!(DisplayName::from_stored(name), Err(DisplayNameError::Unprintable));
        }
        assert_eq!(DisplayName::from_stored(""), Err(DisplayNameError::Empty));
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
