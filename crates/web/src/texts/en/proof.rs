//! The texts about confirming an address.

use auth::{DelayReason, MailProgress};

use crate::texts::Proof;

pub(super) const TEXTS: Proof = Proof {
    mailbox: "Check your inbox",
    mailbox_lead: |email| {
        format!("We sent an email to {email}. Open the link in it, or enter its code here.")
    },
    mail_progress,
    sent_hint: "It can take a minute to arrive. Check your spam folder, too.",
    wrong_address: "Wrong address?",
    another_mail: "Send again",
    correct_email_submit: "Use this address",
    confirm_address: "Confirm your address",
    confirm_here: "Confirm address",
    log_in_for_new_link: "Log in and get a new link",
    unconfirmed: "Confirm your email address by",
    send_mail: "Send again",
    enter_code: "Enter the code from the email",
};

const fn mail_progress(mail: MailProgress) -> &'static str {
    match mail {
        MailProgress::Queued => "Sending the email…",
        MailProgress::Sent => {
            "Email sent. It can take a minute to arrive. Check your spam folder, too."
        }
        MailProgress::Delayed(DelayReason::Unreachable) => {
            "The email is delayed because our mail server can’t be reached. We keep trying."
        }
        MailProgress::Delayed(DelayReason::Refused) => {
            "The email is delayed because a mail server does not accept it yet. We keep trying."
        }
        MailProgress::Failed => {
            "The email could not be delivered. Check the address, or send it again."
        }
        MailProgress::Withheld => {
            "We sent several emails to this address within an hour, so we did not send another \
             one. Try again later."
        }
    }
}
