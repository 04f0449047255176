//! The exit codes of the commands, besides 0 for success and 1 for failure.

/// Exit code for wrong usage or configuration.
pub const USAGE: u8 = 2;

/// Exit code for pending migrations.
pub const PENDING: u8 = 3;
