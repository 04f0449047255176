//! The texts of forms.

use crate::ui::texts::{FormTexts, WrongTexts};

pub(super) const TEXTS: FormTexts = FormTexts {
    show_password: "Show password",
    password_progress: |min| format!("{{}} of at least {min} characters."),
    password_long_enough: "Long enough.",
    optional: "(optional)",
    choose: "Please choose",
    choose_none: "No answer",
    number_range: |min, max| format!("From {min} to {max}."),
    length_limit: |max| format!("At most {max} characters."),
    length_progress: |max| format!("{{}} of at most {max} characters."),
    length_exceeded: |max| format!("{{}} over the limit of {max} characters."),
    wrong: WrongTexts {
        text_missing: "Please fill this in.",
        text_too_long: |surplus, max| {
            format!("This is {surplus} over the limit of {max} characters. Shorten it.")
        },
        text_unprintable: "This contains a character that can’t be displayed. Type it again.",
        number: |min, max| format!("Enter a whole number from {min} to {max}."),
        date_missing: "Enter a date with day, month and year.",
        date_malformed: "This date does not exist. Enter it as year-month-day, such as 2026-12-31.",
        url_missing: "Enter a web address, such as https://example.org.",
        url_malformed: "Enter a full web address that begins with https:// or http://, such as \
                        https://example.org.",
        choice_missing: "Choose an answer.",
        consent_missing: "Tick this box to continue.",
    },
    summary: |count| format!("Please fix {count} errors:"),
    again: "Please enter this again.",
    doubled_field: "This was sent more than once. Enter it again.",
    passkey_cancelled: "No passkey was used. You can try again.",
    passkey_known: "This device already has a passkey for your account.",
    form_unproven: "This form was open for too long, or you have logged in or out since. Please \
                    send it again.",
    form_before_log_in: |email| {
        format!(
            "You are now logged in as {email}. You opened this form before that, so nothing was \
             changed. Send it again if you still want to."
        )
    },
    cookies_blocked: "Your browser blocks our cookies, so nothing was changed. Allow cookies for \
                      this site, then send the form again.",
};
