//! English. Pure ASCII, which survives every mail server without re-encoding.

use domain::Language;

use super::{
    AccountDisabled, AccountExists, ConfirmAddress, ConfirmEmail, DeletionCancelled, DeletionDone,
    DeletionRequested, EmailChanged, EmailLeft, EmailWanted, Invitation, NewDevice, NoAccount,
    PasswordChanged, PasswordReset, TakenBack, Texts, Units,
};

pub(super) static TEXTS: Texts = Texts {
    language: Language::English,
    greeting: |name| name.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},")),
    footer: |host| format!("Sent automatically by {{brand}} at {host}. Nobody reads replies."),
    moment: |at| {
        let (day, month, year) = (at.day(), at.month(), at.year());
        format!("{day} {month} {year} at {:02}:{:02} UTC", at.hour(), at.minute())
    },
    device: |device| {
        let browser = device.browser.unwrap_or("an unknown browser");
        device.system.map_or(browser.to_owned(), |system| format!("{browser} on {system}"))
    },
    units: Units {
        day: ("1 day", "days"),
        hour: ("1 hour", "hours"),
        minute: ("1 minute", "minutes"),
        second: ("1 second", "seconds"),
        joint: " ",
        moment: "a moment",
    },
    log_in: "Log in",
    sign_up: "Sign up",
    choose_password: "Choose a password",
    compromise_report: "This was not me",
    ignore: "If it was not you, ignore this mail: nothing has changed.",
    works_once: "The link works once. If it has expired, ask for another one with \"Forgot \
                 password\" on the log-in page.",
    password_reset: PasswordReset {
        subject: "Reset your {brand} password",
        opening: |within| {
            format!(
                "Somebody, probably you, asked to reset the password of your {{brand}} account. \
                 To choose a new one, open this link within {within}:"
            )
        },
        replaced: "The link works once. A newer one, should you ask for it, replaces it.",
        ignore: "If you did not ask for this, ignore this mail: your password stays as it is.",
    },
    account_disabled: AccountDisabled {
        subject: "Your {brand} account is disabled",
        opening: "Somebody, probably you, asked to reset the password of your {brand} account. The \
                  account is disabled: nobody logs in to it, and its password stays as it is. If \
                  you need it, ask whoever runs this site.",
    },
    no_account: NoAccount {
        subject: "No {brand} account with this address",
        opening: "Somebody, probably you, asked to reset the password of an account at {brand} with \
                  this address. There is no such account; perhaps you signed up with another \
                  address.",
        sign_up_here: "If you would like an account, sign up here:",
    },
    invitation: Invitation {
        subject: "Set the password of your {brand} account",
        opening: |within| {
            format!(
                "An account at {{brand}} has been made for you. To choose its password, open this \
                 link within {within}:"
            )
        },
    },
    confirm_address: ConfirmAddress {
        subject: "Confirm your address for {brand}",
        opening: |within| {
            format!(
                "Somebody, probably you, signed up for {{brand}} with this address. To confirm \
                 that it is yours, open this link within {within}:"
            )
        },
        action: "Confirm the address",
        or_code: "Or type this code into the page on which you signed up:",
        ignore: "If it was not you, ignore this mail: without a confirmation the account goes \
                 away by itself.",
    },
    account_exists: AccountExists {
        subject: "You already have an account at {brand}",
        opening: "Somebody, probably you, signed up for {brand} with this address. It has an \
                  account already, so no other was made. Log in here:",
        forgotten: "If you forgot your password, set a new one here:",
    },
    confirm_email: ConfirmEmail {
        subject: "Confirm your new address for {brand}",
        opening: |within| {
            format!(
                "Somebody, probably you, wants to use this address for an account at {{brand}}. To \
                 confirm it, open this link within {within}:"
            )
        },
        action: "Confirm this address",
        ignore: "If you did not ask for this, ignore this mail: nothing changes.",
    },
    email_wanted: EmailWanted {
        subject: "Your address was asked for on {brand}",
        opening: "Somebody wanted to use your address for another {brand} account. It is that \
                  of your account already, so nothing has changed. If it was you, log in with it \
                  here:",
    },
    email_changed: EmailChanged {
        subject: "The address of your {brand} account was changed",
        opening: "Your {brand} account has another address now, and this one does not open it \
                  any more. If it was you, there is nothing to do.",
        way_back: |within| {
            format!(
                "If it was not you, take the account back with this link within {within}. It \
                 brings this address back, logs out everybody, and sends you a link to set a new \
                 password:"
            )
        },
    },
    email_left: EmailLeft {
        subject: "An account at {brand} has left your address",
        opening: "An account at {brand} that had this address has another one now. Nobody ever \
               confirmed this address, so the account cannot be taken back with it. If it was \
               you, there is nothing to do. If the account is yours and it was not you, ask \
               whoever runs this site.",
    },
    password_changed: PasswordChanged {
        subject: "Your {brand} password was changed",
        opening: "The password of your {brand} account was changed, and other browsers that \
                  were logged in to it have been logged out. If it was you, there is nothing to \
                  do.",
        way_back: |within| format!("If it was not you, {}", if_not(within)),
        mailbox: "Choose a new password for your mailbox too: somebody else may read your mail.",
    },
    new_device: NewDevice {
        subject: "A new browser logged in to your {brand} account",
        opening: |device, address, moment| {
            format!(
                "Somebody logged in to your {{brand}} account from a browser that had not done so \
                 before: {device}, at the address {address}, on {moment}. If it was you, there \
                 is nothing to do."
            )
        },
        way_back: knows_password,
    },
    taken_back: TakenBack {
        subject: "Take your {brand} account back",
        opening: "You told us that somebody else was in your {brand} account. Everybody has \
                  been logged out of it, and the old password opens it no more.",
        link: |within| format!("To choose a new one, open this link within {within}:"),
    },
    deletion_requested: DeletionRequested {
        subject: "Your {brand} account is going to be deleted",
        opening: |moment| {
            format!(
                "You asked us to delete your {{brand}} account, and every browser has been logged \
                 out of it. On {moment} it will be deleted, with everything about you."
            )
        },
        take_back: "If you would rather keep it, log in before then and take it back:",
        way_back: |within| {
            format!(
                "If it was not you, somebody else knows your password. In that case open this \
                 link within {within}. It keeps the account, logs everybody out of it, makes the \
                 password worthless and has us send you a link to choose another:"
            )
        },
    },
    deletion_cancelled: DeletionCancelled {
        subject: "Your {brand} account is kept",
        opening: "Your {brand} account was going to be deleted. Somebody logged in and took it \
                  back, so it is kept. If it was you, there is nothing to do.",
        way_back: knows_password,
    },
    deletion_done: DeletionDone {
        subject: "Your {brand} account is deleted",
        opening: "As you asked, your {brand} account is deleted, and everything about you with \
                  it. This is our last mail to you. Your address stays on record for 30 days, as \
                  that of this mail, and goes then too.",
    },
};

fn knows_password(within: &str) -> String {
    format!("If it was not you, somebody else knows your password. In that case {}", if_not(within))
}

/// The effect of the link of a notice, as the end of a sentence.
fn if_not(within: &str) -> String {
    format!(
        "open this link within {within}. It logs everybody out of your account, makes the \
         password worthless and has us send you a link to choose another:"
    )
}
