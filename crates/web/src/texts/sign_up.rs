//! The texts of the pages from a sign-up request to the confirmed account.

/// The texts of the pages from a sign-up request to the confirmed account.
#[derive(Debug)]
pub(crate) struct SignUp {
    /// The paragraph above the form that asks only for the address.
    pub(crate) request_lead: &'static str,
    /// The button of that form, and of the form for the code.
    pub(crate) go_on: &'static str,
    /// The title of the page that asks for the name and the password.
    pub(crate) new_account: &'static str,
    /// The first paragraph of that page; the parameter is the address.
    pub(crate) new_account_lead: fn(&str) -> String,
    /// The button of that page.
    pub(crate) new_account_submit: &'static str,
    /// The title of the page shown instead if the address already has an account.
    pub(crate) has_account: &'static str,
    /// The first paragraph of that page; the parameter is the address.
    pub(crate) has_account_lead: fn(&str) -> String,
    /// The link to a new sign-up, on the page for an invalid link.
    pub(crate) again: &'static str,
    /// The first paragraph of the page for an invitation that cannot be accepted.
    pub(crate) invitation_gone_lead: &'static str,
    /// The line on the page of a mailed link that names the account; the parameter is its address.
    pub(crate) account_of: fn(&str) -> String,
    /// The line on the page of a mailed link that names the account's new address.
    pub(crate) address_of: fn(&str) -> String,
    /// The first paragraph of the page that confirms an address, in the browser that signed up; the
    /// parameter is the address.
    pub(crate) confirm_lead: fn(&str) -> String,
    /// The first paragraph of that page in any other browser, where it asks for the password.
    pub(crate) elsewhere_lead: fn(&str) -> String,
    /// The button below the password in any other browser.
    pub(crate) elsewhere_submit: &'static str,
    /// The paragraph for an owner who did not choose the password: another person signed up.
    pub(crate) not_mine_lead: &'static str,
    /// The button below that paragraph, which lets the owner choose a new password.
    pub(crate) not_mine_submit: &'static str,
    /// The title of the page for a used link, and of the page that waited for the confirmation.
    pub(crate) confirmed: &'static str,
    /// The first paragraph of the page that waited for it; the parameter is the address.
    pub(crate) confirmed_lead: fn(&str) -> String,
    /// The first paragraph of the page for a used link; the parameter is the address.
    pub(crate) used_lead: fn(&str) -> String,
}
