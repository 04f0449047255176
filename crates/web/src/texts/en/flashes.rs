//! The flashes: sentences about a completed action.

use crate::texts::Flashes;

pub(super) const TEXTS: Flashes = Flashes {
    signed_up: "Account created. Log in, and confirm your address with the email we sent you.",
    account_created: "Welcome! Your account is ready.",
    logged_in: "You are logged in.",
    factors_kept: "You are logged in. Two-factor authentication stays on.",
    logged_out: "You are logged out.",
    reset_resent: "Email sent. The link in the email before it no longer works.",
    password_reset_factor: "Your new password is set. Log in with it and your second factor.",
    password_reset: "Your new password is set. Log in with it.",
    email_change_requested: "We sent an email to your new address. Open the link in it to make \
                             the change.",
    email_change_cancelled: "The change is cancelled. Your email address stays as it is.",
    email_changed: "Your new address is confirmed. Use it to log in from now on.",
    email_change_undone: "Your address is restored, and every device is logged out. Check your \
                          inbox for a link to set a new password.",
    address_confirmed: "Your address is confirmed.",
    address_corrected: "We sent an email to your other address.",
    proof_sent: "Email sent. The link and the code in the earlier email no longer work.",
    name_changed: "Name saved.",
    password_changed: "Password changed. Every other device is logged out.",
    session_ended: "The device is logged out.",
    other_sessions_ended: "All other devices are logged out.",
    taken_back: "Every device is logged out, and the old password no longer works. Check your \
                 inbox for a link to set a new one.",
    deletion_requested: "Your account will be deleted, and every device is logged out. The email \
                         we sent you says until when you can change your mind.",
    deletion_cancelled: "Your account will not be deleted.",
};
