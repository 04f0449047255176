//! A time in the data export.

use std::time::{Duration, UNIX_EPOCH};

use domain::Timestamp;
use serde::Serialize;

/// A time as the data export has it: RFC 3339, to the millisecond, in UTC. Times before 1970 become
/// its beginning.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedTime(String);

impl From<Timestamp> for ExportedTime {
    fn from(time: Timestamp) -> Self {
        let since = Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or(0));
        Self(humantime::format_rfc3339_millis(UNIX_EPOCH + since).to_string())
    }
}
