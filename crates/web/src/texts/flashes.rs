//! The flashes: sentences about a completed action.

/// The flashes: sentences about a completed action.
#[derive(Debug)]
pub(crate) struct Flashes {
    /// After signing up.
    pub(crate) signed_up: &'static str,
    /// After making the account of a proven address.
    pub(crate) account_created: &'static str,
    /// After logging in.
    pub(crate) logged_in: &'static str,
    /// After logging in with a factor while its removal was waited for.
    pub(crate) factors_kept: &'static str,
    /// After logging out.
    pub(crate) logged_out: &'static str,
    /// After asking for a link again.
    pub(crate) reset_resent: &'static str,
    /// After setting a new password of an account with a second factor.
    pub(crate) password_reset_factor: &'static str,
    /// After setting a new password.
    pub(crate) password_reset: &'static str,
    /// After asking for a new address.
    pub(crate) email_change_requested: &'static str,
    /// After cancelling a change of address.
    pub(crate) email_change_cancelled: &'static str,
    /// After confirming a new address.
    pub(crate) email_changed: &'static str,
    /// After taking a change of address back.
    pub(crate) email_change_undone: &'static str,
    /// After a confirmation.
    pub(crate) address_confirmed: &'static str,
    /// After mending an address.
    pub(crate) address_corrected: &'static str,
    /// After asking for another mail with a link and a code.
    pub(crate) proof_sent: &'static str,
    /// After changing the name.
    pub(crate) name_changed: &'static str,
    /// After changing the password.
    pub(crate) password_changed: &'static str,
    /// After ending a session.
    pub(crate) session_ended: &'static str,
    /// After ending all other sessions.
    pub(crate) other_sessions_ended: &'static str,
    /// After a compromise report.
    pub(crate) taken_back: &'static str,
    /// After asking to delete an account.
    pub(crate) deletion_requested: &'static str,
    /// After keeping an account that was to be deleted.
    pub(crate) deletion_cancelled: &'static str,
}
