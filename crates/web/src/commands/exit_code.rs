//! The exit codes of the commands, besides 0 for success and 1 for failure.

/// Exit code for wrong usage or configuration.
pub(super) const USAGE: u8 = 2;

/// Exit code for pending migrations.
pub(super) const PENDING: u8 = 3;
