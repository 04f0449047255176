//! The texts about passkeys.

use crate::texts::Passkeys;

pub(super) const TEXTS: Passkeys = Passkeys {
    log_in: "Log in with a passkey",
    use_one: "Use a passkey",
    not_yours: "That passkey didn’t work here. Use a passkey of this account.",
    step_lead: "Your password is right. Use a passkey of this account to finish logging in.",
    step_lead_or_code: "Your password is right. Use a passkey, or enter a code from your \
                        authentication app.",
    step_unsupported: "This browser can’t use passkeys here, or JavaScript is off. Use another way \
                       below, or log in on another device.",
    refused: "That passkey didn’t work. Try another one, or use your password.",
    expired: "This page was open for too long. Please try again.",
    title: "Passkeys",
    lead: "Log in with your fingerprint, your face or the PIN of your device, without a password.",
    synced: "Synced",
    one_device: "On one device",
    add: "Add a passkey",
    add_lead: "Your device asks for your fingerprint, your face or its PIN, and keeps the passkey.",
    create: "Create a passkey",
    back: "Back to your passkeys",
    unsupported: "This browser can’t use passkeys here, or JavaScript is off. Your password works \
                  as before.",
    new_refused: "Your device’s response wasn’t accepted. Please try again.",
    too_many: "You have 20 passkeys. Remove one before you add another.",
    last_way_in: "Your account has no password. Add another passkey, or set a password, before you \
                  remove this one.",
    remove_password: "Remove password",
    remove_password_lead: "You then log in with a passkey alone. Every other device is logged out. \
                           You can set a password again at any time.",
    keep_password: "Keep the password",
    password_needed: "Add another passkey that you can log in with, or get new recovery codes, \
                      before you remove your password.",
    password_removed: "Password removed. You log in with a passkey from now on.",
    set_password: "Set a password",
    no_password: "Your account has no password. You log in with a passkey.",
    added: "Passkey added.",
};
