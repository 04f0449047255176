//! The texts on the way from an address to an account.

/// The texts on the way from an address to an account.
#[derive(Debug)]
pub(crate) struct SignUp {
    /// Above the form that asks for the address alone.
    pub(crate) request_lead: &'static str,
    /// Its button, and that of the code.
    pub(crate) go_on: &'static str,
    /// The page that takes the name and the password.
    pub(crate) new_account: &'static str,
    /// Its first sentence, with the address.
    pub(crate) new_account_lead: fn(&str) -> String,
    /// Its button.
    pub(crate) new_account_submit: &'static str,
    /// In its place, if the address has an account.
    pub(crate) has_account: &'static str,
    /// Its first sentence, with the address.
    pub(crate) has_account_lead: fn(&str) -> String,
    /// On the page that turns a link down.
    pub(crate) again: &'static str,
    /// In place of an invitation that cannot be accepted.
    pub(crate) invitation_gone_lead: &'static str,
    /// On the page of a mailed link, which account it is about.
    pub(crate) account_of: fn(&str) -> String,
    /// The same for an address that an account gets.
    pub(crate) address_of: fn(&str) -> String,
    /// The page of a link to an account in the browser that asked, with the address.
    pub(crate) confirm_lead: fn(&str) -> String,
    /// The same in another browser.
    pub(crate) elsewhere_lead: fn(&str) -> String,
    /// Its button below the password.
    pub(crate) elsewhere_submit: &'static str,
    /// Beside the other way.
    pub(crate) not_mine_lead: &'static str,
    /// The button of the other way.
    pub(crate) not_mine_submit: &'static str,
    /// The page of a link that was used, and of the browser that waited for that.
    pub(crate) confirmed: &'static str,
    /// The first sentence in that browser, with the address.
    pub(crate) confirmed_lead: fn(&str) -> String,
    /// The first sentence on the page of the link, with the address.
    pub(crate) used_lead: fn(&str) -> String,
}
