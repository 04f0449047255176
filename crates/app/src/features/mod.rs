//! The pages of the product besides those of the accounts.

pub(crate) mod home;
