//! The texts about the export of personal data and the deletion of the account.

use crate::texts::Data;

pub(super) const TEXTS: Data = Data {
    title: "Your data",
    export: "Download your data",
    export_lead: "Get a file with everything we store about you: your profile, sessions, account \
                  activity and the emails we sent you. Keep it in a safe place.",
    export_submit: "Download your data",
    export_again: "Thank you. Press the button once more to start the download.",
    delete_account: "Delete your account",
    delete_account_lead: "We log you out everywhere at once, and delete your account and all its \
                          data a few days later. Until then you can log in and keep it.",
    deleted_after: "Will be deleted on",
    delete_account_submit: "Delete account",
    deletion: "Delete your account?",
    deletion_effects: [
        "You are logged out on every device at once.",
        "Your account and all its data are deleted on the date below. This can’t be undone.",
        "Until then you can log in and keep your account. We email you how.",
    ],
    deletion_back: "Keep my account",
    last_admin_stays: "You are the only administrator who can log in. Make another user an \
                       administrator first.",
    account_deletion: "Your account will be deleted",
    account_deletion_lead: "You asked us to delete your account and all its data. Until then you \
                            can still keep it. You can’t use it in the meantime.",
    keep_account: "Keep account",
    to_be_deleted: "To be deleted",
};
