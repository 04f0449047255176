//! English: the notices about second factors.

use domain::FactorKind;

use super::FactorNotice;

pub(super) fn factor(kind: FactorKind, name: &str) -> String {
    match kind {
        FactorKind::AuthenticationApp => format!("the authentication app \"{name}\""),
        FactorKind::Passkey => format!("the passkey \"{name}\""),
    }
}

pub(super) const SECOND_FACTOR_ON: FactorNotice = FactorNotice {
    subject: "Two-factor authentication is on for your {brand} account",
    opening: "From now on, you log in to your {brand} account with your password and a second \
              factor, or with a passkey. Keep your recovery codes in a safe place. If this was \
              you, there is nothing to do.",
};

pub(super) const FACTOR_ADDED: FactorNotice = FactorNotice {
    subject: "A second factor was added to your {brand} account",
    opening: "You can now also use {it} to log in to your {brand} account. If this was you, \
              there is nothing to do.",
};

pub(super) const FACTOR_REMOVED: FactorNotice = FactorNotice {
    subject: "A second factor was removed from your {brand} account",
    opening: "You can no longer use {it} to log in to your {brand} account, and all other \
              devices were logged out. If this was you, there is nothing to do.",
};

pub(super) const SECOND_FACTOR_OFF: FactorNotice = FactorNotice {
    subject: "Two-factor authentication is off for your {brand} account",
    opening: "The last second factor of your {brand} account, {it}, was removed. From now on \
              your password is enough to log in. All other devices were logged out. If this was \
              you, there is nothing to do.",
};

pub(super) const RECOVERY_CODES_RENEWED: FactorNotice = FactorNotice {
    subject: "New recovery codes for your {brand} account",
    opening: "Your {brand} account has new recovery codes, and the old ones no longer work. If \
              this was you, there is nothing to do.",
};

pub(super) const RECOVERY_CODE_USED: FactorNotice = FactorNotice {
    subject: "A recovery code of your {brand} account was used",
    opening: "A recovery code was used in place of the second factor of your {brand} account. \
              Codes left: {it}. If this was you, there is nothing to do.",
};

pub(super) const WRONG_CODES: FactorNotice = FactorNotice {
    subject: "Wrong second factor for your {brand} account",
    opening: "The right password of your {brand} account was entered, followed by a wrong code \
              or passkey: {it}. No one was logged in. If this was you, there is nothing to do.",
};

/// The notice that the account has no password any longer.
pub(super) const PASSWORD_REMOVED: FactorNotice = FactorNotice {
    subject: "The password of your {brand} account was removed",
    opening: "Your {brand} account no longer has a password. You log in with a passkey. All \
              other devices were logged out. If this was you, there is nothing to do.",
};

/// The notice that a passkey seems to be copied.
pub(super) const PASSKEY_COPIED: FactorNotice = FactorNotice {
    subject: "A passkey of your {brand} account may have been copied",
    opening: "We rejected the passkey \"{it}\" of your {brand} account. Its use counter was \
              lower than at its last use, so someone may have a copy of it. Remove it in the \
              settings of your account, and add a new one.",
};
