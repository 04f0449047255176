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
    /// Above the list of errors in a form.
    pub summary: &'static str,
    /// Beside a field that came twice.
    pub doubled_field: &'static str,
    /// Above a form without a valid token.
    pub form_unproven: &'static str,
    /// Above a form from before a log-in, with the address of the present user.
    pub form_before_log_in: fn(&str) -> String,
    /// Above a form from a browser that blocks cookies.
    pub cookies_blocked: &'static str,
}
