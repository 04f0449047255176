//! Mail: its content, and its delivery.
//!
//! A use case renders a mail, of one of the [`MailKind`]s, and inserts it into the outbox
//! in the transaction of its cause, then calls [`Outbox::wake`]. An [`OutboxWorker`] beside
//! the requests hands it to the mail server through a [`Mailer`], and tries again
//! until that is done or pointless. No request ever waits for a mail server.
//!
//! Where the mail depends on whether an address has an account, the use case inserts a request
//! instead, and the worker has it written (`crate::mail_requests`). The token of a link is put in
//! when the mail is sent ([`LinkKey`]).

mod ca_file;
mod causes;
pub mod deletion;
mod dialogue;
pub mod email_change;
mod envelope;
pub(crate) mod factor_reset;
mod factors;
mod greeted;
pub mod invitation;
mod kind;
mod letter;
mod link;
mod mail_url;
mod message;
pub mod messages;
pub mod notices;
mod outcome;
mod product;
mod progress;
mod recent;
mod settings;
mod site;
mod smtp_outcome;
#[cfg(test)]
mod test_server;
#[cfg(test)]
pub(crate) mod testing;
mod texts;
#[cfg(test)]
mod tls;
mod transport;
mod trial;
mod worker;
mod writer;

pub use ca_file::{CaFile, InvalidCaFile};
pub use envelope::Envelope;
pub use factors::{FactorNews, factor_notice};
pub use kind::MailKind;
pub use link::LinkKey;
pub use mail_url::{InvalidMailUrl, MailUrl};
pub(crate) use outcome::TOO_LATE;
pub use product::ProductMail;
pub(crate) use product::product_mail;
pub use recent::RecentMail;
pub(crate) use recent::RecentMails;
pub use settings::{InvalidMailSettings, InvalidSender, MailSettings, Sender};
pub use site::MailSite;
pub(crate) use smtp_outcome::is_reply;
pub use smtp_outcome::{Cause, Step};
pub use transport::{Mailer, SendError};
pub(crate) use worker::LEASE;
pub use worker::{Outbox, OutboxWorker};
pub use writer::Writer;
