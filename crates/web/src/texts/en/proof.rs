//! The texts about confirming an address.

use auth::{DelayReason, MailProgress};

use crate::texts::Proof;

pub(super) const TEXTS: Proof = Proof {
    mailbox: "Look into your mailbox",
    mailbox_lead: |email| {
        format!("We wrote to {email}. Follow the link in the mail, or type its code here.")
    },
    mail_progress,
    another_mail: "Send another mail",
    correct_email_submit: "Use this address",
    confirm_address: "Confirm your address",
    confirm_here_lead: "One click, and the address is known to be yours.",
    confirm_here: "Confirm",
    confirm_elsewhere_lead: "The sign-up was made in another browser, perhaps by somebody else. So \
                             the password that was set there goes, everybody is logged out, and \
                             you choose a new one.",
    confirm_elsewhere: "Confirm and choose a new password",
    log_in_for_new_link: "Log in for a new one",
    unconfirmed: "Please confirm your address by the link that we sent to it. An account that \
                  nobody confirms is removed in time.",
    send_mail: "Send it again",
    enter_code: "Enter the code from the mail",
};

const fn mail_progress(mail: MailProgress) -> &'static str {
    match mail {
        MailProgress::Queued => "The mail is about to be sent.",
        MailProgress::Sent => {
            "The mail server has taken the mail. It may take a minute; look into the spam folder \
             too."
        }
        MailProgress::Delayed(DelayReason::Unreachable) => {
            "The mail is late: our mail server cannot be reached just now. We keep trying."
        }
        MailProgress::Delayed(DelayReason::Refused) => {
            "The mail is late: the mail server does not take it just now. We keep trying."
        }
        MailProgress::Failed => {
            "The mail could not be delivered. Check the address, or ask for another mail."
        }
        MailProgress::Withheld => {
            "Several mails went to this address within the hour, so there was no other. Ask for \
             one later."
        }
    }
}
