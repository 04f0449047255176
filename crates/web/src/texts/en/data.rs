//! The texts about the export of personal data and the deletion of the account.

use crate::texts::Data;

pub(super) const TEXTS: Data = Data {
    title: "Your data",
    export: "Take it with you",
    export_lead: "A file with everything that we hold about you: your profile, where you are \
                  logged in, what happened to your account, and which mails went to you. Keep it \
                  where nobody else reads it.",
    export_submit: "Download your data",
    delete_account: "Delete your account",
    delete_account_lead: "You are logged out everywhere at once. Some days later the account goes, \
                          with everything about you; until then you can log in and take it back.",
    deleted_after: "Deleted after",
    delete_account_submit: "Delete my account",
    last_admin_stays: "You are the only administrator who can log in. Make somebody else one \
                       first, so that the accounts are looked after.",
    account_deletion: "Your account is going to be deleted",
    account_deletion_lead: "You asked us to delete it, with everything about you. Until then you \
                            can take it back, and do nothing else with it.",
    keep_account: "Keep my account",
    to_be_deleted: "To be deleted",
};
