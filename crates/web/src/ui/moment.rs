//! A moment, to the minute, in words and for machines. UTC, and it says so: without
//! script nobody here knows the visitor's clock.

use domain::Timestamp;
use maud::{Markup, Render, html};
use time::OffsetDateTime;

use super::texts;

/// When something happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(pub(crate) Timestamp);

impl Render for Moment {
    fn render(&self) -> Markup {
        let at = OffsetDateTime::from_unix_timestamp(self.0.as_seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let machine = format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}Z", at.hour(), at.minute());
        html! { time datetime=(machine) { (texts::moment(at)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_to_people_and_to_machines() {
        let html = Moment(Timestamp::from_millis(1_800_000_059_999)).render().into_string();

        let expected = r#"<time datetime="2027-01-15T08:00Z">15 January 2027, 08:00 UTC</time>"#;
        assert_eq!(html, expected);
    }
}
