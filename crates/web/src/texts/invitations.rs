//! The texts of the page of invitations.

use auth::{InvitationStatus, MailProgress};

/// The texts of the page of invitations.
#[derive(Debug)]
pub(crate) struct Invitations {
    /// The page.
    pub(crate) title: &'static str,
    /// Its first sentences.
    pub(crate) lead: &'static str,
    /// Beside the reason.
    pub(crate) reason_hint: &'static str,
    /// The button of the form.
    pub(crate) invite: &'static str,
    /// The columns of the list.
    pub(crate) columns: [&'static str; 6],
    /// What has become of an invitation; of an open one, before the time until which it is valid.
    pub(crate) status: fn(InvitationStatus) -> &'static str,
    /// Where its mail is.
    pub(crate) mail: fn(MailProgress) -> &'static str,
    /// Sends it again.
    pub(crate) resend: &'static str,
    /// Withdraws it.
    pub(crate) revoke: &'static str,
    /// When there is none.
    pub(crate) empty: &'static str,
    /// The next step.
    pub(crate) empty_text: &'static str,
    /// After inviting this address.
    pub(crate) sent: fn(&str) -> String,
    /// After inviting this address, which has an account.
    pub(crate) has_account: fn(&str) -> String,
    /// After sending it again.
    pub(crate) resent: &'static str,
    /// After withdrawing it.
    pub(crate) revoked: &'static str,
    /// Beside an address that has an open invitation.
    pub(crate) already_invited: &'static str,
    /// After too many.
    pub(crate) too_many: &'static str,
    /// In place of sending one again that is not there any more.
    pub(crate) gone: &'static str,
    /// In place of sending one again whose address has an account.
    pub(crate) has_account_now: &'static str,
    /// In place of sending one again whose role is gone.
    pub(crate) role_gone: &'static str,
}
