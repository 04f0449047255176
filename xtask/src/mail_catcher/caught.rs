//! The mails that the server caught, and how it misbehaves.

use std::{collections::VecDeque, sync::atomic::AtomicUsize};

use tokio::sync::{broadcast, watch};

/// Most mails kept; the oldest go first.
pub(super) const MAX_MAILS: usize = 1_000;

/// A mail as it was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaughtMail {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// The message (RFC 5322), without the dots that SMTP doubles.
    pub data: Vec<u8>,
}

/// A step of the conversation.
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

/// How the server misbehaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Not at all.
    #[default]
    None,
    /// It closes each connection at once.
    Refuse,
    /// It holds this answer back until the fault changes, and then goes on as the new one says.
    HoldAt(Stage),
    /// It falls silent instead of this answer, and keeps the line open.
    SilentAt(Stage),
    /// It cuts the line instead of this answer; at [`Stage::AfterData`] it has then
    /// taken the mail, as a server that dies at the wrong moment has.
    DropAt(Stage),
    /// It gives this reply code; after 421 it also closes the connection.
    ReplyAt(Stage, u16),
    /// It says just this, which need be no reply. It has taken a mail unless a digit above 3
    /// stands first.
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

    /// The fault of the moment, once it is not to hold the client at `stage`.
    pub(super) async fn fault_after_holding(&self, stage: Stage) -> Fault {
        let mut faults = self.fault.subscribe();
        let held = faults.wait_for(|fault| *fault != Fault::HoldAt(stage)).await;
        // Its other end is held by `self`: this waits, it does not fail.
        held.map_or_else(|_| self.fault(), |fault| *fault)
    }

    pub(super) fn keep(&self, mail: CaughtMail) {
        // Most catchers have no receiver.
        let _received = self.arrivals.send(mail.clone());
        self.mails.send_modify(|mails| {
            if mails.len() == MAX_MAILS {
                mails.pop_front();
            }
            mails.push_back(mail);
        });
    }
}
