//! The texts of the pages of the features.

/// The texts of the pages of the features.
#[derive(Debug)]
pub(crate) struct Pages {
    /// To the profile.
    pub(crate) to_profile: &'static str,
    /// The title of the profile.
    pub(crate) profile_title: &'static str,
    /// The heading of the profile, with the user's name.
    pub(crate) hello: fn(&str) -> String,
    /// Its first sentence.
    pub(crate) profile_lead: &'static str,
    /// The link behind a fact, to the page that changes it; the label of the fact follows, unseen.
    pub(crate) change: &'static str,
    /// The label of the day on which the account was created.
    pub(crate) joined: &'static str,
    /// Above what the owner has not done yet.
    pub(crate) left_to_do: &'static str,
    /// When that is nothing.
    pub(crate) nothing_left: &'static str,
    /// The task of an unconfirmed account.
    pub(crate) confirm_with_link: &'static str,
    /// The label of the role.
    pub(crate) role: &'static str,
    /// The role of a person with an account.
    pub(crate) role_user: &'static str,
    /// The role of a person who manages the accounts of others.
    pub(crate) role_admin: &'static str,
    /// Above the sign-up form.
    pub(crate) sign_up_lead: &'static str,
    /// In place of the sign-up form.
    pub(crate) sign_up_closed: &'static str,
    /// Below the sign-up form.
    pub(crate) have_account: &'static str,
    /// Below the log-in form.
    pub(crate) no_account_yet: &'static str,
    /// Above the form of the log-in page, where it leads on.
    pub(crate) log_in_to_go_on: &'static str,
    /// The page that asks where to send the link, and the link to it.
    pub(crate) forgot_password: &'static str,
    /// Its first sentence.
    pub(crate) forgot_password_lead: &'static str,
    /// Its button.
    pub(crate) send_reset_link: &'static str,
    /// The first sentence of the page that waits for the mail, with the address.
    pub(crate) reset_sent_lead: fn(&str) -> String,
    /// The way back from it.
    pub(crate) back_to_log_in: &'static str,
    /// The page that takes a new password.
    pub(crate) reset_password: &'static str,
    /// Its first sentence.
    pub(crate) reset_password_lead: &'static str,
    /// Its button.
    pub(crate) set_password: &'static str,
    /// On the page that turns a link down.
    pub(crate) ask_for_new_link: &'static str,
    /// The page that takes a new address.
    pub(crate) change_email: &'static str,
    /// Its first sentence, with the address that counts now.
    pub(crate) change_email_lead: fn(&str) -> String,
    /// Its button.
    pub(crate) send_link: &'static str,
    /// The page behind that link.
    pub(crate) confirm_email: &'static str,
    /// Its first sentence.
    pub(crate) confirm_email_lead: &'static str,
    /// Its button.
    pub(crate) confirm_email_submit: &'static str,
    /// The page behind the link in that notice.
    pub(crate) undo_email: &'static str,
    /// Its first sentence.
    pub(crate) undo_email_lead: &'static str,
    /// Its button.
    pub(crate) undo_email_submit: &'static str,
    /// In place of a link that confirms or undoes nothing.
    pub(crate) email_link_gone_lead: &'static str,
    /// The question for the password, before something sensitive.
    pub(crate) sudo: &'static str,
    /// Why it is asked.
    pub(crate) sudo_lead: &'static str,
    /// Why it is asked before the account is deleted.
    pub(crate) sudo_lead_deletion: &'static str,
    /// Why it is asked before the download of personal data.
    pub(crate) sudo_lead_export: &'static str,
    /// Why it is asked before the address is changed.
    pub(crate) sudo_lead_email: &'static str,
    /// Its button.
    pub(crate) sudo_submit: &'static str,
    /// In place of a form that does not wait here.
    pub(crate) form_gone: &'static str,
    /// The possible reasons.
    pub(crate) form_gone_lead: &'static str,
    /// The title of the page that offers to send a form again.
    pub(crate) resend_title: &'static str,
    /// Its button.
    pub(crate) send_again: &'static str,
    /// The page of a form that was sent while another user was logged in.
    pub(crate) other_user: &'static str,
    /// The logged-in user, by address, and that nothing was done.
    pub(crate) other_user_lead: fn(&str) -> String,
    /// Its button.
    pub(crate) switch_user: &'static str,
    /// The other way on from it.
    pub(crate) stay_logged_in: &'static str,
    /// The box above it.
    pub(crate) search_users: &'static str,
    /// When it is empty.
    pub(crate) no_users: &'static str,
    /// The next step.
    pub(crate) no_users_text: &'static str,
    /// Beside the button of the last admin.
    pub(crate) last_admin: &'static str,
    /// Beside the button for a user with an unconfirmed address.
    pub(crate) no_admin: &'static str,
    /// The mark of an unconfirmed address.
    pub(crate) unconfirmed: &'static str,
    /// The mark of a disabled account.
    pub(crate) disabled: &'static str,
    /// The page of mails that developers see.
    pub(crate) dev_mail: &'static str,
    /// When there is none.
    pub(crate) no_mail: &'static str,
    /// The next step.
    pub(crate) no_mail_text: &'static str,
}
