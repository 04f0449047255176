//! Disabled accounts: no session is open, and no mailed link opens them.

mod links;
mod moment;
mod sessions;
