//! A moment, to the minute, and a day, for people and for machines. Both are in UTC, and the moment
//! says so: the server does not know the visitor's time zone. The script puts a moment into that.

use domain::Timestamp;
use maud::{Markup, Render, html};
use time::OffsetDateTime;

use super::Texts;

/// When something happened.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The words for it.
    pub texts: &'static Texts,
    /// The moment.
    pub at: Timestamp,
}

/// A day of UTC, in words.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// The words of the language.
    pub texts: &'static Texts,
    /// A time on the day.
    pub at: Timestamp,
}

impl Moment {
    /// The moment as a text, in UTC.
    pub fn text(&self) -> String {
        (self.texts.frame.moment)(utc(self.at))
    }
}

/// A moment that is `told` in a sentence, where it never becomes "2 hours ago".
pub(super) fn in_sentence(at: Timestamp, told: &str) -> Markup {
    html! { time datetime=(machine(at)) data-exact { (told) } }
}

fn machine(at: Timestamp) -> String {
    let at = utc(at);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}Z", at.hour(), at.minute())
}

fn utc(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.as_seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

impl Render for Day {
    fn render(&self) -> Markup {
        let at = utc(self.at);
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let machine = format!("{year:04}-{month:02}-{day:02}");
        html! { time datetime=(machine) { ((self.texts.frame.day)(at)) } }
    }
}

impl Render for Moment {
    fn render(&self) -> Markup {
        html! { time datetime=(machine(self.at)) { (self.text()) } }
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn a_day_is_told_without_a_time() {
        let at = Timestamp::from_millis(1_800_000_059_999);
        let told = |language| Day { texts: Texts::of(language), at }.render().into_string();

        let tag = r#"<time datetime="2027-01-15">"#;
        assert_eq!(told(Language::English), format!("{tag}15 January 2027</time>"));
        assert_eq!(told(Language::German), format!("{tag}15. Januar 2027</time>"));
    }

    #[test]
    fn a_moment_is_told_to_people_and_to_machines() {
        let told = |language| {
            let at = Timestamp::from_millis(1_800_000_059_999);
            Moment { texts: Texts::of(language), at }.render().into_string()
        };

        let tag = r#"<time datetime="2027-01-15T08:00Z">"#;
        assert_eq!(told(Language::English), format!("{tag}15 January 2027, 08:00 UTC</time>"));
        assert_eq!(told(Language::German), format!("{tag}15. Januar 2027, 08:00 Uhr (UTC)</time>"));
    }
}
