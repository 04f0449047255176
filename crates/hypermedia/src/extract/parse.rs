//! Parsers for the common kinds of fields, to be passed to [`FormState::parse`]. They refuse what a
//! page cannot show, and their errors say in the words of the kit how to mend the answer. They know
//! no rules of a product: a form with rules of its own has its own parser.
//!
//! ```
//! use domain::Language;
//! use hypermedia::{extract::parse, ui::Texts};
//!
//! let texts = Texts::of(Language::English);
//!
//! assert_eq!(parse::text(200)(&texts, " Goose ").unwrap(), "Goose");
//! assert_eq!(parse::optional(parse::number(1, 20))(&texts, "").unwrap(), None);
//! assert_eq!(
//!     parse::number(1, 20)(&texts, "21").unwrap_err().text(),
//!     "Enter a whole number from 1 to 20."
//! );
//! ```
//!
//! [`FormState::parse`]: super::FormState::parse

use std::ops::Deref;

use time::{Date, Month};
use url::Url;

use crate::ui::{Message, Texts};

/// The longest web address, in characters.
const MAX_URL_LENGTH: usize = 2_048;

/// Returns a parser for one line of text of at most `max_length` characters. It trims the text and
/// makes a space of a tab, which comes with text from a spreadsheet.
pub fn text<W: Deref<Target = Texts>>(
    max_length: usize,
) -> impl FnOnce(&W, &str) -> Result<String, Message> {
    move |texts, text| limited(texts, trim(text).replace('\t', " "), max_length, |_| false)
}

/// Returns a parser for text of several lines and at most `max_length` characters. It trims the text
/// and makes `\n` of each line break, which counts as one character.
pub fn multi_line<W: Deref<Target = Texts>>(
    max_length: usize,
) -> impl FnOnce(&W, &str) -> Result<String, Message> {
    move |texts, text| {
        let text = trim(text).replace("\r\n", "\n");
        let text = text.replace(['\r', '\u{2028}', '\u{2029}'], "\n");
        limited(texts, text, max_length, |c| matches!(c, '\n' | '\t'))
    }
}

/// Returns a parser for a whole number from `min` to `max`.
pub fn number<W: Deref<Target = Texts>>(
    min: i64,
    max: i64,
) -> impl FnOnce(&W, &str) -> Result<i64, Message> {
    move |texts, text| {
        let number = trim(text).replace('\u{2212}', "-").parse().ok();
        let number = number.filter(|number| (min..=max).contains(number));
        number.ok_or_else(|| (texts.form.wrong.number)(min, max).into())
    }
}

/// Parses a day as inputs of the type `date` send it, such as `2026-12-31`.
pub fn date<W: Deref<Target = Texts>>(texts: &W, text: &str) -> Result<Date, Message> {
    match trim(text) {
        "" => Err(texts.form.wrong.date_missing.into()),
        day => calendar_day(day).ok_or_else(|| texts.form.wrong.date_malformed.into()),
    }
}

/// Parses the address of a page, with `https://` or `http://`. A name or password in front of the
/// host is refused: it makes an address look like one of another site.
pub fn url<W: Deref<Target = Texts>>(texts: &W, text: &str) -> Result<Url, Message> {
    let text = trim(text);
    if text.is_empty() {
        return Err(texts.form.wrong.url_missing.into());
    }
    let malformed = || texts.form.wrong.url_malformed.into();
    // The `url` crate accepts all of this, but mends it without a word.
    let is_whole = text.split_once("://").is_some_and(|(scheme, rest)| {
        let is_web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
        is_web && !rest.starts_with('/')
    });
    let is_odd = |c: char| c.is_whitespace() || c == '\\' || is_unsafe(c);
    if !is_whole || text.contains(is_odd) {
        return Err(malformed());
    }
    let text = limited(texts, text.to_owned(), MAX_URL_LENGTH, |_| false)?;
    let url = Url::parse(&text).map_err(|_| malformed())?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    if is_plain { Ok(url) } else { Err(malformed()) }
}

/// Returns a parser for one of `all`; `value_of` tells the value that its option has in the form.
pub fn choice<W: Deref<Target = Texts>, T>(
    all: impl IntoIterator<Item = T>,
    value_of: impl Fn(&T) -> &str,
) -> impl FnOnce(&W, &str) -> Result<T, Message> {
    move |texts, text| {
        let chosen = all.into_iter().find(|one| value_of(one) == text);
        chosen.ok_or_else(|| texts.form.wrong.choice_missing.into())
    }
}

