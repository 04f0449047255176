//! How text that people type becomes a value. Each kind of field has one normalisation:
//!
//! | field | trimmed around | folded | refused | when |
//! |---|---|---|---|---|
//! | address | white space, zero-width and blank characters | local part: ASCII case; domain: UTS #46 | all else but a dot-atom before the one ASCII `@`, and a host name behind it | [`EmailAddress::parse`](crate::EmailAddress::parse) |
//! | name | the same | other spaces to U+0020 (RFC 8266 §2.1), NFC | hidden characters, stacked marks, web addresses, `@` | [`DisplayName::parse`](crate::DisplayName::parse) |
//! | password | nothing: spaces count | NFKC | control, separating and direction-changing characters; in a new one every hidden character | [`Password::parse`](crate::Password::parse), `auth::password::PasswordPolicy` |
//! | mailed code | all but letters and digits, anywhere | NFKD, case, `O` `I` `L`, digits of Arabic script | other letters | [`ConfirmationCode`](crate::ConfirmationCode) |
//! | reason of an admin | white space, zero-width and blank characters | NFC | control, line-breaking and direction-changing characters | [`AuditNote::parse`](crate::AuditNote::parse) |
//! | search | white space, zero-width and blank characters | NFKC, full case folding, each gap to one space, ignorable characters removed | nothing | [`search_key`] |
//! | user agent | nothing | control characters dropped | nothing | `auth::Client::new` |
//! | id | nothing | ASCII case | all but the text formats of a UUID | [`UserId`](crate::UserId) |
//! | token | nothing | nothing | all but its one spelling | [`Token`](crate::Token) |
//!
//! Callers limit the length before anything here runs. A stored value is read by a more lenient
//! rule than a new value, so that existing rows survive a change of these rules.

mod link;
mod marks;
mod search;
mod visible;

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{CanonicalCombiningClass, DefaultIgnorableCodePoint, VariationSelector, WhiteSpace},
};

pub use search::{former_search_key, search_key};
pub(crate) use {link::holds_link, marks::has_stacked_marks, visible::is_visible};

/// Characters without a glyph that Unicode counts neither as white space nor as ignorable: Braille
/// blank, null notehead, Egyptian blanks, Khitan filler.
const BLANKS: [char; 5] = ['\u{2800}', '\u{1d159}', '\u{13441}', '\u{13442}', '\u{16fe4}'];

/// Removes invisible characters around the text: white space, zero-width characters, blank
/// letters. Keeps line separators and characters that change the direction of text, for the field
/// to refuse.
pub(crate) fn trim(text: &str) -> &str {
    let text = text.trim_start_matches(is_blank);
    let trimmed = text.trim_end_matches(is_blank);
    // A joiner after a virama is part of the last letter, as in Malayalam.
    let rest = text.get(trimmed.len()..).unwrap_or_default();
    let joiner = rest.chars().next().filter(|c| is_joiner(*c));
    match joiner.filter(|_| trimmed.chars().next_back().is_some_and(is_virama)) {
        Some(joiner) => text.get(..trimmed.len() + joiner.len_utf8()).unwrap_or(trimmed),
        None => trimmed,
    }
}

/// Returns whether the text begins or ends with an invisible character other than U+0020.
pub(crate) fn has_blank_edge(text: &str) -> bool {
    let typed = text.trim_matches(' ');
    trim(typed).len() < typed.len()
}

/// Returns whether a character breaks the line, changes the direction of text or replaces bytes
/// that could not be decoded. Fields refuse such a character if they store the text.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffd}')
}

fn is_blank(c: char) -> bool {
    if matches!(c, '\t' | '\r' | '\n') {
        return true;
    }
    let is_blank = CodePointSetData::new::<WhiteSpace>().contains(c)
        || BLANKS.contains(&c)
        || is_ignorable(c) && !is_tag(c) && !is_variation_selector(c);
    is_blank && !is_unsafe(c)
}

/// Returns whether `c` has the property `Default_Ignorable_Code_Point`: it has no glyph.
pub(crate) fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

fn is_variation_selector(c: char) -> bool {
    CodePointSetData::new::<VariationSelector>().contains(c)
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn is_virama(c: char) -> bool {
    let class = CodePointMapData::<CanonicalCombiningClass>::new().get(c);
    class == CanonicalCombiningClass::Virama
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_around_a_text_are_forgiven() {
        for blank in [
            " ", "\t", "\r\n", "\u{a0}", "\u{2009}", "\u{202f}", "\u{3000}", "\u{1680}", "\u{ad}",
            "\u{200b}", "\u{200c}", "\u{200d}", "\u{200e}", "\u{200f}", "\u{2060}", "\u{feff}",
            "\u{180e}", "\u{3164}", "\u{115f}", "\u{1160}", "\u{ffa0}", "\u{2800}", "\u{34f}",
        ] {
            assert_eq!(trim(&format!("{blank}mia{blank} ")), "mia", "{blank:?}");
            assert_eq!(trim(blank), "", "{blank:?}");
            assert_eq!(has_blank_edge(&format!("mia{blank}")), blank != " ", "{blank:?}");
        }
    }

    /// INP-01: dangerous characters are left for the field to refuse.
    #[test]
    fn what_breaks_lines_or_turns_text_is_not_forgiven() {
        for bad in ["\0", "\u{1b}", "\u{85}", "\u{2028}", "\u{202e}", "\u{2066}", "\u{fffd}"] {
            assert_eq!(trim(&format!("{bad}mia{bad}")), format!("{bad}mia{bad}"), "{bad:?}");
        }
    }

    #[test]
    fn the_end_of_a_letter_is_no_space_behind_it() {
        for name in ["❤\u{fe0f}", "葛\u{e0100}", "രാജന്\u{200d}", "🏴\u{e0067}\u{e007f}"]
        {
            assert_eq!(trim(&format!(" {name}\u{200b} ")), name, "{name:?}");
        }
    }
}
