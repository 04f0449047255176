//! The texts of forms.

use std::time::Duration;

use auth::password::PasswordProblem;

/// The labels, hints and errors of the account forms.
#[derive(Debug)]
pub(crate) struct Forms {
    /// The field for an address.
    pub(crate) email: &'static str,
    /// Why it is asked for.
    pub(crate) email_hint: &'static str,
    /// The field for a name.
    pub(crate) name: &'static str,
    /// The hint of the name.
    pub(crate) name_hint: &'static str,
    /// The field for a password.
    pub(crate) password: &'static str,
    /// The field for a password to be.
    pub(crate) new_password: &'static str,
    /// The field for the password that there is.
    pub(crate) current_password: &'static str,
    /// Below a password to be, with its shortest length.
    pub(crate) password_hint: fn(usize) -> String,
    /// The box that makes a session outlive the browser window.
    pub(crate) remember_me: &'static str,
    /// The field for an address to be.
    pub(crate) new_email: &'static str,
    /// The field for the code.
    pub(crate) code: &'static str,
    /// The hint of the code.
    pub(crate) code_hint: &'static str,
    /// The field for another address.
    pub(crate) correct_email: &'static str,
    /// The hint of the corrected address.
    pub(crate) correct_email_hint: &'static str,
    /// Beside an empty address.
    pub(crate) email_missing: &'static str,
    /// Beside an address that is too long.
    pub(crate) email_too_long: &'static str,
    /// Beside a malformed address.
    pub(crate) email_malformed: &'static str,
    /// Beside an address that has an account.
    pub(crate) email_taken: &'static str,
    /// The link after that, to the log-in page.
    pub(crate) log_in_instead: &'static str,
    /// Beside the address that the account has.
    pub(crate) email_unchanged: &'static str,
    /// Beside an empty name.
    pub(crate) name_missing: &'static str,
    /// Beside a name that is too long.
    pub(crate) name_too_long: &'static str,
    /// Beside a name with control characters.
    pub(crate) name_unprintable: &'static str,
    /// Beside a name with a heap of marks on a letter.
    pub(crate) name_stacked: &'static str,
    /// Beside a name with a web address or an `@`.
    pub(crate) name_link: &'static str,
    /// Beside an empty password.
    pub(crate) password_missing: &'static str,
    /// Beside an empty password to be.
    pub(crate) new_password_missing: &'static str,
    /// Beside a password that is too long.
    pub(crate) password_too_long: &'static str,
    /// Beside a password with control characters.
    pub(crate) password_unprintable: &'static str,
    /// Why a password is not good enough, and what to do about it.
    pub(crate) password_problem: fn(&PasswordProblem) -> String,
    /// Beside a password that is not the account's.
    pub(crate) wrong_password: &'static str,
    /// Beside the password that there is when it is another.
    pub(crate) wrong_current_password: &'static str,
    /// Beside a new password that equals the old one.
    pub(crate) same_password: &'static str,
    /// Beside an empty code.
    pub(crate) code_missing: &'static str,
    /// Beside a malformed code.
    pub(crate) code_malformed: &'static str,
    /// Beside a code that was not sent.
    pub(crate) code_wrong: &'static str,
    /// Beside any code after ten wrong ones.
    pub(crate) code_spent: &'static str,
    /// Above the log-in form.
    pub(crate) wrong_credentials: &'static str,
    /// Where another account got the address first.
    pub(crate) email_taken_meanwhile: &'static str,
    /// Above a form that was sent too often.
    pub(crate) throttled: &'static str,
    /// Above a form that could not be looked at.
    pub(crate) busy: &'static str,
    /// Above a form that asks for another mail too soon.
    pub(crate) resend_too_soon: fn(Duration) -> String,
}
