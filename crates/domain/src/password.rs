//! Plaintext passwords, between the form and the hasher. The type wipes its memory on drop, and
//! its `Debug` output hides the password. It does not rate passwords: `auth::password` has the
//! policy for new ones.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::text;

/// Longest password in bytes, before normalisation. It bounds the cost of hashing
/// (CVE-2013-1443) and leaves room for any passphrase.
const MAX_BYTES: usize = 1024;

/// A password in Unicode form NFKC (NIST SP 800-63B-4 §3.1.1.2). Case and spaces are kept as
/// typed.
///
/// A log-in accepts every password that was ever valid. The policy for new passwords also
/// refuses hidden characters, by [`Password::is_visible`].
#[derive(Clone)]
pub struct Password {
    text: Zeroizing<String>,
    char_count: usize,
    is_visible: bool,
}

/// The reason why a text is not a [`Password`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The password is empty.
    #[error("the password is empty")]
    Empty,
    /// The password has more than 1024 bytes.
    #[error("the password is too long")]
    TooLong,
    /// The password has a control character such as NUL, a line separator, a character that
    /// changes the direction of text, or U+FFFD.
    #[error("the password has a character that cannot be typed")]
    Unprintable,
}

impl Password {
    /// Parses a password as typed. Nothing is trimmed.
    pub fn parse(input: &str) -> Result<Self, PasswordError> {
        if input.is_empty() {
            return Err(PasswordError::Empty);
        }
        if input.len() > MAX_BYTES {
            return Err(PasswordError::TooLong);
        }
        if input.chars().any(is_unprintable) {
            return Err(PasswordError::Unprintable);
        }
        Ok(Self {
            text: normalise(input),
            char_count: count(input.nfc()).min(count(input.nfkc())),
            // Checked before normalisation, which separates some characters from their modifiers.
            is_visible: text::is_visible(input) && !text::has_blank_edge(input),
        })
    }

    /// Returns the plaintext in NFKC. Only the hasher and the policy may use it.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Returns the number of characters, as code points without the invisible ones (NIST SP
    /// 800-63B-4 §3.1.1.2). Counts in NFC and in NFKC and returns the lower number, because NFKC
    /// decomposes compatibility characters such as U+FDFA into many.
    pub fn char_count(&self) -> usize {
        self.char_count
    }

    /// Returns whether every character is visible or shapes a visible one, and no end has a blank
    /// other than U+0020. Only then can a person type the password again.
    pub fn is_visible(&self) -> bool {
        self.is_visible
    }
}

fn count(text: impl Iterator<Item = char>) -> usize {
    text.filter(|c| !text::is_ignorable(*c)).count()
}

/// Returns whether `c` is refused in every password. Joiners, as in emoji, are not.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{fffd}')
}

/// Converts to NFKC. The string gets its full capacity at once: a string that grows would leave
/// copies in memory that are not wiped.
fn normalise(input: &str) -> Zeroizing<String> {
    let length = input.nfkc().map(char::len_utf8).sum();
    let mut normalised = Zeroizing::new(String::with_capacity(length));
    normalised.extend(input.nfkc());
    normalised
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REG-08.
    #[test]
    fn composed_and_decomposed_spellings_are_one_password() {
        let composed = Password::parse("café au lait").unwrap();
        let decomposed = Password::parse("cafe\u{301} au lait").unwrap();

        assert_eq!(composed.expose(), decomposed.expose());
    }

    /// REG-05, REG-07.
    #[test]
    fn long_passwords_spaces_and_case_are_kept_whole() {
        let long = format!(" {} ", "pass phrase 🗝 ".repeat(16));
        assert_eq!(Password::parse(&long).unwrap().expose(), long);
        assert_eq!(Password::parse(&"x".repeat(1025)).unwrap_err(), PasswordError::TooLong);
        assert_eq!(Password::parse("a\0b").unwrap_err(), PasswordError::Unprintable);
    }

    /// A character counts once, even if NFKC decomposes it into several.
    #[test]
    fn the_length_is_that_of_what_was_typed() {
        for (password, count) in [
            ("\u{fdfa}", 1),
            ("\u{fb03}", 1),
            ("e\u{301}", 1),
            ("\u{1100}\u{1161}\u{11a8}", 1),
            ("㍿", 1),
            ("👨\u{200d}👩\u{200d}👧\u{200d}👦", 4),
            ("🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}", 1),
            ("a\u{200b}\u{200b}\u{200b}", 1),
            ("düsterer Käfer!", 15),
        ] {
            assert_eq!(Password::parse(password).unwrap().char_count(), count, "{password}");
        }
    }

    #[test]
    fn a_password_with_an_invisible_character_is_read_and_told_apart() {
        for blank in
            ["\u{200b}", "\u{feff}", "\u{ad}", "\u{2060}", "\u{3164}", "\u{2800}", "\u{a0}"]
        {
            for typed in [format!("three swans{blank}"), format!("{blank}three swans")] {
                assert!(!Password::parse(&typed).unwrap().is_visible(), "{blank:?}");
            }
        }
        assert!(!Password::parse("three\u{200b}swans").unwrap().is_visible());
        for typed in
            [" three swans ", "three\u{a0}swans", "swans ❤\u{fe0f}", "™\u{fe0f}", "علی\u{200c}رضا"]
        {
            assert!(Password::parse(typed).unwrap().is_visible(), "{typed}");
        }
    }

    /// INP-01.
    #[test]
    fn characters_that_nobody_sees_are_refused_but_those_within_emoji() {
        for hidden in ['\u{1b}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{fffd}'] {
            let refused = Password::parse(&format!("a{hidden}b")).unwrap_err();
            assert_eq!(refused, PasswordError::Unprintable, "{hidden:?}");
        }
        assert!(Password::parse("👩\u{200d}🚒 to the rescue").is_ok());
    }

    /// LGG-06.
    #[test]
    fn a_password_does_not_print_itself() {
        let password = Password::parse("correct horse battery").unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
