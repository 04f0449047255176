//! A moment in the data export.

use std::time::{Duration, UNIX_EPOCH};

use domain::Timestamp;
use serde::Serialize;

/// A moment as RFC 3339 has it, to the millisecond, in UTC.
#[derive(Serialize)]
pub(crate) struct Moment(String);

impl From<Timestamp> for Moment {
    fn from(moment: Timestamp) -> Self {
        let since = Duration::from_millis(u64::try_from(moment.as_millis()).unwrap_or(0));
        Self(humantime::format_rfc3339_millis(UNIX_EPOCH + since).to_string())
    }
}
