//! The time of a line of the log: RFC 3339, in UTC, with microseconds. Lines are many
//! within a second, so all but the fraction is written once in each.

use std::{cell::RefCell, fmt, time::SystemTime};

use time::{UtcDateTime, format_description::StaticFormatDescription, macros::format_description};

const SECOND: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].");

thread_local! {
    static LATEST: RefCell<Second> = const { RefCell::new(Second { number: 0, text: String::new() }) };
}

/// A second since 1970, and how it is written.
struct Second {
    number: u64,
    text: String,
}

/// Writes the time that it is.
#[expect(clippy::disallowed_methods, reason = "the log tells the real time")]
pub(super) fn write_now(writer: &mut impl fmt::Write) -> fmt::Result {
    write(writer, SystemTime::now())
}

fn write(writer: &mut impl fmt::Write, now: SystemTime) -> fmt::Result {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    LATEST.with_borrow_mut(|latest| {
        if latest.number != since.as_secs() || latest.text.is_empty() {
            latest.text = UtcDateTime::from(now).format(SECOND).map_err(|_| fmt::Error)?;
            latest.number = since.as_secs();
        }
        writer.write_str(&latest.text)
    })?;
    let micros = since.subsec_micros();
    for unit in [100_000, 10_000, 1_000, 100, 10, 1] {
        writer.write_char(char::from_digit(micros / unit % 10, 10).unwrap_or('0'))?;
    }
    writer.write_char('Z')
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_time_is_written_as_its_own_second_and_microsecond() {
        for (micros, expected) in [
            (1_782_000_000_000_042, "2026-06-21T00:00:00.000042Z"),
            (1_782_000_000_999_999, "2026-06-21T00:00:00.999999Z"),
            (1_782_000_001_000_000, "2026-06-21T00:00:01.000000Z"),
            (1_782_000_000_500_000, "2026-06-21T00:00:00.500000Z"),
            (7, "1970-01-01T00:00:00.000007Z"),
        ] {
            let mut text = String::new();
            write(&mut text, SystemTime::UNIX_EPOCH + Duration::from_micros(micros)).unwrap();
            assert_eq!(text, expected);
        }
    }
}
