//! What the pages of the features say.

use auth::password::PasswordProblem;
use domain::Role;

/// The home page.
pub(crate) const HOME_TITLE: &str = "Home";
/// Its heading.
pub(crate) const HOME_HEADING: &str = "Accounts, done right";
/// Its first sentence.
pub(crate) const HOME_LEAD: &str = "Sign up, log in and look after your account. Everything works without scripts, on a phone \
     and with a screen reader.";
/// To one's own page.
pub(crate) const TO_PROFILE: &str = "Go to your profile";

/// The page of one's own account.
pub(crate) const PROFILE_TITLE: &str = "Profile";
/// Its first sentence.
pub(crate) const PROFILE_LEAD: &str = "This is your account. Nobody else can see this page.";

/// The field for an address.
pub(crate) const EMAIL: &str = "E-mail address";
/// Why it is asked for.
pub(crate) const EMAIL_HINT: &str = "You log in with it. We write to it only about your account.";
/// The field for a name.
pub(crate) const NAME: &str = "Name";
/// What the name is for.
pub(crate) const NAME_HINT: &str = "What we should call you.";
/// The field for a password.
pub(crate) const PASSWORD: &str = "Password";
/// The field for a password to be.
pub(crate) const NEW_PASSWORD: &str = "New password";
/// What somebody is.
pub(crate) const ROLE: &str = "Role";

/// Above the sign-up form.
pub(crate) const SIGN_UP_LEAD: &str = "One address, one name, one password.";
/// In place of the sign-up form.
pub(crate) const SIGN_UP_CLOSED: &str =
    "Sign-up is closed. Ask whoever runs this site for an account.";
/// Below the sign-up form.
pub(crate) const HAVE_ACCOUNT: &str = "Already have an account?";
/// Beside the address.
pub(crate) const EMAIL_TAKEN: &str = "This address has an account already.";
/// The link after it.
pub(crate) const LOG_IN_INSTEAD: &str = "Log in instead";

/// Below the log-in form.
pub(crate) const NO_ACCOUNT_YET: &str = "No account yet?";
/// The box that makes a session outlive the browser window.
pub(crate) const REMEMBER_ME: &str = "Remember me on this device";
/// Above the log-in form.
pub(crate) const WRONG_CREDENTIALS: &str =
    "The address or the password is wrong. Check both and try again.";

/// Above the form of the log-in page, where it leads on.
pub(crate) const LOG_IN_TO_GO_ON: &str = "Log in to go on to the page that you wanted.";
/// The page that asks where to send the link, and the link to it.
pub(crate) const FORGOT_PASSWORD: &str = "Forgot your password?";
/// Its first sentence.
pub(crate) const FORGOT_PASSWORD_LEAD: &str =
    "Tell us your address. We send you a link to set a new password.";
/// Its button.
pub(crate) const SEND_RESET_LINK: &str = "Send the link";
/// The way back from it.
pub(crate) const BACK_TO_LOG_IN: &str = "Back to log in";
/// The page that takes a new password.
pub(crate) const RESET_PASSWORD: &str = "Set a new password";
/// Its first sentence.
pub(crate) const RESET_PASSWORD_LEAD: &str =
    "Afterwards you are logged out everywhere and log in with the new password.";
/// Its button.
pub(crate) const SET_PASSWORD: &str = "Set the password";
/// On the page that turns a link down.
pub(crate) const ASK_FOR_NEW_LINK: &str = "Ask for a new link";

/// Beside an empty address.
pub(crate) const EMAIL_MISSING: &str = "Enter your e-mail address.";
/// Beside an address that is too long.
pub(crate) const EMAIL_TOO_LONG: &str = "That is longer than an e-mail address can be.";
/// Beside something else.
pub(crate) const EMAIL_MALFORMED: &str =
    "This does not look like an e-mail address. Write it like name@example.org.";
/// Beside an empty name.
pub(crate) const NAME_MISSING: &str = "Enter a name.";
/// Beside a name that is too long.
pub(crate) const NAME_TOO_LONG: &str = "Use at most 80 characters.";
/// Beside a name with control characters.
pub(crate) const NAME_UNPRINTABLE: &str =
    "The name has a character that cannot be shown. Type it anew.";
/// Beside an empty password.
pub(crate) const PASSWORD_MISSING: &str = "Enter your password.";
/// Beside an empty password to be.
pub(crate) const NEW_PASSWORD_MISSING: &str = "Choose a password.";
/// Beside a password that is too long.
pub(crate) const PASSWORD_TOO_LONG: &str = "Use at most 1024 bytes, about 1000 characters.";
/// Beside a password with control characters.
pub(crate) const PASSWORD_UNPRINTABLE: &str =
    "The password has a character that cannot be typed. Type it anew.";
/// Beside a field that came twice.
pub(crate) const DOUBLED_FIELD: &str = "This came more than once. Enter it again.";

/// The page that takes a new address.
pub(crate) const CHANGE_EMAIL: &str = "Change your e-mail address";
/// Its field.
pub(crate) const NEW_EMAIL: &str = "New e-mail address";
/// Its button.
pub(crate) const SEND_LINK: &str = "Send the link";
/// Beside the address that the account has.
pub(crate) const EMAIL_UNCHANGED: &str = "This is your address already.";
/// The page behind that link.
pub(crate) const CONFIRM_EMAIL: &str = "Confirm the new address";
/// Its first sentence.
pub(crate) const CONFIRM_EMAIL_LEAD: &str = "From then on the account that asked for it is opened \
     with this address. The old one gets a notice.";