/// Parses a box that has to be ticked.
pub fn consent<W: Deref<Target = Texts>>(texts: &W, text: &str) -> Result<(), Message> {
    if text.is_empty() { Err(texts.form.wrong.consent_missing.into()) } else { Ok(()) }
}

/// Returns a parser for an answer that may be left out, which is `None`.
pub fn optional<W: Deref<Target = Texts>, T>(
    parse: impl FnOnce(&W, &str) -> Result<T, Message>,
) -> impl FnOnce(&W, &str) -> Result<Option<T>, Message> {
    move |texts, text| if trim(text).is_empty() { Ok(None) } else { parse(texts, text).map(Some) }
}

/// Returns the text if it is there, short enough, and has no other unsafe characters than those
/// that `may_have` accepts.
fn limited(
    texts: &Texts,
    text: String,
    max_length: usize,
    may_have: impl Fn(char) -> bool,
) -> Result<String, Message> {
    let wrong = &texts.form.wrong;
    let surplus = text.chars().count().saturating_sub(max_length);
    if text.is_empty() {
        Err(wrong.text_missing.into())
    } else if surplus > 0 {
        Err((wrong.text_too_long)(surplus, max_length).into())
    } else if text.contains(|c| is_unsafe(c) && !may_have(c)) {
        Err(wrong.text_unprintable.into())
    } else {
        Ok(text)
    }
}

/// Removes white space and zero-width characters around the text.
fn trim(text: &str) -> &str {
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}');
    text.trim_matches(is_blank)
}

/// Returns whether a character breaks the line, changes the direction of text or replaces bytes
/// that could not be decoded: the same ones that names and addresses refuse (`domain::text`).
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffd}')
}

