//! The rows as SeaORM reads and writes them. They are private to the crate, which returns domain
//! types only.

pub(crate) mod address_proof;
pub(crate) mod email_change;
pub(crate) mod invitation;
pub(crate) mod mail;
pub(crate) mod passkey;
pub(crate) mod saved_submission;
pub(crate) mod security_event;
pub(crate) mod token;
pub(crate) mod user;
