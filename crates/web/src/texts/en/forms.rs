//! The texts of forms.

use std::time::Duration;

use auth::password::PasswordProblem;

use crate::texts::Forms;

pub(super) const TEXTS: Forms = Forms {
    email: "Email address",
    email_hint: "We only use it for your account.",
    name: "Name",
    name_hint: "What should we call you?",
    password: "Password",
    new_password: "New password",
    current_password: "Current password",
    password_hint: |min| {
        format!("At least {min} characters. A few unrelated words are easy to remember.")
    },
    remember_me: "Remember me on this device",
    new_email: "New email address",
    code: "Code from the email",
    code_hint: "Eight letters and digits. Handy if you read your email on another device.",
    correct_email: "Another address",
    correct_email_hint: "Wrong address? Enter the right one.",
    email_missing: "Enter your email address.",
    email_too_long: "This is too long for an email address.",
    email_malformed: "Enter an email address like name@example.org.",
    email_taken: "This address already has an account. If it isn’t yours, reset its password to \
                  take it over.",
    log_in_instead: "Log in instead",
    email_unchanged: "This is already your address.",
    name_missing: "Enter a name.",
    name_too_long: "Use at most 80 characters.",
    name_unprintable: "The name contains a character that can’t be displayed. Type it again.",
    name_stacked: "The name has too many accents on one letter. Use at most four.",
    name_link: "A name can’t contain a web address or an @. Put a space after the dot of an \
                abbreviation.",
    password_missing: "Enter your password.",
    new_password_missing: "Choose a password.",
    password_too_long: "Use at most 1024 bytes, about 1000 characters.",
    password_unprintable: "The password contains a character that can’t be typed. Type it again.",
    password_problem,
    wrong_password: "Wrong password. Try again.",
    wrong_current_password: "This is not your current password.",
    same_password: "This is already your password. Choose another one.",
    code_missing: "Enter the code from the email.",
    code_malformed: "A code has eight letters and digits, like 7KQ2-M9XD.",
    code_wrong: "Wrong code. Check that it is from the latest email.",
    code_spent: "Too many wrong codes. We can send you a new one, or you can open the link in \
                 this email.",
    wrong_credentials: "Wrong email address or password. Check both and try again.",
    email_taken_meanwhile: "Another account uses this address now, so nothing was changed.",
    throttled: "Too many tries. Wait a few minutes, then try again. Your account is not locked.",
    busy: "A lot of people are logging in right now. Try again in a few seconds.",
    resend_too_soon,
};

fn password_problem(problem: &PasswordProblem) -> String {
    match problem {
        PasswordProblem::Invisible => {
            "The password contains invisible characters, as copied text often does. Type it \
             instead of pasting it."
                .to_owned()
        }
        PasswordProblem::TooShort { min } => {
            format!("Use at least {min} characters. A few words are easy to remember.")
        }
        PasswordProblem::Common => {
            "This password is too common and easy to guess. Choose another one.".to_owned()
        }
        PasswordProblem::ProductName => {
            "The name of this site is easy to guess. Choose another password.".to_owned()
        }
        PasswordProblem::OwnAddress => {
            "Your address is easy to guess. Choose another password.".to_owned()
        }
        PasswordProblem::OwnName => {
            "Your name is easy to guess. Choose another password.".to_owned()
        }
    }
}

fn resend_too_soon(wait: Duration) -> String {
    match wait.as_secs() + u64::from(wait.subsec_nanos() > 0) {
        0..=1 => "You can send another email in a second.".to_owned(),
        seconds @ 2..=90 => format!("You can send another email in {seconds} seconds."),
        seconds => format!("You can send another email in {} minutes.", seconds.div_ceil(60)),
    }
}