/// Its button.
pub(crate) const CONFIRM_EMAIL_SUBMIT: &str = "Use this address";
/// Where somebody else was faster.
pub(crate) const EMAIL_TAKEN_MEANWHILE: &str =
    "Another account has this address by now, so nothing was changed.";
/// The page behind the link in that notice.
pub(crate) const UNDO_EMAIL: &str = "Take the change of address back";
/// Its first sentence.
pub(crate) const UNDO_EMAIL_LEAD: &str = "Your account gets this address back, everybody is logged \
     out, and no password opens it until you set a new one. We send you a link for that.";
/// Its button.
pub(crate) const UNDO_EMAIL_SUBMIT: &str = "Take my account back";
/// In place of a link that confirms or undoes nothing.
pub(crate) const EMAIL_LINK_GONE_LEAD: &str = "It was used already, it has expired, or a newer one \
     has taken its place. If you have used it, there is nothing left to do.";

/// The question for the password, before something sensitive.
pub(crate) const SUDO: &str = "Confirm that it is you";
/// Why it is asked.
pub(crate) const SUDO_LEAD: &str =
    "This needs your password once more. What you were doing goes on right after it.";
/// Its button.
pub(crate) const SUDO_SUBMIT: &str = "Confirm";
/// Beside the wrong answer.
pub(crate) const WRONG_PASSWORD: &str = "That is not your password. Try it once more.";
/// In place of a form that does not wait here.
pub(crate) const FORM_GONE: &str = "There is no form waiting here";
/// What may have become of it.
pub(crate) const FORM_GONE_LEAD: &str = "It was sent already, it has waited for too long, or it is \
     somebody else's. Nothing was done just now.";

/// Above a form that was sent too often.
pub(crate) const THROTTLED: &str =
    "That was tried too often. Wait a little, then try again; nothing is locked.";
/// Above a form that could not be looked at.
pub(crate) const BUSY: &str =
    "Many people are logging in just now. Wait a few seconds, then try again.";
/// Above a form without a valid token.
pub(crate) const FORM_UNPROVEN: &str =
    "This form was open for too long, or you have logged in or out since. Please send it again.";
/// The page that offers to.
pub(crate) const RESEND_TITLE: &str = "Please send that again";
/// Its button.
pub(crate) const SEND_AGAIN: &str = "Send again";

/// After signing up.
pub(crate) const FLASH_SIGNED_UP: &str = "Your account is ready. Log in with your new password, and confirm your address by the \
     mail that we have sent you.";
/// After logging in.
pub(crate) const FLASH_LOGGED_IN: &str = "You are logged in.";
/// After logging out.
pub(crate) const FLASH_LOGGED_OUT: &str = "You are logged out.";
/// After asking for a link.
pub(crate) const FLASH_RESET_REQUESTED: &str =
    "A mail is on its way to that address. It may take a minute; look into the spam folder too.";
/// After setting a new password.
pub(crate) const FLASH_PASSWORD_RESET: &str = "Your new password is set. Log in with it.";
/// After asking for a new address.
pub(crate) const FLASH_EMAIL_CHANGE_REQUESTED: &str = "A mail is on its way to the new address. \
     Open the link in it; until then nothing changes.";
/// After confirming it.
pub(crate) const FLASH_EMAIL_CHANGED: &str = "The new address is confirmed. Log in with it from \
     now on.";
/// After taking a change of address back.
pub(crate) const FLASH_EMAIL_CHANGE_UNDONE: &str = "Your address is back, and everybody is logged \
     out. Look into your mailbox for the link to set a new password.";
/// After changing a role.
pub(crate) const FLASH_ROLE_CHANGED: &str = "The role was changed.";

/// The columns of the list of users.
pub(crate) const USER_COLUMNS: [&str; 4] = ["Name", "E-mail address", "Role", "Change"];
/// The box above it.
pub(crate) const SEARCH_USERS: &str = "Search by name or address";
/// When it is empty.
pub(crate) const NO_USERS: &str = "Nobody found";
/// What to do then.
pub(crate) const NO_USERS_TEXT: &str = "Try a shorter part of the name or of the address.";
/// Makes an admin.
pub(crate) const MAKE_ADMIN: &str = "Make admin";
/// Takes the role away.
pub(crate) const MAKE_USER: &str = "Make user";
/// Beside the button of the last admin.
pub(crate) const LAST_ADMIN: &str = "This is the last admin and stays one.";

/// The page of mails that developers see.
pub(crate) const DEV_MAIL: &str = "Mails";
/// When there is none.
pub(crate) const NO_MAIL: &str = "No mail yet";
/// What to do then.
pub(crate) const NO_MAIL_TEXT: &str = "Ask for a password reset and reload this page.";

/// The heading of one's own page.
pub(crate) fn hello(name: &str) -> String {
    format!("Hello, {name}")
}

/// What somebody is.
pub(crate) const fn role(role: Role) -> &'static str {
    match role {
        Role::User => "User",
        Role::Admin => "Admin",
    }
}

/// The first sentence above a new address.
pub(crate) fn change_email_lead(email: &str) -> String {
    format!("It is {email} now. We send a link to the new one; it counts once you open that.")
}

/// What a button does to whom, for those who cannot see the row.
pub(crate) fn change_role_of(label: &str, name: &str) -> String {
    format!("{label}: {name}")
}

/// Below a password to be.
pub(crate) fn password_hint(min_length: usize) -> String {
    format!("At least {min_length} characters. A few unrelated words are easy to remember.")
}

/// Why a password is not good enough, and what to do about it.
pub(crate) fn password_problem(problem: &PasswordProblem) -> String {
    match problem {
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
