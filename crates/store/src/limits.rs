//! How long a request may wait for the database.

use std::time::Duration;

/// How long a request waits for a connection, for its turn to write, and for the
/// answer to a statement.
pub(crate) const LIMIT: Duration = Duration::from_secs(3);
/// The error of a statement that exceeded [`LIMIT`].
pub(crate) const TOO_SLOW: &str = "no answer within three seconds";
