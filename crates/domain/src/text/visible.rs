//! Finds hidden text. A character is accepted if it is visible, or if it shapes a visible
//! character beside it: joiners, variation selectors, tags. All other characters without a glyph
//! are hidden text, which the string classes of RFC 8264 §9 exclude as well.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        Emoji, EmojiModifier, ExtendedPictographic, GeneralCategory, Ideographic,
        IndicSyllabicCategory, JoiningType, Script,
    },
};

use super::{
    is_ignorable, is_joiner, is_tag, is_unsafe, is_variation_selector, is_virama,
    marks::{category, is_mark},
};

/// The flag that tags after it turn into the flag of a region.
const BLACK_FLAG: char = '\u{1f3f4}';
/// Ends the tags of a flag.
const CANCEL_TAG: char = '\u{e007f}';
/// Longest code of a region, in tags: three for the country and three for its part.
const MAX_TAGS: usize = 6;

/// Returns whether every character is visible or shapes a visible one.
pub(crate) fn is_visible(text: &str) -> bool {
    let mut seen = Seen::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !seen.allows(c, chars.peek().copied()) {
            return false;
        }
        seen.push(c);
    }
    seen.tags.is_none_or(|tags| tags == 0)
}

/// The state of the scan: the characters before the present one.
#[derive(Default)]
struct Seen {
    last: Option<char>,
    /// The last character that is not a mark.
    base: Option<char>,
    /// The number of tags after a flag, until [`CANCEL_TAG`] ends them.
    tags: Option<usize>,
}

impl Seen {
    fn push(&mut self, c: char) {
        self.tags = match c {
            BLACK_FLAG => Some(0),
            CANCEL_TAG => None,
            _ => self.tags.filter(|_| is_tag(c)).map(|tags| tags + 1),
        };
        if !is_mark(c) {
            self.base = Some(c);
        }
        self.last = Some(c);
    }

    fn allows(&self, c: char, next: Option<char>) -> bool {
        if is_tag(c) {
            let is_code = matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
            return match self.tags {
                Some(0) => is_code,
                Some(tags) => c == CANCEL_TAG || is_code && tags < MAX_TAGS,
                None => false,
            };
        }
        if self.tags.is_some_and(|tags| tags > 0) {
            return false;
        }
        if is_joiner(c) {
            return self.joins(c, next);
        }
        if is_variation_selector(c) || c == '\u{180e}' {
            return self.last.is_some_and(|base| has_variants(base, c));
        }
        is_shown(c)
    }

    /// Returns whether the joiner `c` has an effect: by the rules of RFC 5892 (appendix A.1 and
    /// A.2), within an Indic syllable, or within an emoji.
    fn joins(&self, c: char, next: Option<char>) -> bool {
        let (Some(last), Some(base)) = (self.last, self.base) else { return false };
        let is_emoji = c == '\u{200d}'
            && (is_pictographic(last)
                || CodePointSetData::new::<EmojiModifier>().contains(last)
                || matches!(last, '\u{fe0f}' | CANCEL_TAG))
            && next.is_some_and(is_pictographic);
        is_virama(last) || is_emoji || is_shaped(base) && next.is_some_and(is_shaped)
    }
}

/// Returns whether a joiner beside this letter or mark changes its shape.
fn is_shaped(c: char) -> bool {
    let joins = matches!(
        CodePointMapData::<JoiningType>::new().get(c),
        JoiningType::DualJoining | JoiningType::LeftJoining | JoiningType::RightJoining
    );
    let syllabic = CodePointMapData::<IndicSyllabicCategory>::new().get(c);
    joins || (c.is_alphabetic() || is_mark(c)) && syllabic != IndicSyllabicCategory::Other
}

