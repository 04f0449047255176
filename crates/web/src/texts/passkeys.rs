//! The texts about passkeys.

/// The texts of the buttons that ask for a passkey, and of the passkeys of an account.
#[derive(Debug)]
pub(crate) struct Passkeys {
    /// The button on the log-in page.
    pub(crate) log_in: &'static str,
    /// The button of the second step, and in place of the password.
    pub(crate) use_one: &'static str,
    /// Below it, after a wrong answer.
    pub(crate) not_yours: &'static str,
    /// The first sentence of the second step, for an account with a passkey.
    pub(crate) step_lead: &'static str,
    /// The same, for an account that has an authentication app, too.
    pub(crate) step_lead_or_code: &'static str,
    /// In place of the button, where the browser has no passkeys.
    pub(crate) step_unsupported: &'static str,
    /// Below the button on the log-in page, after an answer that opens no account.
    pub(crate) refused: &'static str,
    /// Below a button whose challenge is too old.
    pub(crate) expired: &'static str,
    /// The heading of the list.
    pub(crate) title: &'static str,
    /// Its first sentence.
    pub(crate) lead: &'static str,
    /// Of a passkey that its provider copies to other devices.
    pub(crate) synced: &'static str,
    /// Of a passkey that stays where it was made.
    pub(crate) one_device: &'static str,
    /// To the page that adds one, and its heading.
    pub(crate) add: &'static str,
    /// The first sentence of that page.
    pub(crate) add_lead: &'static str,
    /// Its button.
    pub(crate) create: &'static str,
    /// Back to the list.
    pub(crate) back: &'static str,
    /// In place of the button, where the browser has no passkeys.
    pub(crate) unsupported: &'static str,
    /// The answer for a new passkey is wrong.
    pub(crate) new_refused: &'static str,
    /// The account has as many as it may have.
    pub(crate) too_many: &'static str,
    /// The account has no password, and the passkey is needed.
    pub(crate) last_way_in: &'static str,
    /// To the page that removes the password, its heading and its button.
    pub(crate) remove_password: &'static str,
    /// What that does.
    pub(crate) remove_password_lead: &'static str,
    /// Back from there.
    pub(crate) keep_password: &'static str,
    /// The account could be lost without its password.
    pub(crate) password_needed: &'static str,
    /// After it was removed.
    pub(crate) password_removed: &'static str,
    /// The form of an account without a password: heading and button.
    pub(crate) set_password: &'static str,
    /// Its first sentence.
    pub(crate) no_password: &'static str,
    /// After one was added.
    pub(crate) added: &'static str,
}
