//! The reason that an admin gives for a change of an account. It is kept with the event.
//!
//! Guards against characters that break a line or reorder the text beside them. Does not check
//! what the reason says.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::text;

/// Longest reason, in characters.
const MAX_CHARS: usize = 200;
/// Longest input that is parsed, in bytes.
const MAX_BYTES: usize = MAX_CHARS * 4 * 2;

/// A reason of at most 200 characters on one line, in Unicode form NFC. It may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditNote(String);

/// The reason why a text is not an [`AuditNote`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditNoteError {
    /// The text has more than 200 characters.
    #[error("the reason is too long")]
    TooLong,
    /// The text has a control, line-breaking or direction-changing character.
    #[error("the reason has a character that cannot be shown")]
    Unprintable,
}

impl AuditNote {
    /// The most characters of a reason.
    pub const MAX_CHARS: usize = MAX_CHARS;

    /// Parses a reason that a person typed. Invisible characters around it are ignored.
    pub fn parse(input: &str) -> Result<Self, AuditNoteError> {
        // Checked first, because normalisation is expensive.
        if input.len() > MAX_BYTES {
            return Err(AuditNoteError::TooLong);
        }
        let typed = text::trim(input);
        if typed.chars().any(text::is_unsafe) {
            return Err(AuditNoteError::Unprintable);
        }
        let note: String = typed.nfc().collect();
        if note.chars().count() > MAX_CHARS {
            return Err(AuditNoteError::TooLong);
        }
        Ok(Self(note))
    }

    /// Returns the reason, or `None` if none was given.
    pub fn as_text(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|text| !text.is_empty())
    }
}

impl fmt::Display for AuditNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_at_most_200_characters() {
        assert_eq!(AuditNote::parse(" spam\n ").unwrap().as_text(), Some("spam"));
        assert_eq!(AuditNote::parse(" ").unwrap().as_text(), None);
        assert!(AuditNote::parse(&"ä".repeat(200)).is_ok());
        assert_eq!(AuditNote::parse(&"ä".repeat(201)), Err(AuditNoteError::TooLong));
        assert_eq!(AuditNote::parse(&"a".repeat(5_000)), Err(AuditNoteError::TooLong));
        for text in ["a\nb", "a\0b", "a\u{202e}b"] {
            assert_eq!(AuditNote::parse(text), Err(AuditNoteError::Unprintable), "{text:?}");
        }
    }
}
