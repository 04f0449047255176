//! The texts of forms.

use std::time::Duration;

use auth::password::PasswordProblem;

use crate::texts::Forms;

pub(super) const TEXTS: Forms = Forms {
    email: "E-mail address",
    email_hint: "You log in with it. We write to it only about your account.",
    name: "Name",
    name_hint: "What we should call you.",
    password: "Password",
    new_password: "New password",
    current_password: "Current password",
    password_hint: |min| {
        format!("At least {min} characters. A few unrelated words are easy to remember.")
    },
    remember_me: "Remember me on this device",
    new_email: "New e-mail address",
    code: "Code from the mail",
    code_hint: "Eight letters and digits, for when you read your mail on another device.",
    correct_email: "Another address",
    correct_email_hint: "If there was a slip in the one above.",
    email_missing: "Enter your e-mail address.",
    email_too_long: "That is longer than an e-mail address can be.",
    email_malformed: "This does not look like an e-mail address. Write it like name@example.org.",
    email_taken: "This address has an account already. If you did not make it, ask for a link \
                  to a new password: it makes the account yours.",
    log_in_instead: "Log in instead",
    email_unchanged: "This is your address already.",
    name_missing: "Enter a name.",
    name_too_long: "Use at most 80 characters.",
    name_unprintable: "The name has a character that cannot be shown. Type it anew.",
    name_stacked: "The name has too many accents on one letter. Use at most four.",
    name_link: "A name cannot hold a web address or an @. Put a space after the dot of an \
                abbreviation.",
    password_missing: "Enter your password.",
    new_password_missing: "Choose a password.",
    password_too_long: "Use at most 1024 bytes, about 1000 characters.",
    password_unprintable: "The password has a character that cannot be typed. Type it anew.",
    password_problem,
    wrong_password: "That is not your password. Try it once more.",
    wrong_current_password: "This is not your current password.",
    same_password: "This is the password that you have. Choose another.",
    code_missing: "Enter the code from the mail.",
    code_malformed: "A code has eight letters and digits, like 7KQ2-M9XD.",
    code_wrong: "This is not the code of the newest mail. Check it once more.",
    code_spent: "That were too many wrong codes. Ask for a new mail, or follow the link in this \
                 one.",
    wrong_credentials: "The address or the password is wrong. Check both and try again.",
    email_taken_meanwhile: "Another account has this address by now, so nothing was changed.",
    throttled: "That was tried too often. Wait a little, then try again; nothing is locked.",
    busy: "Many people are logging in just now. Wait a few seconds, then try again.",
    resend_too_soon,
};

fn password_problem(problem: &PasswordProblem) -> String {
    match problem {
        PasswordProblem::Invisible => {
            "The password has invisible characters at its ends or in it, \
             as copied text often does. Type it instead of pasting it."
                .to_owned()
        }
        PasswordProblem::TooShort { min } => {
            format!("Use at least {min} characters; a few words are easy to remember.")
        }
        PasswordProblem::Common => {
            "Many people use this password, so it is guessed first. Choose another.".to_owned()
        }
        PasswordProblem::ProductName => {
            "The name of this site is guessed first. Choose another password.".to_owned()
        }
        PasswordProblem::OwnAddress => {
            "Your address is guessed first. Choose another password.".to_owned()
        }
        PasswordProblem::OwnName => {
            "Your name is guessed first. Choose another password.".to_owned()
        }
    }
}

fn resend_too_soon(wait: Duration) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    if seconds > 90 {
        return format!("Enough mails for now. Ask again in {} minutes.", seconds.div_ceil(60));
    }
    format!("The last mail is still young. Ask again in {seconds} seconds.")
}
