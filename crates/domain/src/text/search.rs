//! The form of text that searches compare: spellings that differ only in case, composition or
//! compatibility characters are equal. Accents still make a difference.

use icu_casemap::CaseMapper;
use unicode_normalization::UnicodeNormalization;

use super::{is_ignorable, trim};

/// Longest text that is converted, in bytes.
const MAX_BYTES: usize = 4096;

/// Converts a text to `NFKC_Casefold` (Unicode §3.13, D147): composed, with compatibility
/// characters and case folded, and without ignorable characters. Each gap becomes one space, and
/// the spaces around the text are removed. Text beyond 4096 bytes is cut off.
pub fn search_key(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
    let seen: String = trim(text).chars().filter(|c| !is_ignorable(*c)).nfkc().collect();
    let folded: String = CaseMapper::new().fold_string(&seen).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Converts a text to the form that releases before [`search_key`] stored: composed and in lower
/// case. A search compares both forms, so that it also finds the rows of those releases. Text
/// beyond 4096 bytes is cut off.
pub fn former_search_key(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
    trim(text).nfc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_look_alike_have_one_key() {
        for (one, other) in [
            ("Zoe\u{308}", "zoë"),
            ("ZOË", "zoë"),
            ("Straße", "STRASSE"),
            ("Γιώργος", "ΓΙΏΡΓΟΣ"),
            ("ＭＩＡ", "mia"),
            ("ﬁnn", "FINN"),
            ("山田\u{3000}太郎", " 山田 太郎 "),
            ("葛\u{e0100}", "葛"),
            ("Mi\u{ad}a", "mia"),
            ("ｶﾞ", "ガ"),
        ] {
            assert_eq!(search_key(one), search_key(other), "{one}");
        }
        assert_eq!(former_search_key(" Zoe\u{308} Weiß"), "zoë weiß");
        assert_eq!(search_key(" \u{200b}"), "");
        assert_ne!(search_key("Zoe"), search_key("Zoë"));
    }

    /// INP-06.
    #[test]
    fn a_text_without_end_is_cut() {
        assert!(search_key(&"\u{fdfa}".repeat(100_000)).len() < 60_000);
    }
}