fn calendar_day(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let mut digits = |length: usize| {
        let part = parts.next()?;
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u16>().ok().filter(|_| is_number)
    };
    let (year, month, day) = (digits(4)?, digits(2)?, digits(2)?);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use domain::Language;
    use time::macros::date;

    use super::*;
    use crate::{
        extract::{FormState, Submission},
        ui::{Choice, FieldName},
    };

    const ENGLISH: &Texts = Texts::of(Language::English);

    fn failure<T: std::fmt::Debug>(result: Result<T, Message>) -> String {
        result.unwrap_err().text().to_owned()
    }

    #[test]
    fn a_text_is_trimmed_and_counted_in_characters() {
        let parsed = |typed: &str| text(3)(&ENGLISH, typed);

        assert_eq!(parsed("\u{feff} \u{a0}äöü\u{200b}\t\n").unwrap(), "äöü");
        assert_eq!(parsed("🙂🙂🙂").unwrap(), "🙂🙂🙂");
        assert_eq!(failure(parsed(" \u{200b}")), "Please fill this in.");
        assert_eq!(
            failure(parsed("äöüßé")),
            "This is 2 over the limit of 3 characters. Shorten it."
        );
    }

    #[test]
    fn a_text_is_one_line_that_can_be_shown() {
        let control = ["a\nb", "a\u{1b}b", "a\u{0}b", "a\u{7f}b", "a\u{85}b"];
        let layout = ["a\u{2028}b", "a\u{202e}b", "a\u{2066}b", "a\u{fffd}b"];
        for typed in control.into_iter().chain(layout) {
            let told = failure(text(9)(&ENGLISH, typed));
            assert_eq!(
                told, "This contains a character that can’t be displayed. Type it again.",
                "{typed:?}"
            );
        }
        assert_eq!(text(9)(&ENGLISH, "a\tb").unwrap(), "a b");
        assert_eq!(text(9)(&ENGLISH, "👩\u{200d}🚀").unwrap(), "👩\u{200d}🚀");
    }

    #[test]
    fn every_line_break_of_a_longer_text_counts_as_one_character() {
        let parsed = |typed: &str| multi_line(5)(&ENGLISH, typed);

        assert_eq!(parsed("\r\na\r\nb\rc\r\n").unwrap(), "a\nb\nc");
        assert_eq!(parsed("a\u{2028}\tb").unwrap(), "a\n\tb");
        assert!(failure(parsed("a\nb\ncd")).starts_with("This is 1 over the limit of 5"));
        assert!(failure(parsed("a\u{0}b")).contains("can’t be displayed"));
        assert!(failure(parsed("\r\n \r\n")).contains("fill this in"));
    }

    #[test]
    fn a_number_is_whole_and_in_its_range() {
        let parsed = |typed: &str| number(-5, 20)(&ENGLISH, typed);

        for (typed, value) in [("20", 20), (" -5 ", -5), ("\u{2212}3", -3), ("+07", 7), ("0", 0)] {
            assert_eq!(parsed(typed).unwrap(), value, "{typed}");
        }
        for typed in ["", "21", "-6", "1.0", "1,0", "1e1", "x", "--1", "99999999999999999999"] {
            let told = failure(parsed(typed));
            assert_eq!(told, "Enter a whole number from -5 to 20.", "{typed}");
        }
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        assert_eq!(super::date(&ENGLISH, " 2028-02-29\n").unwrap(), date!(2028 - 02 - 29));
        assert!(failure(super::date(&ENGLISH, " ")).starts_with("Enter a date"));
        for typed in [
            "2027-02-29",
            "2027-13-01",
            "2027-00-10",
            "27-01-01",
            "31.12.2026",
            "2027-1-1",
            "2027-01-01-01",
            "2027-01",
            "+027-01-01",
            "12027-01-01",
            "２０２７-01-01",
        ] {
            let told = failure(super::date(&ENGLISH, typed));
            assert!(told.starts_with("This date does not exist."), "{typed}");
        }
    }

    #[test]
    fn a_web_address_is_whole_and_leads_to_the_web() {
        let parsed = |typed: &str| super::url(&ENGLISH, typed);

        let address = parsed(" HTTPS://Bücher.example/a?b=ü#c ").unwrap();
        assert_eq!(address.as_str(), "https://xn--bcher-kva.example/a?b=%C3%BC#c");
        assert_eq!(parsed("http://localhost:8080").unwrap().as_str(), "http://localhost:8080/");
        assert!(failure(parsed("")).starts_with("Enter a web address, such as"));
        for typed in [
            "example.org",
            "//example.org",
            "https:example.org",
            "https:\\\\example.org",
            "https:///",
            "https://",
            "https://a b.example",
            "https://exa\tmple.org",
            "https://a.example\\b",
            "https://bank.example@e.example",
            "https://u:p@e.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://e.example",
            "mailto:a@e.example",
            "https://e.example/\u{202e}",
            "https://e.example/\u{fffd}",
        ] {
            let told = failure(parsed(typed));
            assert!(told.starts_with("Enter a full web address"), "{typed}");
        }
        let long = format!("https://e.example/{}", "a".repeat(3_000));
        assert!(failure(parsed(&long)).contains("over the limit of 2048 characters"));
    }

    #[test]
    fn a_choice_is_one_of_those_that_were_offered() {
        let choices =
            [Choice { value: "s", label: "Small" }, Choice { value: "l", label: "Large" }];
        let parsed = |typed: &str| choice(choices, |choice| choice.value)(&ENGLISH, typed);

        assert_eq!(parsed("l").unwrap(), choices[1]);
        for typed in ["", "L", "l ", "xl"] {
            assert_eq!(failure(parsed(typed)), "Choose an answer.", "{typed:?}");
        }
    }

    #[test]
    fn a_consent_is_a_ticked_box() {
        assert!(consent(&ENGLISH, "on").is_ok());
        assert_eq!(failure(consent(&ENGLISH, "")), "Tick this box to continue.");
    }

    #[test]
    fn an_optional_answer_may_be_empty_but_not_wrong() {
        let parsed = |typed: &str| optional(super::date)(&ENGLISH, typed);

        assert_eq!(parsed(" ").unwrap(), None);
        assert_eq!(parsed("2026-12-31").unwrap(), Some(date!(2026 - 12 - 31)));
        assert!(parsed("2026").is_err());
    }

    #[test]
    fn the_parsers_fit_into_the_state_of_a_form() {
        const TITLE: FieldName = FieldName::new("title");
        let sent = Submission::sent(&[("title", " x\r\n\ty ")], &[TITLE]);
        let mut state = FormState::of(&sent);

        assert_eq!(state.parse(&ENGLISH, &sent, TITLE, multi_line(10)).unwrap(), "x\n\ty");
        assert_eq!(state.parse(&ENGLISH, &sent, TITLE, optional(super::url)), None);
        assert!(state.error_of(TITLE).is_some());
        assert_eq!(state.value(TITLE), " x\n\ty ");
    }
}
