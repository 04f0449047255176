//! The pages of the product besides those of the accounts.

pub(crate) mod home;
// `cargo xtask new feature` adds a line above this one.
