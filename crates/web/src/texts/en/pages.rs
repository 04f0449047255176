//! The texts of the pages of the features.

use crate::texts::Pages;

pub(super) const TEXTS: Pages = Pages {
    to_profile: "Go to your profile",
    profile_title: "Profile",
    hello: |name| ["Hello, ", name].concat(),
    profile_lead: "This is your account. Nobody else can see this page.",
    role: "Role",
    role_user: "User",
    role_admin: "Admin",
    sign_up_lead: "One address, one name, one password.",
    sign_up_closed: "Sign-up is closed. Ask whoever runs this site for an account.",
    have_account: "Already have an account?",
    no_account_yet: "No account yet?",
    log_in_to_go_on: "Log in to go on to the page that you wanted.",
    forgot_password: "Forgot your password?",
    forgot_password_lead: "Tell us your address. We send you a link to set a new password.",
    send_reset_link: "Send the link",
    back_to_log_in: "Back to log in",
    reset_password: "Set a new password",
    reset_password_lead: "Afterwards you are logged out everywhere and log in with the new \
                          password.",
    set_password: "Set the password",
    ask_for_new_link: "Ask for a new link",
    change_email: "Change your address",
    change_email_lead: |email| {
        format!("It is {email} now. We send a link to the new one; it counts once you open that.")
    },
    send_link: "Send the link",
    confirm_email: "Confirm the new address",
    confirm_email_lead: "From then on the account that asked for it is opened with this address. \
                         The old one gets a notice. An account that somebody made with \
                         this address and never confirmed is removed.",
    confirm_email_submit: "Use this address",
    undo_email: "Take the change of address back",
    undo_email_lead: "Your account gets this address back, everybody is logged out, and no \
                      password opens it until you set a new one. We send you a link for that.",
    undo_email_submit: "Take my account back",
    email_link_gone_lead: "It was used already, it has expired, or a newer one has taken its \
                           place. If you have used it, there is nothing left to do.",
    sudo: "Confirm that it is you",
    sudo_lead: "This needs your password once more. What you were doing goes on right after it.",
    sudo_submit: "Confirm",
    form_gone: "There is no form waiting here",
    form_gone_lead: "It was sent already, it has waited for too long, or it is somebody else's. \
                     Nothing was done just now.",
    resend_title: "Please send that again",
    send_again: "Send again",
    other_user: "Another account is logged in",
    other_user_lead: |email| {
        format!(
            "In this browser you are logged in as {email}. The form that you sent was opened \
             before that, or for another account, so nothing was done."
        )
    },
    switch_user: "Log out and go on",
    stay_logged_in: "Stay logged in and go to the profile",
    user_columns: ["Name", "E-mail address", "Role"],
    search_users: "Search by name or address",
    no_users: "Nobody found",
    no_users_text: "Try a shorter part of the name or of the address.",
    change_role: "Change role",
    last_admin: "This is the last admin and stays one.",
    no_admin: "The address is not confirmed yet.",
    unconfirmed: "Unconfirmed",
    disabled: "Disabled",
    dev_mail: "Mails",
    no_mail: "No mail yet",
    no_mail_text: "Sign up, or ask for a password reset, and reload this page.",
};
