//! How the fields that several forms share are read, and what is said when they
//! cannot be.

use domain::{
    ConfirmationCode, DisplayName, DisplayNameError, EmailAddress, EmailAddressError, Password,
    PasswordError,
};

use crate::ui::{Message, texts};

/// An address.
pub(crate) fn email(text: &str) -> Result<EmailAddress, Message> {
    EmailAddress::parse(text).map_err(|error| {
        match error {
            EmailAddressError::Empty => texts::EMAIL_MISSING,
            EmailAddressError::TooLong => texts::EMAIL_TOO_LONG,
            EmailAddressError::Malformed => texts::EMAIL_MALFORMED,
        }
        .into()
    })
}

/// What to call a person.
pub(crate) fn name(text: &str) -> Result<DisplayName, Message> {
    DisplayName::parse(text).map_err(|error| {
        match error {
            DisplayNameError::Empty => texts::NAME_MISSING,
            DisplayNameError::TooLong => texts::NAME_TOO_LONG,
            DisplayNameError::Unprintable => texts::NAME_UNPRINTABLE,
        }
        .into()
    })
}

/// A code from a mail.
pub(crate) fn confirmation_code(text: &str) -> Result<ConfirmationCode, Message> {
    if text.trim().is_empty() {
        return Err(texts::CODE_MISSING.into());
    }
    text.parse().map_err(|_| texts::CODE_MALFORMED.into())
}

/// The password of an account.
pub(crate) fn current_password(text: &str) -> Result<Password, Message> {
    password(text, texts::PASSWORD_MISSING)
}

/// A password to be; whether it is good enough is for the policy to say.
pub(crate) fn new_password(text: &str) -> Result<Password, Message> {
    password(text, texts::NEW_PASSWORD_MISSING)
}

fn password(text: &str, missing: &'static str) -> Result<Password, Message> {
    Password::parse(text).map_err(|error| {
        match error {
            PasswordError::Empty => missing,
            PasswordError::TooLong => texts::PASSWORD_TOO_LONG,
            PasswordError::Unprintable => texts::PASSWORD_UNPRINTABLE,
        }
        .into()
    })
}
