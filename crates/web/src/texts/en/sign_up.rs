//! The texts on the way from an address to an account.

use crate::texts::SignUp;

pub(super) const TEXTS: SignUp = SignUp {
    request_lead: "Enter your email address. We’ll send you a link to create your account.",
    go_on: "Continue",
    new_account: "Create your account",
    new_account_lead: |email| {
        format!("{email} is confirmed. Choose a name and a password, and you’re in.")
    },
    new_account_submit: "Create account",
    has_account: "You already have an account",
    has_account_lead: |email| format!("There is an account for {email}. Log in to continue."),
    again: "Sign up again",
    invitation_gone_lead: "This invitation was withdrawn, has expired, or was replaced by a newer \
                           one. Ask the person who invited you for another.",
    account_of: |email| format!("Account: {email}"),
    address_of: |email| format!("Address: {email}"),
    confirm_lead: |email| format!("Confirm that {email} is your email address."),
    elsewhere_lead: |email| {
        format!(
            "{email} was used to sign up in another browser. Enter the password that you chose \
             there."
        )
    },
    elsewhere_submit: "Confirm and log in",
    not_mine_lead: "You did not choose a password? Then someone else signed up with your address. \
                    Choose a new password: theirs stops working, and they are logged out.",
    not_mine_submit: "I did not choose a password",
    confirmed: "Your address is confirmed",
    confirmed_lead: |email| {
        format!("You confirmed {email} on another device. Log in to continue here.")
    },
    used_lead: |email| {
        format!("{email} is already confirmed. There is nothing left to do with this link.")
    },
};
