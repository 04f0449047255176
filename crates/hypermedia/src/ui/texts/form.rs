//! The texts of forms.

/// The texts that all forms share.
#[derive(Debug)]
pub struct FormTexts {
    /// The button beside a password.
    pub show_password: &'static str,
    /// Below a new password as it grows; the script puts the count in place of `{}`.
    pub password_progress: fn(usize) -> String,
    /// Below a new password that has reached its length.
    pub password_long_enough: &'static str,
    /// After the label of a field that may be left empty.
    pub optional: &'static str,
    /// The first entry of a select, while nothing is chosen.
    pub choose: &'static str,
    /// The first entry of a select that may be left without an answer.
    pub choose_none: &'static str,
    /// In the hint of a number: the smallest and the largest one.
    pub number_range: fn(i64, i64) -> String,
    /// Below a text of limited length.
    pub length_limit: fn(usize) -> String,
    /// In its place as the text grows; the script puts the count in place of `{}`.
    pub length_progress: fn(usize) -> String,
    /// In its place when the text is too long; the script puts the surplus in place of `{}`.
    pub length_exceeded: fn(usize) -> String,
    /// The errors of the parsers of the kit.
    pub wrong: WrongTexts,
    /// Above the list of errors in a form, with their number, which is two or more.
    pub summary: fn(usize) -> String,
    /// Beside a password in a form that was refused: it has to be typed again.
    pub again: &'static str,
    /// Beside a field that came twice.
    pub doubled_field: &'static str,
    /// Below the button of a passkey after the visitor or the browser gave up.
    pub passkey_cancelled: &'static str,
    /// Below the button for a new passkey, in an authenticator that has one of the account.
    pub passkey_known: &'static str,
    /// Above a form without a valid token.
    pub form_unproven: &'static str,
    /// Above a form from before a log-in, with the address of the present user.
    pub form_before_log_in: fn(&str) -> String,
    /// Above a form from a browser that blocks cookies.
    pub cookies_blocked: &'static str,
}

/// The errors of answers that are missing or wrong, where the form has no words of its own.
#[derive(Debug)]
pub struct WrongTexts {
    /// A text is missing.
    pub text_missing: &'static str,
    /// A text is too long: its surplus, and the most characters.
    pub text_too_long: fn(usize, usize) -> String,
    /// A text holds a character that no page can show.
    pub text_unprintable: &'static str,
    /// A number is missing, is none, or is out of its range.
    pub number: fn(i64, i64) -> String,
    /// A date is missing or incomplete.
    pub date_missing: &'static str,
    /// A date is not in the calendar.
    pub date_malformed: &'static str,
    /// The address of a page is missing.
    pub url_missing: &'static str,
    /// The address of a page is malformed.
    pub url_malformed: &'static str,
    /// No choice was made.
    pub choice_missing: &'static str,
    /// A box that has to be ticked is not.
    pub consent_missing: &'static str,
}
