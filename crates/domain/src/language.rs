//! The languages of pages and mails, and the choice of one from an `Accept-Language` header. The
//! texts themselves are in `auth` and `web`.

use std::{fmt, str::FromStr};

/// Longest `Accept-Language` header that is parsed, in bytes. Browsers send a tenth of that.
const MAX_LENGTH: usize = 1_024;
/// The weight 1, in thousandths.
const FULL: u16 = 1_000;

/// A language of pages and mails. Every text exists in every language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, which is the default.
    #[default]
    English,
    /// German.
    German,
}

/// The error for a text that is not the tag of a [`Language`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such language")]
pub struct UnknownLanguage;

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Returns the tag of the language (BCP 47), as in HTML, in forms and in the database.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Returns the name of the language in that language.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// Returns the language with the highest weight in an `Accept-Language` header (RFC 9110
    /// §12.5.4), and the first of those if several have the same weight.
    ///
    /// `de-AT` stands for German, `*` for English. A range of weight 0 and a malformed range are
    /// ignored. Returns `None` if the header names no [`Language`] or is longer than 1 KiB.
    pub fn accepted(header: &str) -> Option<Self> {
        if header.len() > MAX_LENGTH {
            return None;
        }
        let mut best: Option<(u16, Self)> = None;
        for range in header.split(',') {
            let Some((language, weight)) = parse_range(range) else { continue };
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// Returns the language of a language range (RFC 4647 §2.1), and ignores region and script.
    fn of_range(range: &str) -> Option<Self> {
        let primary = range.split('-').next()?;
        let named = Self::ALL.into_iter().find(|one| one.tag().eq_ignore_ascii_case(primary));
        named.or_else(|| (range == "*").then(Self::default))
    }
}

fn parse_range(text: &str) -> Option<(Language, u16)> {
    let (range, parameter) = match text.split_once(';') {
        Some((range, parameter)) => (range, Some(parameter)),
        None => (text, None),
    };
    let weight = parameter.map_or(Some(FULL), parse_weight)?;
    Some((Language::of_range(range.trim())?, weight))
}

/// Parses a `q` parameter into thousandths: 0 to 1 with at most three decimals (RFC 9110
/// §12.4.2).
fn parse_weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, decimals) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded = decimals.bytes().chain(std::iter::repeat(b'0')).take(3);
    let thousandths = padded.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match (whole, thousandths) {
        ("0", thousandths) => Some(thousandths),
        ("1", 0) => Some(FULL),
        _ => None,
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Parses a tag in exactly the spelling of [`Language::tag`].
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL.into_iter().find(|language| language.tag() == text).ok_or(UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENGLISH: Option<Language> = Some(Language::English);
    const GERMAN: Option<Language> = Some(Language::German);

    #[test]
    fn the_language_that_is_liked_best_is_chosen() {
        for (header, expected) in [
            ("de", GERMAN),
            ("DE", GERMAN),
            ("de-AT", GERMAN),
            ("de-Latn-CH-1996", GERMAN),
            ("de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", GERMAN),
            ("en-GB,en;q=0.9,de;q=0.8", ENGLISH),
            ("fr,it;q=0.9,de;q=0.2", GERMAN),
            ("en;q=0.3, de;q=0.31", GERMAN),
            ("en;q=0.30,de;q=0.3", ENGLISH),
            ("de;q=0.300,en;q=0.3", GERMAN),
            (" de ; q=1.000 , en", GERMAN),
            ("de;Q=0.5,en;q=0.4", GERMAN),
            ("*", ENGLISH),
            ("fr, *;q=0.1", ENGLISH),
            ("*;q=0.1,de;q=0.2", GERMAN),
            (",,de,", GERMAN),
        ] {
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn who_asks_for_none_of_ours_is_given_none() {
        for header in ["", "fr", "fr-DE", "den", "d", "deutsch", "de;q=0", "de;q=0.000,en;q=0"] {
            assert_eq!(Language::accepted(header), None, "{header}");
        }
        let long = format!("de{}", ",fr".repeat(MAX_LENGTH / 3));
        assert_eq!(Language::accepted(&long), None);
    }

    #[test]
    fn what_is_malformed_is_passed_over() {
        for wrong in
            ["de;q", "de;q=", "de;q=2", "de;q=1.001", "de;q=0.1234", "de;q=-1", "de;q=.5", "de;x=1"]
        {
            assert_eq!(Language::accepted(wrong), None, "{wrong}");
            assert_eq!(Language::accepted(&format!("{wrong},en;q=0.1")), ENGLISH, "{wrong}");
        }
    }

    #[test]
    fn a_tag_is_read_as_it_is_written() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
        }
        for wrong in ["", "DE", "de-AT", "german", "*"] {
            assert_eq!(wrong.parse::<Language>(), Err(UnknownLanguage), "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn no_header_is_too_odd(header in "[a-zA-Z0-9*;,.=q -]{0,60}|\\PC{0,40}") {
            if let Some(language) = Language::accepted(&header) {
                let header = header.to_ascii_lowercase();
                prop_assert!(header.contains(language.tag()) || header.contains('*'));
            }
        }

        #[test]
        fn of_two_languages_the_heavier_is_chosen(en in 0u16..=1000, de in 0u16..=1000) {
            let weight = |thousandths: u16| {
                format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
            };
            let header = format!("de;q={}, en;q={}", weight(de), weight(en));
            let expected = match (de, en) {
                (0, 0) => None,
                _ if de >= en => GERMAN,
                _ => ENGLISH,
            };
            prop_assert_eq!(Language::accepted(&header), expected);
        }
    }
}
