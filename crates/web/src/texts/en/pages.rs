//! The texts of the pages of the features.

use crate::texts::Pages;

pub(super) const TEXTS: Pages = Pages {
    to_profile: "Go to your profile",
    profile_title: "Profile",
    hello: |name| ["Hello, ", name].concat(),
    profile_lead: "This is your account. Only you can see this page.",
    change: "Change",
    joined: "Member since",
    left_to_do: "To do",
    nothing_left: "You’re all set. Your email address is confirmed.",
    confirm_with_link: "Confirm your email address with the link we emailed you.",
    role: "Role",
    role_user: "User",
    role_admin: "Admin",
    sign_up_lead: "All you need is an email address, a name and a password.",
    sign_up_closed: "This site is by invitation only. If you were invited, open the link in the \
                     email. If not, ask the people who run this site for an invitation.",
    have_account: "Already have an account?",
    no_account_yet: "No account yet?",
    log_in_to_go_on: "Log in to continue.",
    forgot_password: "Forgot your password?",
    forgot_password_lead: "Enter your address, and we will email you a link to set a new password.",
    send_reset_link: "Send link",
    reset_sent_lead: |email| {
        format!("We sent an email to {email}. Open the link in it to set a new password.")
    },
    back_to_log_in: "Back to log in",
    reset_password: "Set a new password",
    reset_password_lead: "This logs you out everywhere. Then log in with the new password.",
    set_password: "Set password",
    ask_for_new_link: "Get a new link",
    change_email: "Change your email address",
    change_email_lead: |email| {
        format!(
            "Your address is {email}. We will email a link to the new one. Your address changes \
             when you open the link."
        )
    },
    send_link: "Send link",
    confirm_email: "Confirm your new address",
    confirm_email_lead: "From now on you log in with this address. We will let you know at the \
                         old one. An unconfirmed account with this address will be removed.",
    confirm_email_submit: "Use this address",
    undo_email: "Undo this change",
    undo_email_lead: "Your account gets this address back, and every device is logged out. We \
                      will email you a link to set a new password.",
    undo_email_submit: "Undo this change",
    email_link_gone_lead: "It was already used, has expired, or was replaced by a newer one. If \
                           you used it yourself, there is nothing left to do.",
    sudo: "Enter your password",
    sudo_lead: "For your security, enter your password to continue.",
    sudo_lead_deletion: "Enter your password to delete your account.",
    sudo_lead_export: "Enter your password to download your data.",
    sudo_lead_email: "Enter your password to change your email address.",
    sudo_submit: "Continue",
    form_gone: "This form is no longer available",
    form_gone_lead: "It was already sent, has expired, or belongs to another account. Nothing was \
                     changed.",
    resend_title: "Please send this again",
    send_again: "Send again",
    other_user: "You are logged in to another account",
    other_user_lead: |email| {
        format!(
            "You are logged in as {email} in this browser. The form was opened before that, or \
             for another account, so nothing was changed."
        )
    },
    switch_user: "Log out and continue",
    stay_logged_in: "Stay logged in and go to your profile",
    search_users: "Search by name or address",
    no_users: "No users found",
    no_users_text: "Try a shorter part of the name or address.",
    last_admin: "This is the last admin and can’t be changed.",
    no_admin: "The address is not confirmed yet.",
    unconfirmed: "Unconfirmed",
    disabled: "Disabled",
    dev_mail: "Emails",
    no_mail: "No emails yet",
    no_mail_text: "Sign up or reset a password, then reload this page.",
};
