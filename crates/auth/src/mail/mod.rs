//! Mail: what is written, and how it leaves.
//!
//! A use case renders a mail, of one of the [`MailKind`]s, and inserts it into the outbox
//! in the transaction of its cause, then calls [`Outbox::wake`]. An [`OutboxWorker`] beside
//! the requests hands it to the mail server through a [`Mailer`], and tries again
//! until that is done or pointless. No request ever waits for a mail server.

pub mod deletion;
pub mod email_change;
mod kind;
mod letter;
mod mail_url;
mod message;
pub mod messages;
pub mod notices;
mod outcome;
mod recent;
mod settings;
#[cfg(test)]
mod testing;
mod texts;
#[cfg(test)]
mod tls;
mod transport;
mod trial;
mod worker;

pub use kind::MailKind;
pub use mail_url::{InvalidMailUrl, MailUrl};
pub use recent::RecentMail;
pub(crate) use recent::RecentMails;
pub use settings::{InvalidSender, MailSettings, Sender};
pub(crate) use transport::is_reply;
pub use transport::{Mailer, SendError};
pub use worker::{Outbox, OutboxWorker};
