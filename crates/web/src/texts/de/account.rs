//! The texts of the ways into the account and out of it.

use crate::texts::Account;

pub(super) const TEXTS: Account = Account {
    profile_of: "Ihr Profil:",
    log_in: "Anmelden",
    log_out: "Abmelden",
    sign_up: "Registrieren",
    users: "Benutzer",
};
