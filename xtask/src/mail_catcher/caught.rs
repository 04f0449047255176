//! The mails that the mail catcher received, and the faults that it can simulate.

use std::{collections::VecDeque, sync::atomic::AtomicUsize};

use tokio::sync::{broadcast, watch};

/// The most mails that are kept. The oldest are dropped first.
pub(super) const MAX_MAILS: usize = 1_000;

/// A mail as the client sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaughtMail {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// The message (RFC 5322), without the dots that SMTP doubles (RFC 5321 §4.5.2).
    pub data: Vec<u8>,
}

/// A step of the SMTP conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The greeting.
    Connect,
    /// The answer to EHLO or HELO.
    Ehlo,
    /// The answer to MAIL.
    Mail,
    /// The answer to RCPT.
    Rcpt,
    /// The answer to DATA.
    Data,
    /// The answer to the mail itself.
    AfterData,
}

/// A fault that the mail catcher simulates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// No fault.
    #[default]
    None,
    /// Closes each connection at once.
    Refuse,
    /// Delays this answer until the fault changes, and then follows the new fault.
    HoldAt(Stage),
    /// Sends nothing instead of this answer and keeps the connection open.
    SilentAt(Stage),
    /// Closes the connection instead of this answer. At [`Stage::AfterData`] the mail has already
    /// been accepted, as by a server that crashes at that moment.
    DropAt(Stage),
    /// Sends this reply code, and closes the connection after 421.
    ReplyAt(Stage, u16),
    /// Sends exactly these bytes, which need not be a reply. At [`Stage::AfterData`] the mail is
    /// accepted unless the first byte is a digit above 3.
    SayAt(Stage, &'static [u8]),
}

#[derive(Debug)]
pub(super) struct Caught {
    pub(super) mails: watch::Sender<VecDeque<CaughtMail>>,
    pub(super) fault: watch::Sender<Fault>,
    pub(super) arrivals: broadcast::Sender<CaughtMail>,
    pub(super) connections: AtomicUsize,
}

impl Caught {
    pub(super) fn fault(&self) -> Fault {
        *self.fault.borrow()
    }

    /// Returns the current fault, after waiting while it holds the client at `stage`.
    pub(super) async fn fault_after_holding(&self, stage: Stage) -> Fault {
        let mut faults = self.fault.subscribe();
        let held = faults.wait_for(|fault| *fault != Fault::HoldAt(stage)).await;
        // `self` owns the sender, so that this waits and cannot fail.
        held.map_or_else(|_| self.fault(), |fault| *fault)
    }

    pub(super) fn keep(&self, mail: CaughtMail) {
        // Most mail catchers have no receiver.
        let _received = self.arrivals.send(mail.clone());
        self.mails.send_modify(|mails| {
            if mails.len() == MAX_MAILS {
                mails.pop_front();
            }
            mails.push_back(mail);
        });
    }
}
