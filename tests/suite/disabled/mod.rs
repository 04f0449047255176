//! Accounts that are disabled: nobody is in them, and nothing that was mailed opens them.

mod links;
mod moment;
mod sessions;
