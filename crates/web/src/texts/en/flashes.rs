//! The flashes: sentences about a completed action.

use crate::texts::Flashes;

pub(super) const TEXTS: Flashes = Flashes {
    signed_up: "Your account is ready. Log in with your new password, and confirm your address by \
                the mail that we have sent you.",
    logged_in: "You are logged in.",
    logged_out: "You are logged out.",
    reset_requested: "A mail is on its way to that address. It may take a minute; look into the \
                      spam folder too.",
    password_reset: "Your new password is set. Log in with it.",
    email_change_requested: "A mail is on its way to the new address. Open the link in it; until \
                             then nothing changes.",
    email_changed: "The new address is confirmed. Log in with it from now on.",
    email_change_undone: "Your address is back, and everybody is logged out. Look into your \
                          mailbox for the link to set a new password.",
    role_changed: "The role was changed.",
    address_confirmed: "Your address is confirmed.",
    address_corrected: "A mail is on its way to the other address.",
    proof_sent: "Another mail is on its way. The link and the code of the one before are void.",
    name_changed: "Your name is saved.",
    password_changed: "Your password is changed, and every other browser is logged out.",
    session_ended: "The session is ended.",
    other_sessions_ended: "You are logged in here and nowhere else.",
    taken_back: "Everybody is logged out, and the old password is worthless. A mail with a link to \
                 choose a new one is on its way.",
    deletion_requested: "You are logged out everywhere, and your account is going to be deleted. A \
                         mail says until when you can take it back.",
    deletion_cancelled: "Your account is kept.",
};
