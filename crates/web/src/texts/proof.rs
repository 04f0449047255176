//! The texts about confirming an address.

use auth::MailProgress;

/// The texts about confirming an address.
#[derive(Debug)]
pub(crate) struct Proof {
    /// The page that waits for a mail.
    pub(crate) mailbox: &'static str,
    /// Its first sentence, with the address that the mail went to.
    pub(crate) mailbox_lead: fn(&str) -> String,
    /// Where the mail is.
    pub(crate) mail_progress: fn(MailProgress) -> &'static str,
    /// About a mail that was asked for, wherever it is.
    pub(crate) sent_hint: &'static str,
    /// Above the field for another address.
    pub(crate) wrong_address: &'static str,
    /// The button that asks for another mail.
    pub(crate) another_mail: &'static str,
    /// The button below the field for another address.
    pub(crate) correct_email_submit: &'static str,
    /// The page of a link.
    pub(crate) confirm_address: &'static str,
    /// Its button in the browser that asked.
    pub(crate) confirm_here: &'static str,
    /// On the page that turns a link down.
    pub(crate) log_in_for_new_link: &'static str,
    /// On every page of a user with an unconfirmed address, before the day on which the account is
    /// removed.
    pub(crate) unconfirmed: &'static str,
    /// The button beside it.
    pub(crate) send_mail: &'static str,
    /// The way from there to the field for the code.
    pub(crate) enter_code: &'static str,
}
