//! A moment, to the minute, for people and for machines. It is in UTC and says so: without script
//! the server does not know the visitor's time zone.

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

impl Render for Moment {
    fn render(&self) -> Markup {
        let at = OffsetDateTime::from_unix_timestamp(self.at.as_seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let machine = format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}Z", at.hour(), at.minute());
        html! { time datetime=(machine) { ((self.texts.frame.moment)(at)) } }
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

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
