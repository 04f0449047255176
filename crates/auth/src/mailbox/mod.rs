//! The browser that waits for a mail to prove an address: where the mail is, whether its link was
//! used elsewhere, another mail, the code in it, and another address.

mod code;
mod correction;
mod resend;

use domain::EmailAddress;
use store::MailState;

pub use self::{
    code::{CodeAccepted, ConfirmByCodeError},
    correction::CorrectAddressError,
};
use crate::{Fault, address_proof::BrowserHash, mail, services::Registration};

/// What a browser waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// A mail, and then its link or its code.
    Waiting(WaitingMailbox),
    /// Nothing more: this address was confirmed, here or on another device.
    Confirmed(EmailAddress),
}

/// The mail that a browser waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingMailbox {
    /// Where the mail goes.
    pub email: EmailAddress,
    /// Where the mail is.
    pub mail: MailProgress,
}

/// Where a mail is, as far as its recipient cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailProgress {
    /// It is about to be sent.
    Queued,
    /// It could not be sent yet and is tried again.
    Delayed(DelayReason),
    /// The mail server has it.
    Sent,
    /// It will never be sent.
    Failed,
    /// There were too many to this address, so there was none.
    Withheld,
}

/// Why a mail is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelayReason {
    /// The mail server cannot be reached.
    Unreachable,
    /// The mail server does not take it now.
    Refused,
}

impl Mailbox {
    /// The address that the mail is for.
    pub const fn email(&self) -> &EmailAddress {
        match self {
            Self::Waiting(WaitingMailbox { email, .. }) | Self::Confirmed(email) => email,
        }
    }
}

impl MailProgress {
    /// Whether nothing more will become of the mail.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Withheld)
    }
}

impl From<MailState> for MailProgress {
    fn from(state: MailState) -> Self {
        match state {
            MailState::Queued => Self::Queued,
            MailState::Sent => Self::Sent,
            MailState::Failed { .. } => Self::Failed,
            MailState::Delayed { error } if mail::is_reply(&error) => {
                Self::Delayed(DelayReason::Refused)
            }
            MailState::Delayed { .. } => Self::Delayed(DelayReason::Unreachable),
        }
    }
}

impl Registration<'_> {
    /// Finds what the browser with this cookie waits for.
    pub async fn find_mailbox(self, cookie: &str) -> Result<Option<Mailbox>, Fault> {
        let (browser, now) = (BrowserHash::of(cookie), self.0.clock.now());
        let proofs = self.0.store.address_proofs();
        let Some(proof) = proofs.find_of_browser(&browser.0, now).await? else { return Ok(None) };
        if proof.used_at.is_some() {
            return Ok(Some(Mailbox::Confirmed(proof.email)));
        }
        let mail = match proof.mail_id {
            None => MailProgress::Withheld,
            Some(id) => {
                let state = self.0.store.outbox().find_state(id).await?;
                state.map_or(MailProgress::Sent, MailProgress::from)
            }
        };
        Ok(Some(Mailbox::Waiting(WaitingMailbox { email: proof.email, mail })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_mail_has_a_reason_that_a_visitor_understands() {
        let reason = |error: &str| MailProgress::from(MailState::Delayed { error: error.into() });

        assert_eq!(
            reason("the mail server replied 451"),
            MailProgress::Delayed(DelayReason::Refused)
        );
        for error in ["the mail server took too long", "Connection error"] {
            assert_eq!(reason(error), MailProgress::Delayed(DelayReason::Unreachable));
        }
    }
}
