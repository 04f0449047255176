//! The texts of the account menu.

/// The account menu, and the links to log in and to sign up.
#[derive(Debug)]
pub(crate) struct Account {
    /// Before the name on the account menu.
    pub(crate) menu_of: &'static str,
    /// To the settings.
    pub(crate) settings: &'static str,
    /// To the log-in page, and its button.
    pub(crate) log_in: &'static str,
    /// Ends the session.
    pub(crate) log_out: &'static str,
    /// To the sign-up page.
    pub(crate) sign_up: &'static str,
    /// To the list of users.
    pub(crate) users: &'static str,
}