/// Returns whether Unicode defines variants of `base` that `selector` can choose
/// (`StandardizedVariants`, emoji-variation-sequences, UTS #37).
fn has_variants(base: char, selector: char) -> bool {
    let script = CodePointMapData::<Script>::new().get(base);
    let is_ideograph = CodePointSetData::new::<Ideographic>().contains(base);
    match selector {
        '\u{fe0e}' | '\u{fe0f}' => CodePointSetData::new::<Emoji>().contains(base),
        '\u{fe00}'..='\u{fe0d}' => {
            is_ideograph
                || category(base) == GeneralCategory::MathSymbol
                || matches!(script, Script::Myanmar | Script::PhagsPa)
        }
        '\u{e0100}'..='\u{e01ef}' => is_ideograph,
        // The Mongolian variation selectors and vowel separator.
        _ => script == Script::Mongolian && base.is_alphabetic(),
    }
}

fn is_pictographic(c: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(c)
}

fn is_shown(c: char) -> bool {
    let has_picture = match category(c) {
        GeneralCategory::Control
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::PrivateUse
        | GeneralCategory::Surrogate
        | GeneralCategory::Unassigned => false,
        GeneralCategory::Format => is_prepended(c),
        _ => true,
    };
    has_picture && !is_ignorable(c) && !is_unsafe(c)
}

/// Returns whether `c` has the property `Prepended_Concatenation_Mark`: it is drawn over or around
/// the digits after it.
fn is_prepended(c: char) -> bool {
    matches!(
        c,
        '\u{600}'
            ..='\u{605}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'
                | '\u{891}'
                | '\u{8e2}'
                | '\u{110bd}'
                | '\u{110cd}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shapes_the_characters_beside_it_is_accepted_there() {
        for text in [
            "葛\u{e0100}城",
            "辻\u{e0101}",
            "神\u{fe00}",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Ann",
            "🏴",
            "🏴\u{200d}☠\u{fe0f}",
            "👩\u{200d}🚀",
            "👩🏽\u{200d}❤\u{fe0f}\u{200d}👨🏽",
            "👨\u{200d}👩\u{200d}👧\u{200d}👦",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "🇩🇪",
            "علی\u{200c}رضا",
            "ශ\u{dca}\u{200d}රී",
            "രാജന\u{d4d}\u{200d}",
            "র\u{200d}\u{9cd}য",
            "क\u{94d}\u{200c}ष",
            "ᠠ\u{180b}",
            "ᠨ\u{180e}ᠠ",
            "⠍⠊⠁\u{2800}⠍",
        ] {
            assert!(is_visible(text), "{text}");
        }
    }

    #[test]
    fn the_same_where_it_shapes_nothing_is_hidden_text() {
        for text in [
            "M\u{200d}ia",
            "Mia\u{200c}",
            "\u{200d}Mia",
            "👩\u{200d}",
            "👩\u{200d}Mia",
            "علی\u{200c}",
            "क\u{94d}\u{200d}\u{200d}",
            "Mia\u{fe0f}",
            "Mia\u{fe00}",
            "Mia\u{e0100}",
            "\u{fe0f}",
            "葛\u{e0100}\u{e0101}",
            "ab\u{180b}",
            "Mia\u{e0067}\u{e007f}",
            "🏴\u{e0067}",
            "🏴\u{e007f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e0067}\u{e0067}\u{e007f}",
            "🏴\u{e0020}\u{e007f}",
            "🏴\u{e0067}a",
        ] {
            assert!(!is_visible(text), "{text:?}");
        }
    }

    /// INP-01.
    #[test]
    fn what_has_no_picture_is_hidden_text() {
        for c in [
            '\0',
            '\u{7f}',
            '\u{ad}',
            '\u{34f}',
            '\u{378}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180e}',
            '\u{200b}',
            '\u{200e}',
            '\u{2028}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{3164}',
            '\u{e000}',
            '\u{fdd0}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fffc}',
            '\u{fffd}',
            '\u{ffff}',
            '\u{13430}',
            '\u{1bca0}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0fff}',
            '\u{f0000}',
            '\u{10ffff}',
        ] {
            assert!(!is_visible(&format!("a{c}b")), "{c:?}");
        }
    }
}
