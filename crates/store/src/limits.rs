//! The time limit of a request on the database. PostgreSQL also has limits of its own, in
//! `open.rs`.

use std::time::Duration;

/// How long a request waits for a connection, for the write lock, and for the answer to each
/// statement.
pub(crate) const LIMIT: Duration = Duration::from_secs(3);
/// The text of the error for a statement that exceeded [`LIMIT`].
pub(crate) const TOO_SLOW: &str = "no answer within three seconds";
