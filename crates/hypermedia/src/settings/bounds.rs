//! The bounds of every number, size and duration. A value outside of them was mistyped or makes the
//! server useless, such as a life time of `0s`. They hold everywhere; `production.rs` refuses
//! values that are dangerous on the internet only.

use std::{fmt::Display, ops::RangeInclusive, time::Duration};

use bytesize::ByteSize;

use super::{Settings, SettingsError, keys};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// Browsers keep no cookie longer (RFC 6265bis).
const COOKIE: Duration = Duration::from_hours(400 * 24);
const YEAR: Duration = Duration::from_hours(365 * 24);

/// A value and its bounds.
enum Bound {
    Duration(fn(&Settings) -> Option<Duration>, RangeInclusive<Duration>),
    Count(fn(&Settings) -> u32, RangeInclusive<u32>),
    Size(fn(&Settings) -> ByteSize, RangeInclusive<ByteSize>),
}

use Bound::{Count, Duration as Time, Size};

static BOUNDS: &[(&str, Bound)] = &[
    ("server.request_timeout", Time(|s| Some(s.server.request_timeout), SECOND..=HOUR)),
    ("server.shutdown_grace", Time(|s| Some(s.server.shutdown_grace), SECOND..=HOUR)),
    ("server.body_limit", Size(|s| s.server.body_limit, ByteSize::kib(1)..=ByteSize::mib(16))),
    ("database.max_connections", Count(|s| s.database.max_connections, 2..=1_000)),
    ("session.lifetime", Time(|s| Some(s.session.lifetime), MINUTE..=COOKIE)),
    ("session.remember_lifetime", Time(|s| Some(s.session.remember_lifetime), MINUTE..=COOKIE)),
    ("session.idle_timeout", Time(|s| s.session.idle_timeout, MINUTE..=COOKIE)),
    ("session.sudo_lifetime", Time(|s| Some(s.session.sudo_lifetime), MINUTE..=DAY)),
    ("session.cache_ttl", Time(|s| Some(s.session.cache_ttl), Duration::ZERO..=MINUTE)),
    ("accounts.unconfirmed_lifetime", Time(|s| Some(s.accounts.unconfirmed_lifetime), DAY..=YEAR)),
    ("accounts.deletion_grace", Time(|s| Some(s.accounts.deletion_grace), HOUR..=YEAR)),
    ("accounts.factor_reset_wait", Time(|s| Some(s.accounts.factor_reset_wait), HOUR..=YEAR)),
    ("accounts.reset_lifetime", Time(|s| Some(s.accounts.reset_lifetime), MINUTE..=DAY)),
];

/// Refuses the first value that is out of its bounds.
pub(super) fn check(settings: &Settings) -> Result<(), SettingsError> {
    for (key, bound) in BOUNDS {
        match bound {
            Time(value, range) => {
                if let Some(value) = value(settings) {
                    check_one(key, value, range, |time| {
                        humantime::format_duration(*time).to_string()
                    })?;
                }
            }
            Count(value, range) => check_one(key, value(settings), range, u32::to_string)?,
            Size(value, range) => check_one(key, value(settings), range, ByteSize::to_string)?,
        }
    }
    if settings.session.remember_lifetime < settings.session.lifetime {
        return Err(SettingsError::new(
            "session.remember_lifetime",
            "is shorter than session.lifetime; set it to that or more",
        ));
    }
    Ok(())
}

fn check_one<T: PartialOrd + Copy, D: Display>(
    key: &str,
    value: T,
    range: &RangeInclusive<T>,
    show: impl Fn(&T) -> D,
) -> Result<(), SettingsError> {
    if range.contains(&value) {
        return Ok(());
    }
    let (value, least, most) = (show(&value), show(range.start()), show(range.end()));
    let expects = keys::find(key).map_or("another", |key| key.expects);
    let problem = format_args!("= {value} is out of bounds; set {expects}, from {least} to {most}");
    Err(SettingsError::new(key, problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::keys::{COUNT, KEYS};

    /// CFG-05: a number without bounds takes a mistyped one without a word.
    #[test]
    fn every_number_has_bounds_and_every_default_is_within() {
        // Those of passwords and mails are checked where they are defined.
        let elsewhere = |name: &str| name.starts_with("password.") || name.starts_with("mail.");
        for key in KEYS.iter().filter(|key| !elsewhere(key.name)) {
            let is_number = key.expects == COUNT
                || key.expects.contains("duration")
                || key.expects.contains("size");
            let has_bounds = BOUNDS.iter().any(|(name, _)| *name == key.name);
            assert_eq!(is_number, has_bounds, "{}", key.name);
        }
        assert_eq!(check(&Settings::default()), Ok(()));
    }
}
