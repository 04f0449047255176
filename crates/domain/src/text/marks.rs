//! Limits the combining marks on a letter (UTS #39 §5.4). Every script in use stays below the
//! limit. Guards against stacks of marks that overprint other lines.

use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};
use unicode_normalization::UnicodeNormalization;

use super::is_joiner;

/// Most nonspacing marks on one letter: a Tibetan stack has four, a Hebrew letter with its points
/// three, a Thai or a Vietnamese letter two.
const MAX_MARKS: usize = 4;

/// Returns whether a letter has more than four nonspacing marks or the same one twice, or the text
/// begins with a mark, which would be drawn on the text before it.
pub(crate) fn has_stacked_marks(text: &str) -> bool {
    let mut marks = ['\0'; MAX_MARKS];
    let mut count = 0;
    let mut is_first = true;
    for c in text.nfd() {
        if !is_mark(c) && !is_joiner(c) {
            (count, is_first) = (0, false);
            continue;
        }
        let is_repeated = marks.iter().take(count).any(|mark| *mark == c);
        if is_first || is_nonspacing(c) && is_repeated {
            return true;
        }
        if is_nonspacing(c) {
            let Some(place) = marks.get_mut(count) else { return true };
            *place = c;
            count += 1;
        }
    }
    false
}

pub(super) fn is_mark(c: char) -> bool {
    GeneralCategoryGroup::Mark.contains(category(c))
}

pub(super) fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

fn is_nonspacing(c: char) -> bool {
    matches!(category(c), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thai, Lao, Vietnamese, Arabic, Hebrew, Tibetan, Burmese, Khmer, Devanagari, Greek.
    #[test]
    fn the_marks_of_every_script_are_accepted() {
        for text in [
            "ที่นี่ น้ำผึ้ง",
            "ຫຼິ້ນ",
            "Nguyễn Thị Hậu",
            "مُحَمَّدٌ",
            "رَحْمٰنِ",
            "שָּׁלוֹם",
            "שּׁ",
            "བསྒྲུབས",
            "ཧཱུྃ",
            "ကြွေ့ငှက်",
            "ស្រ្តី",
            "श्री कृष्ण",
            "ᾅδω",
            "1\u{fe0f}\u{20e3}",
            "e\u{302}\u{301}\u{323}\u{330}",
        ] {
            assert!(!has_stacked_marks(text), "{text}");
        }
    }

    #[test]
    fn heaps_repetitions_and_marks_without_a_letter_are_seen() {
        for text in [
            "Z\u{300}\u{301}\u{302}\u{303}\u{304}",
            "a\u{301}\u{301}",
            "á\u{301}",
            "a\u{301}\u{302}\u{301}",
            "\u{301}Mia",
            "Mi\u{20dd}\u{20dd}a",
            "ك\u{64e}\u{200d}\u{64e}",
        ] {
            assert!(has_stacked_marks(text), "{text:?}");
        }
        assert!(has_stacked_marks(&format!("Z{}", "\u{489}".repeat(79))));
    }
}
