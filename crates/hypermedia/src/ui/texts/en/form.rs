//! The texts of forms.

use crate::ui::texts::FormTexts;

pub(super) const TEXTS: FormTexts = FormTexts {
    show_password: "Show password",
    password_progress: |min| format!("{{}} of at least {min} characters."),
    password_long_enough: "Long enough.",
    summary: "A few answers need another look:",
    doubled_field: "This came more than once. Enter it again.",
    form_unproven: "This form was open for too long, or you have logged in or out since. Please \
                    send it again.",
    form_before_log_in: |email| {
        format!(
            "You are logged in as {email} now, and this form was opened before that. Nothing was \
             done; send it again if you still want to."
        )
    },
    cookies_blocked: "Your browser does not send our cookies back, so nothing was done. Allow \
                      cookies for this site, then send the form again.",
};
