//! The texts about the export of personal data and the deletion of the account.

/// The texts about the export of personal data and the deletion of the account.
#[derive(Debug)]
pub(crate) struct Data {
    /// The page.
    pub(crate) title: &'static str,
    /// Its first part.
    pub(crate) export: &'static str,
    /// The offer.
    pub(crate) export_lead: &'static str,
    /// Its button.
    pub(crate) export_submit: &'static str,
    /// Where the password was asked for in between: the button has to be pressed once more.
    pub(crate) export_again: &'static str,
    /// Its second part.
    pub(crate) delete_account: &'static str,
    /// The effect.
    pub(crate) delete_account_lead: &'static str,
    /// Before the moment from which on an account is gone.
    pub(crate) deleted_after: &'static str,
    /// Its button.
    pub(crate) delete_account_submit: &'static str,
    /// The page that asks once more.
    pub(crate) deletion: &'static str,
    /// What happens.
    pub(crate) deletion_effects: [&'static str; 3],
    /// The way back from it.
    pub(crate) deletion_back: &'static str,
    /// Where the last admin wants to go.
    pub(crate) last_admin_stays: &'static str,
    /// The page of an account that waits to be deleted.
    pub(crate) account_deletion: &'static str,
    /// Its first sentence.
    pub(crate) account_deletion_lead: &'static str,
    /// Its button.
    pub(crate) keep_account: &'static str,
    /// Beside a user in the list of users.
    pub(crate) to_be_deleted: &'static str,
}
