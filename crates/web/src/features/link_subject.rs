//! The line on the page of a mailed link that names the account or the address.

use domain::EmailAddress;
use maud::{Markup, html};

use crate::texts::Texts;

/// The account with this address.
pub(crate) fn account(texts: &Texts, email: &EmailAddress) -> Markup {
    line(&(texts.sign_up.account_of)(email.as_str()))
}

/// This address, which the account gets.
pub(crate) fn address(texts: &Texts, email: &EmailAddress) -> Markup {
    line(&(texts.sign_up.address_of)(email.as_str()))
}

fn line(text: &str) -> Markup {
    html! { p { strong { (text) } } }
}
