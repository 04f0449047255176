//! English: the mails about a reset of lost second factors.

use super::{
    FactorResetLink, FactorResetPending, FactorResetStopped,
    way_back_en::{if_not, knows_password},
};

pub(super) const FACTOR_RESET_LINK: FactorResetLink = FactorResetLink {
    subject: "Lost your second factor for {brand}?",
    opening: |within| {
        format!(
            "Someone entered the right password for your {{brand}} account and asked us to remove \
             two-factor authentication. If that was you, open the link below within {within}."
        )
    },
    wait: |wait| {
        format!("It starts a wait of {wait}. After that, you can log in with your password alone.")
    },
    action: "Remove two-factor authentication",
    ignore: "If this was not you, another person knows your password: log in and change it. \
             Without this link nothing happens to your second factor.",
};

pub(super) const FACTOR_RESET_PENDING: FactorResetPending = FactorResetPending {
    subject: "Two-factor authentication will be removed from your {brand} account",
    opening: |moment| {
        format!(
            "On {moment} we will remove all authentication apps, passkeys and recovery codes from \
             your {{brand}} account, and log out every device. From then on, you can log in with \
             your password alone."
        )
    },
    stop: "If you did not ask for this, another person has your password and reads your email. \
           Stop it here, then choose new passwords for both:",
    action: "Keep two-factor authentication",
    wanted: "If you asked for this, there is nothing to do. Logging in with a code, a passkey or a \
             recovery code also stops it.",
};

pub(super) const FACTOR_RESET_STOPPED: FactorResetStopped = FactorResetStopped {
    subject: "Two-factor authentication stays on for your {brand} account",
    opening: "The removal of two-factor authentication from your {brand} account was stopped. \
              Everything stays as it was.",
    way_back: knows_password,
};

pub(super) const FACTORS_RESET: FactorResetStopped = FactorResetStopped {
    subject: "Two-factor authentication was removed from your {brand} account",
    opening: "All authentication apps, passkeys and recovery codes were removed from your {brand} \
              account, and every device was logged out. Log in with your password, and set up a \
              second factor again in the settings:",
    way_back: |within| format!("If you did not ask for this, {}", if_not(within)),
};
