//! What the pages say on which people take away what is held about them, or have it
//! deleted.

/// To the page of what is held about a person.
pub(crate) const SETTINGS_DATA: &str = "Data";

/// The page.
pub(crate) const DATA: &str = "Your data";
/// Its first part.
pub(crate) const EXPORT: &str = "Take it with you";
/// What it offers.
pub(crate) const EXPORT_LEAD: &str = "A file with everything that we hold about you: your profile, where you are logged in, what \
     happened to your account, and which mails went to you. Keep it where nobody else reads it.";
/// Its button.
pub(crate) const EXPORT_SUBMIT: &str = "Download your data";
/// The name that the file has when it is saved.
pub(crate) const EXPORT_FILE: &str = "latchkey-data.json";
/// Its second part.
pub(crate) const DELETE_ACCOUNT: &str = "Delete your account";
/// What it does.
pub(crate) const DELETE_ACCOUNT_LEAD: &str = "You are logged out everywhere at once. Some days later the account goes, with everything \
     about you; until then you can log in and take it back.";
/// Before the moment from which on an account is gone.
pub(crate) const DELETED_AFTER: &str = "Deleted after";
/// Its button.
pub(crate) const DELETE_ACCOUNT_SUBMIT: &str = "Delete my account";
/// Where the last admin wants to go.
pub(crate) const LAST_ADMIN_STAYS: &str = "You are the only administrator who can log in. Make somebody else one first, so that the \
     accounts are looked after.";
/// After asking for it.
pub(crate) const FLASH_DELETION_REQUESTED: &str = "You are logged out everywhere, and your account is going to be deleted. A mail says until \
     when you can take it back.";

/// The page of an account that waits to be deleted.
pub(crate) const ACCOUNT_DELETION: &str = "Your account is going to be deleted";
/// Its first sentence.
pub(crate) const ACCOUNT_DELETION_LEAD: &str = "You asked us to delete it, with everything about you. Until then you can take it back, and do \
     nothing else with it.";
/// Its button.
pub(crate) const KEEP_ACCOUNT: &str = "Keep my account";
/// After that.
pub(crate) const FLASH_DELETION_CANCELLED: &str = "Your account is kept.";
/// Beside a user in the list of users.
pub(crate) const TO_BE_DELETED: &str = "To be deleted";
