//! What an answer changes of its visitor: the session, the log-in that waits for a second factor, and
//! the browser that waits for a mail. Each is a cookie.

use auth::{LoggedIn, PendingCookie, ProofCookie, session::RenewedSession};

/// The change of the visitor's session.
#[derive(Clone, Debug)]
pub enum SessionChange {
    /// Nothing.
    Keep,
    /// It begins.
    Begin(Box<LoggedIn>),
    /// It goes on under a new id.
    Renew(Box<RenewedSession>),
    /// It has ended.
    End,
}

/// The change of the cookie of a browser that asked to prove an address.
#[derive(Clone, Debug)]
pub enum ProofChange {
    /// Nothing.
    Keep,
    /// It has a new one.
    Set(ProofCookie),
    /// It has served.
    Remove,
}

/// The change of the cookie of a log-in that waits for a second factor.
#[derive(Clone, Debug)]
pub enum PendingChange {
    /// Nothing.
    Keep,
    /// A log-in waits.
    Set(PendingCookie),
    /// It is over. With a session that begins it is over, too.
    Remove,
}
