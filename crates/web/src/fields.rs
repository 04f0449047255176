//! The fields that several account forms share: their names, their parsers, and their error
//! messages.

use domain::{
    ConfirmationCode, DisplayName, DisplayNameError, EmailAddress, EmailAddressError, Password,
    PasswordError, SecondFactorCode,
};
use hypermedia::ui::{FieldName, Message};

use crate::texts::Texts;

/// A code from a mail.
pub(crate) const CODE: FieldName = FieldName::secret("code");
/// A recovery code.
pub(crate) const RECOVERY_CODE: FieldName = FieldName::secret("recovery_code");
/// Whether log-ins in this browser ask for no second factor for some time.
pub(crate) const REMEMBER_BROWSER: FieldName = FieldName::new("remember_browser");
/// The present password, where a form asks for a new one, too.
pub(crate) const CURRENT_PASSWORD: FieldName = FieldName::secret("current_password");
/// An email address.
pub(crate) const EMAIL: FieldName = FieldName::new("email");
/// The display name of a person.
pub(crate) const NAME: FieldName = FieldName::new("name");
/// A password, present or new.
pub(crate) const PASSWORD: FieldName = FieldName::secret("password");
/// Whether all other sessions end.
pub(crate) const END_OTHERS: FieldName = FieldName::new("end_others");
/// Whether the user has saved the recovery codes.
pub(crate) const SAVED: FieldName = FieldName::new("saved");
/// What a page showed, sealed: the secret of an app, or recovery codes.
pub(crate) const SETUP: FieldName = FieldName::new("setup");
/// Whether the session outlives the browser window.
pub(crate) const REMEMBER: FieldName = FieldName::new("remember");
/// The user has accepted that the password will be replaced.
pub(crate) const RENEW: FieldName = FieldName::new("renew");
/// A role.
pub(crate) const ROLE: FieldName = FieldName::new("role");

/// An address.
pub(crate) fn email(texts: &Texts, text: &str) -> Result<EmailAddress, Message> {
    EmailAddress::parse(text).map_err(|error| {
        match error {
            EmailAddressError::Empty => texts.forms.email_missing,
            EmailAddressError::TooLong => texts.forms.email_too_long,
            EmailAddressError::Malformed => texts.forms.email_malformed,
        }
        .into()
    })
}

/// Parses a display name.
pub(crate) fn name(texts: &Texts, text: &str) -> Result<DisplayName, Message> {
    DisplayName::parse(text).map_err(|error| {
        match error {
            DisplayNameError::Empty => texts.forms.name_missing,
            DisplayNameError::TooLong => texts.forms.name_too_long,
            DisplayNameError::Unprintable => texts.forms.name_unprintable,
            DisplayNameError::StackedMarks => texts.forms.name_stacked,
            DisplayNameError::Link => texts.forms.name_link,
        }
        .into()
    })
}

/// A code from a mail.
pub(crate) fn confirmation_code(texts: &Texts, text: &str) -> Result<ConfirmationCode, Message> {
    if !text.contains(char::is_alphanumeric) {
        return Err(texts.forms.code_missing.into());
    }
    text.parse().map_err(|_| texts.forms.code_malformed.into())
}

/// A code of an authentication app, or a recovery code in its place.
pub(crate) fn second_factor_code(texts: &Texts, text: &str) -> Result<SecondFactorCode, Message> {
    if !text.contains(char::is_alphanumeric) {
        return Err(texts.factors.code_missing.into());
    }
    text.parse().map_err(|_| texts.factors.code_malformed.into())
}

/// A recovery code.
pub(crate) fn recovery_code(texts: &Texts, text: &str) -> Result<SecondFactorCode, Message> {
    if !text.contains(char::is_alphanumeric) {
        return Err(texts.factors.recovery_code_missing.into());
    }
    let code = text.parse().map(SecondFactorCode::Recovery);
    code.map_err(|_| texts.factors.recovery_code_malformed.into())
}

/// The password of an account.
pub(crate) fn current_password(texts: &Texts, text: &str) -> Result<Password, Message> {
    password(texts, text, texts.forms.password_missing)
}

/// A password to be; whether it is good enough is for the policy to say.
pub(crate) fn new_password(texts: &Texts, text: &str) -> Result<Password, Message> {
    password(texts, text, texts.forms.new_password_missing)
}

fn password(texts: &Texts, text: &str, missing: &'static str) -> Result<Password, Message> {
    Password::parse(text).map_err(|error| {
        match error {
            PasswordError::Empty => missing,
            PasswordError::TooLong => texts.forms.password_too_long,
            PasswordError::Unprintable => texts.forms.password_unprintable,
        }
        .into()
    })
}
