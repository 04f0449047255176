//! What is said to somebody who has to confirm an address.

use std::time::Duration;

use auth::{DelayReason, MailProgress};

/// The page that waits for a mail.
pub(crate) const MAILBOX: &str = "Look into your mailbox";
/// The field for the code.
pub(crate) const CODE: &str = "Code from the mail";
/// What it looks like.
pub(crate) const CODE_HINT: &str =
    "Eight letters and digits, for when you read your mail on another device.";
/// Beside an empty code.
pub(crate) const CODE_MISSING: &str = "Enter the code from the mail.";
/// Beside something else.
pub(crate) const CODE_MALFORMED: &str = "A code has eight letters and digits, like 7KQ2-M9XD.";
/// Beside another code.
pub(crate) const CODE_WRONG: &str = "This is not the code of the newest mail. Check it once more.";
/// Beside any code after ten wrong ones.
pub(crate) const CODE_SPENT: &str =
    "That were too many wrong codes. Ask for a new mail, or follow the link in this one.";
/// The button that asks for another mail.
pub(crate) const RESEND_PROOF: &str = "Send another mail";
/// The field for another address.
pub(crate) const CORRECT_EMAIL: &str = "Another address";
/// What it is for.
pub(crate) const CORRECT_EMAIL_HINT: &str = "If there was a slip in the one above.";
/// Its button.
pub(crate) const CORRECT_EMAIL_SUBMIT: &str = "Use this address";

/// The page of a link.
pub(crate) const CONFIRM_ADDRESS: &str = "Confirm your address";
/// Its first sentence in the browser that asked.
pub(crate) const CONFIRM_HERE_LEAD: &str = "One click, and the address is known to be yours.";
/// Its button there, and that of the code.
pub(crate) const CONFIRM_HERE: &str = "Confirm";
/// Its first sentence elsewhere.
pub(crate) const CONFIRM_ELSEWHERE_LEAD: &str = "The sign-up was made in another browser, perhaps by somebody else. So the password that was set \
     there goes, everybody is logged out, and you choose a new one.";
/// Its button there.
pub(crate) const CONFIRM_ELSEWHERE: &str = "Confirm and choose a new password";
/// On the page that turns a link down.
pub(crate) const LOG_IN_FOR_NEW_LINK: &str = "Log in for a new one";

/// On every page of somebody who has not confirmed the address.
pub(crate) const UNCONFIRMED: &str = "Please confirm your address by the link that we sent to it. An account that nobody \
     confirms is removed in time.";
/// The button beside it.
pub(crate) const SEND_PROOF: &str = "Send it again";

/// After a confirmation.
pub(crate) const FLASH_ADDRESS_CONFIRMED: &str = "Your address is confirmed.";
/// After mending the address.
pub(crate) const FLASH_ADDRESS_CORRECTED: &str = "A mail is on its way to the other address.";
/// After asking for another mail.
pub(crate) const FLASH_PROOF_SENT: &str =
    "Another mail is on its way. The link and the code of the one before are void.";

/// Where the mail went.
pub(crate) fn mailbox_lead(email: &str) -> String {
    format!("We wrote to {email}. Follow the link in the mail, or type its code here.")
}

/// Where the mail is.
pub(crate) const fn mail_progress(mail: MailProgress) -> &'static str {
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

/// When another mail may be asked for.
pub(crate) fn resend_too_soon(wait: Duration) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    if seconds > 90 {
        return format!("Enough mails for now. Ask again in {} minutes.", seconds.div_ceil(60));
    }
    format!("The last mail is still young. Ask again in {seconds} seconds.")
}
