//! The rows as SeaORM sees them. Private to the crate: what leaves it is a domain
//! type.

pub(crate) mod address_proof;
pub(crate) mod email_change;
pub(crate) mod mail;
pub(crate) mod saved_submission;
pub(crate) mod security_event;
pub(crate) mod token;
pub(crate) mod user;
